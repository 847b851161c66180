import {
  type ChartColour,
  type ChartSeries,
  card,
  chartBars,
  chartCell,
  chartDays,
  chartLines,
  formatDateTime,
  formatNumber,
  html,
  type Language,
  type SafeHtml,
  stats,
} from '@brevduva/ui';
import type { AccountStatistics } from '../../accountStatistics.ts';
import type { AccountFigures, OperatorFigures } from '../../statistics/readAccounts.ts';
import type { ConsoleRequest } from '../shell.ts';
import { type Dataset, datasetTable } from './dataset.ts';
import { periodPoints, pointWords, type StatisticsView, statisticsHref, statisticsPage } from './statisticsFrame.ts';
import { statisticsTexts } from './texts.ts';

export interface AccountsFacts extends StatisticsView {
  readonly figures: AccountFigures;
  /** Counted a minute ago at most. */
  readonly now: AccountStatistics;
}

/** Lines beyond these would not be told apart; the smallest operators share one. */
const LINES_MAX = 5;

/** Mailboxes: now, over time, and how they have moved. */
export function accountsPage(request: ConsoleRequest, facts: AccountsFacts): string {
  const { lang } = request;
  const { figures, query } = facts;
  const texts = statisticsTexts(lang);
  const perOperator = operatorDataset(figures, lang);
  return statisticsPage(
    request,
    'accounts',
    facts,
    html`${tiles(facts, lang)}
${card({
  content: chartLines({
    lang,
    title: texts.accountsOverTime,
    points: chartDays(figures.days, lang),
    pointHeader: texts.day,
    series: operatorSeries(figures, lang),
    empty: texts.noAccounts,
    csvHref: statisticsHref('accounts', query, 'dagar'),
  }),
})}
${card({ content: movementChart(facts, lang) })}
${datasetTable(perOperator, lang, statisticsHref('accounts', query, 'operatorer'))}`,
  );
}

/** Mailboxes of each operator on each day. */
export function accountDaysDataset(
  { days, operators }: AccountFigures,
  lang: Language,
): Dataset<{ day: string; index: number }> {
  const texts = statisticsTexts(lang);
  return {
    title: texts.accountsOverTime,
    empty: texts.noAccounts,
    rows: days.map((day, index) => ({ day, index })),
    columns: [
      { header: texts.day, kind: 'text', value: ({ day }) => day, rowHeader: true },
      ...operators.map((operator) => ({
        header: nameOf(operator, lang),
        kind: 'count' as const,
        value: ({ index }: { index: number }) => operator.countedAt[index] ?? null,
      })),
    ],
  };
}

/** What was changed on each day, all operators together. */
export function movementsDataset(
  { period, movements }: AccountFigures,
  lang: Language,
): Dataset<{ at: string; index: number }> {
  const texts = statisticsTexts(lang);
  const count = (header: string, name: keyof AccountFigures['movements'][number]) => ({
    header,
    kind: 'count' as const,
    value: ({ index }: { index: number }) => movements[index]?.[name] ?? 0,
  });
  return {
    title: texts.movements,
    empty: texts.noMovements,
    rows: period.points.map((at, index) => ({ at, index })),
    columns: [
      { header: pointWords(period, lang).header, kind: 'text', value: ({ at }) => at, rowHeader: true },
      count(texts.registered, 'registered'),
      count(texts.moved, 'movedIn'),
      count(texts.deregistered, 'deregistered'),
    ],
  };
}

