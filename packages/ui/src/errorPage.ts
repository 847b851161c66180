import type { Brand } from './brand.ts';
import { linkButton } from './components/button.ts';
import { card, pageHeading } from './components/layout.ts';
import { descriptionList } from './components/list.ts';
import { html, type SafeHtml } from './html.ts';
import type { Language } from './language.ts';
import { type PageOptions, page } from './page.ts';
import { uiTexts } from './uiTexts.ts';

export interface ErrorPageOptions extends Pick<PageOptions, 'nav' | 'user' | 'density'> {
  lang: Language;
  brand: Brand;
  nonce: string;
  /** HTTP status. */
  status: number;
  title: string;
  /** What happened and what the person can do, in plain words. */
  text: string;
  /** Given to support, found in the log. */
  requestId: string;
  code?: string;
  faults?: readonly { path: string; text: string }[];
}

/** A whole document for something that went wrong. Tells nothing about our insides. */
export function errorPage(options: ErrorPageOptions): string {
  const { lang, brand, nonce, title, nav = [], user, density = 'compact' } = options;
  return page({ lang, brand, nonce, title, nav, user, density, width: 'narrow', content: content(options) });
}

function content(options: ErrorPageOptions): SafeHtml {
  const { lang, faults = [] } = options;
  const text = uiTexts(lang);
  const list =
    faults.length > 0 &&
    html`<ul class="bd-list">${faults.map(
      (fault) => html`<li>${fault.text}${fault.path !== '' && html` <code class="bd-muted">${fault.path}</code>`}</li>`,
    )}</ul>`;
  const code = options.code === undefined ? options.status : `${options.status} ${options.code}`;
  const facts = descriptionList([
    { term: text.errorCode, description: code },
    { term: text.reference, description: html`<code>${options.requestId}</code>` },
  ]);
  return html`${pageHeading({ lang, title: options.title, lead: options.text })}
${list && card({ title: text.errorFaults, content: list })}
${card({ content: html`${facts}<p class="bd-hint">${text.errorReferenceHelp}</p>` })}
${linkButton({ text: text.toStart, href: options.brand.home, variant: 'secondary' })}`;
}
