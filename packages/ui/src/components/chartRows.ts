import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import type { ChartColour } from './chartFrame.ts';

/**
 * A bar for a table's cell: how large a share of the largest row this one is. The figure itself stands in a cell beside
 * it, so the bar is for the eye only.
 */
export function chartCell(share: number, colour: ChartColour = 1): SafeHtml {
  const width = Number.isFinite(share) ? Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10 : 0;
  return html`<svg class="bd-chart-cell" width="100%" height="10" aria-hidden="true" focusable="false"><rect class="bd-chart-cell__track" width="100%" height="10" rx="2"/><rect class="bd-chart__bar" data-series="${colour}" width="${width}%" height="10" rx="2"/></svg>`;
}

export interface ChartRow {
  label: HtmlValue;
  value: number;
  /** As it is to be read: "12 345", "3,2 %". */
  text: string;
  colour?: ChartColour;
}

/** Lying bars, the largest first as given: names, bars and figures in three columns. It can be read as the list it is. */
export function chartRows(options: {
  title: string;
  unit?: string;
  rows: readonly ChartRow[];
  empty: string;
}): SafeHtml {
  const { title, unit, rows, empty } = options;
  const largest = rows.reduce((max, row) => Math.max(max, row.value), 0);
  const items = rows.map(
    (
      row,
    ) => html`<li><span class="bd-chart-rows__label">${row.label}</span><span class="bd-chart-rows__bar"${attributes({ 'aria-hidden': 'true' })}>${chartCell(largest === 0 ? 0 : row.value / largest, row.colour)}</span><span
 class="bd-chart-rows__value">${row.text}</span></li>`,
  );
  const caption = html`<figcaption class="bd-chart__title">${title}${
    unit !== undefined && html` <span class="bd-chart__unit">${unit}</span>`
  }</figcaption>`;
  return html`<figure class="bd-chart">${caption}${
    rows.length === 0 ? html`<p class="bd-chart__empty">${empty}</p>` : html`<ol class="bd-chart-rows">${items}</ol>`
  }</figure>`;
}