/** Each operator: how many it has, and what came and went in the period. */
export function operatorDataset({ operators }: AccountFigures, lang: Language): Dataset<OperatorFigures> {
  const texts = statisticsTexts(lang);
  const sizeOf = ({ latest }: OperatorFigures) => (latest === undefined ? 0 : latest.active + latest.pending);
  const total = operators.reduce((sum, each) => sum + sizeOf(each), 0);
  const largest = operators.reduce((max, each) => Math.max(max, sizeOf(each)), 0);
  const count = (header: string, value: (row: OperatorFigures) => number | null) => ({
    header,
    kind: 'count' as const,
    value,
  });
  return {
    title: texts.perOperator,
    empty: texts.noOperators,
    rows: operators,
    columns: [
      { header: texts.operator, kind: 'text', rowHeader: true, value: (row) => nameOf(row, lang) },
      {
        header: texts.share,
        kind: 'text',
        isPicture: true,
        value: () => null,
        cell: (row) => chartCell(largest === 0 ? 0 : sizeOf(row) / largest),
      },
      count(texts.active, ({ latest }) => latest?.active ?? null),
      count(texts.pending, ({ latest }) => latest?.pending ?? null),
      { header: texts.share, kind: 'share', value: (row) => (total === 0 ? null : sizeOf(row) / total) },
      count(texts.registered, ({ registered }) => registered),
      count(texts.movedIn, ({ movedIn }) => movedIn),
      count(texts.movedOut, ({ movedOut }) => movedOut),
      count(texts.deregistered, ({ deregistered }) => deregistered),
      {
        ...count(texts.net, netOf),
        cell: (row) => signed(netOf(row), lang),
      },
    ],
  };
}

function tiles({ figures, now }: AccountsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const pending = now.perOperator.reduce((sum, each) => sum + each.pending, 0);
  const sum = (name: 'registered' | 'movedIn' | 'deregistered') =>
    figures.movements.reduce((total, each) => total + each[name], 0);
  const moved = (label: string, value: number) => ({ label, value: formatNumber(value, lang), note: texts.inPeriod });
  return stats([
    {
      label: texts.now,
      value: formatNumber(now.total, lang),
      note:
        pending === 0
          ? texts.countedAt(formatDateTime(now.countedAt, lang))
          : texts.ofThemPending(formatNumber(pending, lang)),
    },
    moved(texts.registered, sum('registered')),
    moved(texts.moved, sum('movedIn')),
    moved(texts.deregistered, sum('deregistered')),
  ]);
}

function movementChart({ figures, query }: AccountsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const { movements } = figures;
  const hasAny = movements.some((each) => each.registered + each.movedIn + each.deregistered > 0);
  return chartBars({
    lang,
    title: texts.movements,
    unit: pointWords(figures.period, lang).unit,
    points: hasAny ? periodPoints(figures.period, lang) : [],
    pointHeader: pointWords(figures.period, lang).header,
    empty: texts.noMovements,
    csvHref: statisticsHref('accounts', query, 'rorelser'),
    // Below the line as what it is: fewer mailboxes. The table says the number without a sign.
    format: (value) => formatNumber(Math.abs(value), lang),
    series: [
      { name: texts.registered, values: movements.map((each) => each.registered), colour: 2 },
      { name: texts.moved, values: movements.map((each) => each.movedIn), colour: 5 },
      { name: texts.deregistered, values: movements.map((each) => -each.deregistered), colour: 4 },
    ],
  });
}

function operatorSeries({ days, operators }: AccountFigures, lang: Language): ChartSeries[] {
  const isTooMany = operators.length > LINES_MAX;
  const shown = isTooMany ? operators.slice(0, LINES_MAX - 1) : operators;
  const rest = operators.slice(shown.length);
  const lines = shown.map((each) => ({ name: nameOf(each, lang), values: each.countedAt }));
  if (!isTooMany) return lines;
  const values = days.map((_, index) => {
    const known = rest.map(({ countedAt }) => countedAt[index] ?? null).filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
  });
  return [...lines, { name: statisticsTexts(lang).others, values, colour: LINES_MAX as ChartColour }];
}

function nameOf({ operator }: OperatorFigures, lang: Language): string {
  return operator?.name ?? statisticsTexts(lang).withoutOperator;
}

function netOf({ registered, movedIn, movedOut, deregistered }: OperatorFigures): number {
  return registered + movedIn - movedOut - deregistered;
}

function signed(value: number, lang: Language): string {
  return value > 0 ? `+${formatNumber(value, lang)}` : formatNumber(value, lang);
}
