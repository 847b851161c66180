import { formatNumber, formatPercent } from '../format.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

export interface SharePart {
  label: string;
  count: number;
  /** Which of the five colours and patterns; each part its own. */
  series: 1 | 2 | 3 | 4 | 5;
}

/** How a whole divides (letters per channel): a bar for the eye and the same figures as a list. */
export function shareBar(options: { lang: Language; label: string; parts: readonly SharePart[] }): SafeHtml {
  const { lang, parts } = options;
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const shareOf = (part: SharePart) => (total === 0 ? 0 : part.count / total);
  const legend = parts.map(
    (part) => html`<li><span class="bd-share__key" data-series="${part.series}" aria-hidden="true"></span><span
 class="bd-share__label">${part.label}</span> <span class="bd-share__count">${formatNumber(part.count, lang)}</span> <span
 class="bd-share__percent">${formatPercent(shareOf(part), lang, 1)}</span></li>`,
  );
  return html`<figure class="bd-share"><figcaption class="bd-share__title">${options.label}</figcaption>${bar(parts, shareOf)}<ul
 class="bd-share__legend">${legend}</ul></figure>`;
}

const BAR_UNITS = 1000;
const GAP_UNITS = 3;

// Drawn with SVG attributes, since the content security policy allows no style attribute for the widths.
function bar(parts: readonly SharePart[], shareOf: (part: SharePart) => number): SafeHtml {
  let x = 0;
  const rectangles = parts.map((part) => {
    const width = shareOf(part) * BAR_UNITS;
    const rectangle = html`<rect data-series="${part.series}" x="${x.toFixed(1)}" y="0" width="${Math.max(width - GAP_UNITS, part.count > 0 ? GAP_UNITS : 0).toFixed(1)}" height="20"/>`;
    x += width;
    return rectangle;
  });
  return html`<svg class="bd-share__bar" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">${rectangles}</svg>`;
}
