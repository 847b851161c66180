import {
  type ChartPoint,
  chartDays,
  chartHours,
  chartWeeks,
  filterForm,
  formatDateTime,
  href,
  html,
  type Language,
  pageHeading,
  type SafeHtml,
  select,
  tabs,
} from '@brevduva/ui';
import { PERIODS, type Period, type PeriodName } from '../../statistics/period.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { statisticsTexts } from './texts.ts';

/** The statistics' pages, in the order of their tabs. */
export const STATISTICS_PAGES = {
  accounts: CONSOLE_AREAS.statistics,
  calls: `${CONSOLE_AREAS.statistics}/anrop`,
  refusals: `${CONSOLE_AREAS.statistics}/avvisade`,
} as const;

export type StatisticsPage = keyof typeof STATISTICS_PAGES;

/** What the visitor has chosen. */
export interface StatisticsQuery {
  readonly period: PeriodName;
  readonly caller?: string | undefined;
  readonly operation?: string | undefined;
}

/** What can be chosen. */
export interface StatisticsChoices {
  readonly actors: readonly { readonly number: string; readonly name: string }[];
  readonly operations: readonly string[];
}

export interface StatisticsView {
  readonly query: StatisticsQuery;
  readonly choices: StatisticsChoices;
  /** Until when everything is counted; null before the first count. */
  readonly countedAt: Date | null;
}

/** Heading, tabs and filter around a page's charts and tables. */
export function statisticsPage(
  request: ConsoleRequest,
  which: StatisticsPage,
  { query, choices }: StatisticsView,
  content: SafeHtml,
): string {
  const { lang } = request;
  const texts = statisticsTexts(lang);
  return consolePage(request, {
    title: `${texts.title}: ${texts[which]}`,
    area: 'statistics',
    content: html`${pageHeading({ lang, title: texts.title, lead: texts[`${which}Lead`] })}
${tabs({
  label: texts.tabsLabel,
  items: (Object.keys(STATISTICS_PAGES) as StatisticsPage[]).map((page) => ({
    text: texts[page],
    href: statisticsHref(page, page === 'accounts' ? { period: daysOnly(query.period) } : query),
    current: page === which,
  })),
})}
${filterForm({
  lang,
  action: STATISTICS_PAGES[which],
  label: texts.filter,
  fields: which === 'accounts' ? [periodField(query, lang, DAY_PERIODS)] : callFields(query, choices, lang),
})}
${content}`,
  });
}

/** Where a page, or one of its tables as a file, is found with what is chosen. */
export function statisticsHref(
  page: StatisticsPage,
  { period, caller, operation }: StatisticsQuery,
  table?: string,
): string {
  const path = table === undefined ? STATISTICS_PAGES[page] : `${STATISTICS_PAGES[page]}/${table}.csv`;
  return href(path, { period, aktor: caller, operation });
}

export function periodPoints(period: Period, lang: Language): ChartPoint[] {
  if (period.grain === 'hour') return chartHours(period.hours, lang);
  return period.step === 'week' ? chartWeeks(period.points, lang) : chartDays(period.points, lang);
}

/** What a point of the period is called, and how often that makes a count: "Dag", "per dag". */
export function pointWords(period: Period, lang: Language): { header: string; unit: string } {
  const texts = statisticsTexts(lang);
  if (period.grain === 'hour') return { header: texts.hour, unit: texts.perHour };
  return period.step === 'week'
    ? { header: texts.week, unit: texts.perWeek }
    : { header: texts.day, unit: texts.perDay };
}

/** The points as a file names them. */
export function pointNames(period: Period): readonly string[] {
  return period.grain === 'day' ? period.points : period.hours.map((hour) => formatDateTime(hour, 'sv', 'exact'));
}

/** An operation as people read it; what could not be read has no name. */
export function operationName(operation: string, lang: Language): string {
  return operation === '' ? statisticsTexts(lang).unreadable : operation;
}

/** Periods of whole days, for what is counted once a day. */
export const DAY_PERIODS = PERIODS.filter((name) => name.endsWith('d') && name !== '7d').concat('12m');

export function daysOnly(period: PeriodName): PeriodName {
  return DAY_PERIODS.includes(period) ? period : '30d';
}

function callFields(query: StatisticsQuery, { actors, operations }: StatisticsChoices, lang: Language): SafeHtml[] {
  const texts = statisticsTexts(lang);
  return [
    periodField(query, lang, PERIODS),
    select({
      name: 'aktor',
      label: texts.actor,
      emptyText: texts.allActors,
      value: query.caller,
      choices: actors.map(({ number, name }) => ({ value: number, text: name })),
    }),
    select({
      name: 'operation',
      label: texts.operation,
      emptyText: texts.allOperations,
      value: query.operation,
      choices: operations.map((value) => ({ value, text: value })),
    }),
  ];
}

function periodField({ period }: StatisticsQuery, lang: Language, periods: readonly PeriodName[]): SafeHtml {
  const texts = statisticsTexts(lang);
  return select({
    name: 'period',
    label: texts.period,
    value: period,
    choices: periods.map((value) => ({ value, text: texts[`period_${value}`] })),
  });
}
