import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';

export interface ChecklistEntry {
  text: HtmlValue;
  isDone: boolean;
  /** Below the text: when it was done, where the demand stands. */
  note?: HtmlValue;
}

/** What is done and what is left, each with a sign and a word that says which. It is read, not ticked by hand. */
export function checklist(options: { lang: Language; label: string; entries: readonly ChecklistEntry[] }): SafeHtml {
  const { lang, label, entries } = options;
  const text = uiTexts(lang);
  const items = entries.map(
    ({
      text: what,
      isDone,
      note,
    }) => html`<li class="bd-checklist__entry"${attributes({ 'data-done': isDone })}><span class="bd-checklist__sign">${
      isDone && icon('check')
    }<span class="ds-sr-only">${isDone ? text.checkDone : text.checkOpen}: </span></span><div><span class="bd-checklist__text">${what}</span>${
      note !== undefined && html`<span class="bd-checklist__note">${note}</span>`
    }</div></li>
`,
  );
  return html`<ul class="bd-checklist" aria-label="${label}">
${items}</ul>`;
}
