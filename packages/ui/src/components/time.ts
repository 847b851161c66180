import { formatDate, formatDateTime, relativeTime } from '../format.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

/**
 * An instant as Swedish wall clock; the exact one (with seconds and offset) shows on hover.
 * `date` leaves the clock out; `relative` needs `now`, and is otherwise as `short`.
 */
export function time(
  instant: Date,
  lang: Language,
  options: { style?: 'short' | 'long' | 'exact' | 'date' | 'longDate' | 'relative'; now?: Date } = {},
): SafeHtml {
  const machine = instant.toISOString();
  const exact = formatDateTime(instant, lang, 'exact');
  return html`<time datetime="${machine}" title="${exact}">${words(instant, lang, options)}</time>`;
}

function words(instant: Date, lang: Language, options: { style?: string; now?: Date }): string {
  const { style = 'short', now } = options;
  if (style === 'relative' && now !== undefined) return relativeTime(instant, now, lang);
  if (style === 'date') return formatDate(instant, lang);
  if (style === 'longDate') return formatDate(instant, lang, 'long');
  return formatDateTime(instant, lang, style === 'long' || style === 'exact' ? style : 'short');
}
