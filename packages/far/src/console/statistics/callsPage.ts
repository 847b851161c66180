import {
  type ChartSeries,
  chartBars,
  chartGrid,
  chartLines,
  formatDateTime,
  formatNumber,
  formatPercent,
  html,
  type Language,
  type SafeHtml,
  stats,
} from '@brevduva/ui';
import type { CallFigures, CallStatistics } from '../../statistics/readCalls.ts';
import type { ConsoleRequest } from '../shell.ts';
import { actorColumn, operationCell, shareColumn } from './columns.ts';
import { type DataColumn, type Dataset, datasetTable, written } from './dataset.ts';
import {
  operationName,
  periodPoints,
  pointNames,
  pointWords,
  type StatisticsView,
  statisticsHref,
  statisticsPage,
} from './statisticsFrame.ts';
import { statisticsTexts } from './texts.ts';

export interface CallsFacts extends StatisticsView {
  readonly calls: CallStatistics;
}

const LOOKUPS = ['isReachable', 'isRegistered'];
const CHANGES = ['register', 'deregister', 'changeServiceSupplier', 'storeAccountPreferences'];
/** More refusals than these deserve a look. */
const REFUSED_SHARE_HIGH = 0.05;

/** Calls: how many, about how many recipients, how fast, and by whom. */
export function callsPage(request: ConsoleRequest, facts: CallsFacts): string {
  const { lang } = request;
  const { calls, query } = facts;
  return statisticsPage(
    request,
    'calls',
    facts,
    html`${tiles(facts, lang)}
${chartGrid([idsChart(facts, lang), callsChart(facts, lang), durationChart(facts, lang), shareChart(facts, lang)])}
${datasetTable(callersDataset(calls, lang), lang, statisticsHref('calls', query, 'aktorer'))}
${datasetTable(operationsDataset(calls, lang), lang, statisticsHref('calls', query, 'operationer'))}
<p class="bd-hint">${statisticsTexts(lang).durationNote}</p>`,
  );
}

/** Every hour or day of the period. */
export function callTimesDataset(
  { period, points }: CallStatistics,
  lang: Language,
): Dataset<CallFigures & { at: string }> {
  const texts = statisticsTexts(lang);
  const at = pointNames(period);
  return {
    title: texts.calls,
    empty: texts.noCalls,
    rows: points.map((figures, index) => ({ ...figures, at: at[index] ?? '' })),
    columns: [
      { header: pointWords(period, lang).header, kind: 'text', value: (row) => row.at, rowHeader: true },
      ...figureColumns(lang),
    ],
  };
}

export function callersDataset(
  { callers }: CallStatistics,
  lang: Language,
): Dataset<CallStatistics['callers'][number]> {
  const texts = statisticsTexts(lang);
  const largest = callers[0]?.calls ?? 0;
  return {
    title: texts.perActor,
    empty: texts.noCalls,
    rows: callers,
    columns: [actorColumn(lang), shareColumn(lang, { of: (row) => row.calls, largest }), ...figureColumns(lang)],
  };
}

export function operationsDataset(
  { operations }: CallStatistics,
  lang: Language,
): Dataset<CallStatistics['operations'][number]> {
  const texts = statisticsTexts(lang);
  const largest = operations[0]?.calls ?? 0;
  return {
    title: texts.perOperation,
    empty: texts.noCalls,
    rows: operations,
    columns: [
      {
        header: texts.operation,
        kind: 'text',
        rowHeader: true,
        value: (row) => operationName(row.operation, lang),
        cell: (row) => operationCell(row, lang),
      },
      shareColumn(lang, { of: (row) => row.calls, largest }),
      ...figureColumns(lang),
    ],
  };
}

function figureColumns(lang: Language): DataColumn<CallFigures>[] {
  const texts = statisticsTexts(lang);
  return [
    { header: texts.callCount, kind: 'count', value: (row) => row.calls },
    { header: texts.ids, kind: 'count', value: (row) => row.ids },
    { header: texts.refusedShare, kind: 'share', value: (row) => (row.calls === 0 ? null : row.refused / row.calls) },
    { header: texts.median, kind: 'ms', value: (row) => row.median ?? null },
    { header: texts.p95, kind: 'ms', value: (row) => row.p95 ?? null },
  ];
}

