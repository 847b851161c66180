import {
  chartCsvLink,
  emptyState,
  formatNumber,
  formatPercent,
  type HtmlValue,
  html,
  type Language,
  type SafeHtml,
  table,
} from '@brevduva/ui';
import { type CsvValue, csv } from '../csv.ts';
import { statisticsTexts } from './texts.ts';

/** A table that is shown on a page and fetched as a file: the columns are written once. */
export interface Dataset<Row> {
  readonly title: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly empty: string;
}

export interface DataColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => CsvValue;
  /** How the value is written on the page: `count` 12 345, `share` 3,2 % of 0.032, `ms` 4,5 ms. */
  readonly kind: 'text' | 'count' | 'share' | 'ms';
  /** In place of the written value, on the page. */
  readonly cell?: (row: Row) => HtmlValue;
  readonly rowHeader?: boolean;
  readonly nowrap?: boolean;
  /** For the eye only: not in the file. */
  readonly isPicture?: boolean;
}

/** More rows than these are for a file, not for a page. */
const ROWS_SHOWN_MAX = 15;

export function datasetTable<Row>(dataset: Dataset<Row>, lang: Language, csvHref: string): SafeHtml {
  const { title, empty } = dataset;
  const rows = dataset.rows.slice(0, ROWS_SHOWN_MAX);
  const all = dataset.rows.length;
  const shown = table({
    caption: title,
    rows,
    empty: emptyState({ title: empty }),
    columns: dataset.columns.map(
      ({ header, value, kind, cell, rowHeader = false, nowrap = false, isPicture = false }) => ({
        ...{ header, rowHeader, nowrap, headerHidden: isPicture },
        align: kind === 'text' ? ('start' as const) : ('end' as const),
        cell: (row: Row) => cell?.(row) ?? written(value(row), kind, lang),
      }),
    ),
  });
  if (all === 0) return shown;
  const words = statisticsTexts(lang).shownOf(formatNumber(rows.length, lang), formatNumber(all, lang));
  const note = all > rows.length && html`<span class="bd-muted">${words}</span>`;
  return html`<div class="bd-stack">${shown}<div class="bd-button-row">${chartCsvLink(csvHref, { lang, title })}${note}</div></div>`;
}

export function datasetCsv<Row>({ columns, rows }: Dataset<Row>): string {
  const kept = columns.filter(({ isPicture }) => isPicture !== true);
  return csv(
    kept.map(({ header }) => header),
    rows.map((row) => kept.map(({ value }) => value(row))),
  );
}

export function written(value: CsvValue, kind: DataColumn<unknown>['kind'], lang: Language): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (kind === 'share') return formatPercent(value, lang, 1);
  if (kind === 'ms') return `${formatNumber(value, lang, value < 10 ? 1 : 0)}\u00a0ms`;
  return formatNumber(value, lang);
}
