import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';

export interface PageHeadingOptions {
  lang: Language;
  title: string;
  /** One or two sentences below the title. */
  lead?: HtmlValue;
  /** A badge beside the title. */
  status?: SafeHtml | undefined;
  /** Buttons to the right, below on a phone. */
  actions?: readonly HtmlValue[];
  /** The pages above this one, outermost first. */
  breadcrumbs?: readonly { text: string; href: string }[];
}

/** The page's only h1 with what belongs to it. */
export function pageHeading(options: PageHeadingOptions): SafeHtml {
  const { lang, title, lead, status, actions = [], breadcrumbs = [] } = options;
  return html`<div class="bd-page-heading">
${breadcrumbs.length > 0 && breadcrumbList(breadcrumbs, lang)}
<div class="bd-page-heading__row"><h1 class="bd-title">${title}</h1>${status}${
    actions.length > 0 && html`<div class="bd-page-heading__actions">${actions}</div>`
  }</div>
${lead !== undefined && html`<p class="bd-lead">${lead}</p>`}
</div>`;
}

/** A part of the page with its own h2, without a frame. */
export function section(options: { title: string; content: HtmlValue; actions?: HtmlValue; id?: string }): SafeHtml {
  const { id } = options;
  return html`<section class="bd-section"${attributes({ id })}>
<div class="bd-section__head"><h2 class="bd-subtitle">${options.title}</h2>${options.actions}</div>
${options.content}
</section>`;
}

export interface CardOptions {
  title?: string;
  /** 2 unless the card stands inside a section. */
  headingLevel?: 2 | 3;
  content: HtmlValue;
  /** Right of the title: a badge, a link. */
  aside?: HtmlValue;
  footer?: HtmlValue;
}

/** White paper with a frame. */
export function card(options: CardOptions): SafeHtml {
  const heading = options.title !== undefined && cardHeading(options.title, options.headingLevel ?? 2);
  const head = heading && html`<div class="bd-card__head">${heading}${options.aside}</div>`;
  const footer = options.footer !== undefined && html`<div class="bd-card__footer">${options.footer}</div>`;
  return html`<section class="bd-card">${head}<div class="bd-card__body">${options.content}</div>${footer}</section>`;
}

/** Main column and a narrower one beside it; below each other when there is no room. */
export function split(options: { main: HtmlValue; aside: HtmlValue; asideLabel: string }): SafeHtml {
  return html`<div class="bd-split"><div class="bd-stack">${options.main}</div><div class="bd-stack" role="group"
 aria-label="${options.asideLabel}">${options.aside}</div></div>`;
}

/** Things below each other with even distance. */
export function stack(...things: HtmlValue[]): SafeHtml {
  return html`<div class="bd-stack">${things}</div>`;
}

/** Cards beside each other, as many as fit. */
export function grid(things: readonly HtmlValue[]): SafeHtml {
  return html`<div class="bd-grid">${things}</div>`;
}

/** More for those who want it, folded away. */
export function disclosure(options: { summary: HtmlValue; content: HtmlValue; open?: boolean }): SafeHtml {
  return html`<details class="bd-disclosure"${attributes({ open: options.open })}><summary>${options.summary}</summary><div
 class="bd-disclosure__content">${options.content}</div></details>`;
}

/** Views of the same thing, each with an address of its own. */
export function tabs(options: {
  label: string;
  items: readonly { text: string; href: string; current?: boolean; count?: number }[];
}): SafeHtml {
  const items = options.items.map((item) => {
    const current = attributes({ 'aria-current': item.current ? 'page' : undefined });
    const count = item.count !== undefined && html` <span class="bd-count">${item.count}</span>`;
    return html`<li><a href="${item.href}"${current}>${item.text}${count}</a></li>`;
  });
  return html`<nav class="bd-tabs" aria-label="${options.label}"><ul>${items}</ul></nav>`;
}

function cardHeading(title: string, level: 2 | 3): SafeHtml {
  return level === 2 ? html`<h2 class="bd-card__title">${title}</h2>` : html`<h3 class="bd-card__title">${title}</h3>`;
}

function breadcrumbList(items: readonly { text: string; href: string }[], lang: Language): SafeHtml {
  const steps = items.map((item) => html`<li><a class="bd-link" href="${item.href}">${item.text}</a></li>`);
  return html`<nav class="bd-breadcrumbs" aria-label="${uiTexts(lang).breadcrumbs}"><ol>${steps}</ol></nav>`;
}
