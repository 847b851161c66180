import { type HtmlValue, html, type SafeHtml } from '../html.ts';
import { card } from './layout.ts';

/** Charts beside each other, each on a paper of its own and wide enough to be read; two in a row on a desk. */
export function chartGrid(charts: readonly HtmlValue[]): SafeHtml {
  return html`<div class="bd-chart-grid">${charts.map((content) => card({ content }))}</div>`;
}
