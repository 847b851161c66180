import { formatNumber } from '../format.ts';
import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import type { Language } from '../language.ts';
import type { Tone } from '../tone.ts';
import { uiTexts } from '../uiTexts.ts';

export interface Description {
  term: string;
  description: HtmlValue;
}

/** Terms with their values. `layout: 'rows'` puts them beside each other; `columns` packs short ones in columns. */
export function descriptionList(
  items: readonly Description[],
  options: { layout?: 'rows' | 'columns' } = {},
): SafeHtml {
  const rows = items.map((item) => html`<div><dt>${item.term}</dt><dd>${item.description}</dd></div>`);
  return html`<dl class="bd-descriptions" data-layout="${options.layout ?? 'rows'}">${rows}</dl>`;
}

export interface Stat {
  label: string;
  value: HtmlValue;
  note?: HtmlValue;
  tone?: Tone;
  /** The whole tile leads there. */
  href?: string;
}

/** One figure with its label. */
export function stat(options: Stat): SafeHtml {
  const note = options.note !== undefined && html`<span class="bd-stat__note">${options.note}</span>`;
  const inside = html`<span class="bd-stat__label">${options.label}</span><span
 class="bd-stat__value">${options.value}</span>${note}`;
  const tone = attributes({ 'data-color': options.tone ?? 'neutral' });
  return options.href === undefined
    ? html`<div class="bd-stat"${tone}>${inside}</div>`
    : html`<a class="bd-stat" href="${options.href}"${tone}>${inside}</a>`;
}

/** Figures beside each other. */
export function stats(items: readonly Stat[]): SafeHtml {
  return html`<div class="bd-stats">${items.map(stat)}</div>`;
}

/** What to say where there is nothing (yet), and what to do about it. */
export function emptyState(options: { title: string; text?: HtmlValue; icon?: IconName; action?: SafeHtml }): SafeHtml {
  return html`<div class="bd-empty"><span class="bd-empty__sign">${icon(options.icon ?? 'inbox')}</span><p
 class="bd-empty__title">${options.title}</p>${options.text !== undefined && html`<p>${options.text}</p>`}${options.action}</div>`;
}

/** Numbered pages. Renders nothing for a single page. */
export function pagination(options: {
  lang: Language;
  page: number;
  pageCount: number;
  href: (page: number) => string;
  /** Needed only when a page has two of them. */
  label?: string;
}): SafeHtml | '' {
  const { lang, page, pageCount } = options;
  if (pageCount <= 1) return '';
  const previous = page > 1 ? options.href(page - 1) : undefined;
  const next = page < pageCount ? options.href(page + 1) : undefined;
  const numbers = pagesShown(page, pageCount).map((shown) => pageNumber(shown, options));
  return pagerFrame(
    lang,
    { previous, next, label: options.label },
    html`<ul class="bd-pager__numbers">${numbers}</ul><span
 class="bd-pager__status">${uiTexts(lang).pageOf(page, pageCount)}</span>`,
  );
}

/** Back and forth only, for lists that are read by key and have no numbered pages. */
export function cursorPagination(options: {
  lang: Language;
  previousHref?: string | undefined;
  nextHref?: string | undefined;
  /** How many of how many are shown, when the total is known. */
  shown?: { count: number; total: number };
  /** Needed only when a page has two of them. */
  label?: string;
}): SafeHtml | '' {
  const { lang, shown, previousHref, nextHref } = options;
  if (previousHref === undefined && nextHref === undefined && shown === undefined) return '';
  const figures = shown && uiTexts(lang).hits(formatNumber(shown.count, lang), formatNumber(shown.total, lang));
  return pagerFrame(
    lang,
    { previous: previousHref, next: nextHref, label: options.label },
    html`<span class="bd-pager__status" data-always>${figures}</span>`,
  );
}

export interface FilterFormOptions {
  lang: Language;
  /** GET target. */
  action: string;
  label: string;
  fields: readonly SafeHtml[];
  /** Where the filter is empty; shown when something is filtered. */
  resetHref?: string | undefined;
  submitText?: string;
  /** A change of a list or date submits at once where script runs. */
  autoSubmit?: boolean;
}

/** Search fields in a row above a list. */
export function filterForm(options: FilterFormOptions): SafeHtml {
  const text = uiTexts(options.lang);
  const auto = attributes({ 'data-auto-submit': options.autoSubmit ?? true });
  const reset =
    options.resetHref !== undefined && html`<a class="bd-link" href="${options.resetHref}">${text.resetFilter}</a>`;
  return html`<form class="bd-filter" method="get" action="${options.action}" role="search" aria-label="${options.label}"${auto}>
${options.fields}
<div class="bd-filter__buttons"><button class="ds-button" data-variant="secondary" type="submit">${icon('search')}<span>${
    options.submitText ?? text.showResults
  }</span></button>${reset}</div>
</form>`;
}

const PAGES_AROUND_CURRENT = 1;

/** First, last and those around the current page; 0 stands for a gap. */
function pagesShown(page: number, pageCount: number): number[] {
  const all = Array.from({ length: pageCount }, (_, index) => index + 1);
  const kept = all.filter((n) => n === 1 || n === pageCount || Math.abs(n - page) <= PAGES_AROUND_CURRENT);
  return kept.flatMap((n, index) => (index > 0 && n - (kept[index - 1] ?? n) > 1 ? [0, n] : [n]));
}

function pageNumber(
  shown: number,
  options: { lang: Language; page: number; href: (page: number) => string },
): SafeHtml {
  if (shown === 0) return html`<li aria-hidden="true">…</li>`;
  const marks = attributes({
    'aria-label': uiTexts(options.lang).page(shown),
    'aria-current': shown === options.page ? 'page' : undefined,
  });
  return html`<li><a href="${options.href(shown)}"${marks}>${shown}</a></li>`;
}

function pagerFrame(
  lang: Language,
  links: { previous: string | undefined; next: string | undefined; label: string | undefined },
  middle: SafeHtml,
): SafeHtml {
  const text = uiTexts(lang);
  const previous =
    links.previous !== undefined &&
    html`<a class="bd-pager__step" rel="prev" href="${links.previous}">${icon('chevronLeft')}${text.previous}</a>`;
  const next =
    links.next !== undefined &&
    html`<a class="bd-pager__step" rel="next" href="${links.next}">${text.next}${icon('chevronRight')}</a>`;
  return html`<nav class="bd-pager" aria-label="${links.label ?? text.pages}">${previous}${middle}${next}</nav>`;
}