function tiles({ calls: { total }, countedAt }: CallsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const share = total.calls === 0 ? 0 : total.refused / total.calls;
  const idsPerCall = total.calls === 0 ? 0 : total.ids / total.calls;
  return stats([
    {
      label: texts.callCount,
      value: formatNumber(total.calls, lang),
      note: countedAt === null ? texts.notCounted : texts.countedAt(formatDateTime(countedAt, lang)),
    },
    {
      label: texts.ids,
      value: formatNumber(total.ids, lang),
      note: `${formatNumber(idsPerCall, lang, 1)} ${texts.idsPerCall.toLowerCase()}`,
    },
    {
      label: texts.p95,
      value: written(total.p95 ?? null, 'ms', lang),
      note: `${texts.median} ${written(total.median ?? null, 'ms', lang)}`,
    },
    {
      label: texts.refusedShare,
      value: formatPercent(share, lang, 1),
      note: formatNumber(total.refused, lang),
      href: statisticsHref('refusals', { period: '30d' }),
      ...(share > REFUSED_SHARE_HIGH && { tone: 'warning' as const }),
    },
  ]);
}

function frame({ calls: { period, total }, query }: CallsFacts, lang: Language, title: string) {
  const texts = statisticsTexts(lang);
  return {
    ...{ lang, title },
    points: total.calls === 0 ? [] : periodPoints(period, lang),
    pointHeader: pointWords(period, lang).header,
    csvHref: statisticsHref('calls', query, 'tid'),
    empty: texts.noCalls,
  };
}

function idsChart(facts: CallsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const shown = facts.calls.operations.filter(({ operation }) => LOOKUPS.includes(operation));
  const series = [...shown].sort((a, b) => a.operation.localeCompare(b.operation));
  return chartBars({
    ...frame(facts, lang, texts.idsOverTime),
    unit: pointWords(facts.calls.period, lang).unit,
    ...(series.every(({ ids }) => ids === 0) && { points: [], empty: texts.noIds }),
    series: series.map(({ operation, idsAt }, index) => ({
      name: operation,
      values: idsAt,
      colour: index === 0 ? 1 : 2,
    })),
  });
}

function callsChart(facts: CallsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const groups = [
    { name: texts.group_lookups, belongs: (operation: string) => LOOKUPS.includes(operation), colour: 1 },
    { name: texts.group_changes, belongs: (operation: string) => CHANGES.includes(operation), colour: 3 },
    {
      name: texts.group_other,
      belongs: (operation: string) => ![...LOOKUPS, ...CHANGES].includes(operation),
      colour: 5,
    },
  ] as const;
  const series: ChartSeries[] = groups.map(({ name, belongs, colour }) => {
    const own = facts.calls.operations.filter(({ operation }) => belongs(operation));
    const values = facts.calls.points.map((_, index) =>
      own.reduce((sum, { callsAt }) => sum + (callsAt[index] ?? 0), 0),
    );
    return { name, values, colour };
  });
  return chartBars({
    ...frame(facts, lang, texts.callsOverTime),
    unit: pointWords(facts.calls.period, lang).unit,
    series: series.filter(({ values }) => values.some((value) => value !== 0)),
  });
}

function durationChart(facts: CallsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const { points } = facts.calls;
  return chartLines({
    ...frame(facts, lang, texts.durations),
    unit: 'ms',
    whole: false,
    format: (value) => written(value, 'ms', lang),
    series: [
      { name: texts.median, values: points.map(({ median }) => median ?? null) },
      { name: texts.p95, values: points.map(({ p95 }) => p95 ?? null) },
    ],
  });
}

function shareChart(facts: CallsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  return chartLines({
    ...frame(facts, lang, texts.refusals),
    unit: '%',
    whole: false,
    format: (value) => formatPercent(value / 100, lang, 1),
    series: [
      {
        name: texts.refusedShare,
        values: facts.calls.points.map(({ calls, refused }) => (calls === 0 ? null : (refused / calls) * 100)),
        colour: 4,
      },
    ],
  });
}
