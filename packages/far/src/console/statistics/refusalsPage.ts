import {
  type ChartColour,
  type ChartSeries,
  card,
  chartBars,
  formatNumber,
  formatPercent,
  html,
  type Language,
  type SafeHtml,
  section,
  stats,
  table,
  time,
} from '@brevduva/ui';
import { faultAdvice } from '../../conformance/faultAdvice.ts';
import type { CallerRefusals } from '../../sql/statistics.ts';
import type { RefusalStatistics } from '../../statistics/readRefusals.ts';
import type { ConsoleRequest } from '../shell.ts';
import { actorColumn, callerLink, operationCell, shareColumn } from './columns.ts';
import { type Dataset, datasetTable } from './dataset.ts';
import {
  periodPoints,
  pointNames,
  pointWords,
  type StatisticsView,
  statisticsHref,
  statisticsPage,
} from './statisticsFrame.ts';
import { statisticsTexts } from './texts.ts';

export interface RefusalsFacts extends StatisticsView {
  readonly refusals: RefusalStatistics;
  /** Names of organisations by number. */
  readonly names: ReadonlyMap<string, string>;
}

/** Codes beyond these share one colour. */
const CODES_SHOWN_MAX = 5;
const REFUSED_COLOUR: ChartColour = 4;
const COLOURS: readonly ChartColour[] = [REFUSED_COLOUR, 3, 1, 2, 5];

/** Refusals: by code over time, by whom, and the latest line by line. */
export function refusalsPage(request: ConsoleRequest, facts: RefusalsFacts): string {
  const { lang } = request;
  const { refusals, query } = facts;
  return statisticsPage(
    request,
    'refusals',
    facts,
    html`${tiles(facts, lang)}
${card({ content: codeChart(facts, lang) })}
${
  refusals.refused > 0 &&
  html`${datasetTable(codesDataset(refusals, lang), lang, statisticsHref('refusals', query, 'koder'))}
${datasetTable(refusedCallersDataset(refusals, lang), lang, statisticsHref('refusals', query, 'aktorer'))}`
}
${latestSection(facts, lang)}`,
  );
}

export function codesDataset(
  { codes, refused }: RefusalStatistics,
  lang: Language,
): Dataset<RefusalStatistics['codes'][number]> {
  const texts = statisticsTexts(lang);
  const largest = codes[0]?.calls ?? 0;
  return {
    title: texts.perCode,
    empty: texts.noRefusals,
    rows: codes,
    columns: [
      {
        header: texts.code,
        kind: 'text',
        rowHeader: true,
        value: ({ errorCode }) => errorCode,
        cell: ({ errorCode }) => errorCode,
      },
      { header: texts.meaning, kind: 'text', value: ({ errorCode }) => faultAdvice(errorCode, lang).name },
      shareColumn(lang, { of: ({ calls }) => calls, largest, colour: REFUSED_COLOUR }),
      { header: texts.callCount, kind: 'count', value: ({ calls }) => calls },
      { header: texts.share, kind: 'share', value: ({ calls }) => calls / refused },
      { header: texts.actorCount, kind: 'count', value: ({ callers }) => callers },
    ],
  };
}

/** Who is refused with what: the most usual codes each in a column. */
export function refusedCallersDataset({ codes, callers }: RefusalStatistics, lang: Language): Dataset<RefusedCaller> {
  const texts = statisticsTexts(lang);
  const rows = refusedCallers(callers);
  const largest = rows[0]?.total ?? 0;
  const count = (header: string, value: (row: RefusedCaller) => number) => ({ header, kind: 'count' as const, value });
  const shown = codes.slice(0, CODES_SHOWN_MAX).map(({ errorCode }) => errorCode);
  const others = (row: RefusedCaller) => shown.reduce((rest, code) => rest - (row.byCode.get(code) ?? 0), row.total);
  return {
    title: texts.refusedPerActor,
    empty: texts.noRefusals,
    rows,
    columns: [
      actorColumn(lang),
      shareColumn(lang, { of: ({ total }) => total, largest, colour: REFUSED_COLOUR }),
      count(texts.refusedTotal, ({ total }) => total),
      ...shown.map((code) => count(String(code), ({ byCode }) => byCode.get(code) ?? 0)),
      ...(codes.length > shown.length ? [count(texts.others, others)] : []),
    ],
  };
}

interface RefusedCaller {
  caller: string;
  name: string | null;
  total: number;
  byCode: Map<number, number>;
}

function refusedCallers(rows: readonly CallerRefusals[]): RefusedCaller[] {
  const found = new Map<string, RefusedCaller>();
  for (const { caller, name, errorCode, calls } of rows) {
    const one = found.get(caller) ?? { caller, name, total: 0, byCode: new Map() };
    one.total += calls;
    one.byCode.set(errorCode, calls);
    found.set(caller, one);
  }
  return [...found.values()].sort((a, b) => b.total - a.total);
}

/** Each code at each hour or day. */
export function refusalTimesDataset(
  { period, codes }: RefusalStatistics,
  lang: Language,
): Dataset<{ at: string; index: number }> {
  const texts = statisticsTexts(lang);
  const at = pointNames(period);
  return {
    title: texts.refusalsOverTime,
    empty: texts.noRefusals,
    rows: at.map((each, index) => ({ at: each, index })),
    columns: [
      { header: pointWords(period, lang).header, kind: 'text', value: (row) => row.at, rowHeader: true },
      ...codes.map(({ errorCode, callsAt }) => ({
        header: String(errorCode),
        kind: 'count' as const,
        value: ({ index }: { index: number }) => callsAt[index] ?? 0,
      })),
    ],
  };
}

function tiles({ refusals }: RefusalsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const { calls, refused, codes, callers } = refusals;
  const [most] = codes;
  return stats([
    { label: texts.refusedCount, value: formatNumber(refused, lang) },
    { label: texts.shareOfCalls, value: formatPercent(calls === 0 ? 0 : refused / calls, lang, 1) },
    {
      label: texts.mostUsual,
      value: most === undefined ? '–' : String(most.errorCode),
      ...(most !== undefined && { note: faultAdvice(most.errorCode, lang).name }),
    },
    { label: texts.actorsRefused, value: formatNumber(new Set(callers.map(({ caller }) => caller)).size, lang) },
  ]);
}

function codeChart({ refusals, query }: RefusalsFacts, lang: Language): SafeHtml {
  const texts = statisticsTexts(lang);
  const { period, refused } = refusals;
  return chartBars({
    lang,
    title: texts.refusalsOverTime,
    unit: pointWords(period, lang).unit,
    points: refused === 0 ? [] : periodPoints(period, lang),
    pointHeader: pointWords(period, lang).header,
    series: codeSeries(refusals, lang),
    empty: texts.noRefusals,
    csvHref: statisticsHref('refusals', query, 'tid'),
  });
}

function codeSeries({ codes }: RefusalStatistics, lang: Language): ChartSeries[] {
  const isTooMany = codes.length > CODES_SHOWN_MAX;
  const shown = isTooMany ? codes.slice(0, CODES_SHOWN_MAX - 1) : codes;
  const rest = codes.slice(shown.length);
  const named = shown.map(({ errorCode, callsAt }) => ({
    name: `${errorCode} ${faultAdvice(errorCode, lang).name}`,
    values: callsAt,
  }));
  const others = { name: statisticsTexts(lang).others, values: sumAt(rest.map(({ callsAt }) => callsAt)) };
  return (isTooMany ? [...named, others] : named).map((series, index) => ({ ...series, colour: COLOURS[index] ?? 5 }));
}

function sumAt(lists: readonly (readonly number[])[]): number[] {
  return (lists[0] ?? []).map((_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0), 0));
}

function latestSection({ refusals, names }: RefusalsFacts, lang: Language): SafeHtml | '' {
  const texts = statisticsTexts(lang);
  if (refusals.latest.length === 0) return '';
  return section({
    title: texts.latest,
    content: html`<p class="bd-muted">${texts.latestNote}</p>${table({
      caption: texts.latest,
      captionHidden: true,
      rows: refusals.latest,
      columns: [
        {
          header: texts.time,
          nowrap: true,
          rowHeader: true,
          cell: (row) => time(row.receivedAt, lang, { style: 'exact' }),
        },
        {
          header: texts.actor,
          cell: ({ caller }) => callerLink({ caller: caller ?? '0', name: names.get(caller ?? '') ?? null }, lang),
        },
        { header: texts.operation, cell: (row) => operationCell(row, lang) },
        { header: texts.code, align: 'end', cell: ({ errorCode }) => errorCode },
        { header: texts.meaning, cell: ({ errorCode }) => faultAdvice(errorCode, lang).name },
        { header: 'CallId', nowrap: true, cell: ({ callId }) => html`<code>${callId}</code>` },
      ],
    })}`,
  });
}
