import { html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';

export interface CopyableOptions {
  lang: Language;
  /** Unlike every other on the page. */
  id: string;
  /** What it is, for those who hear the button read. */
  label: string;
  shown: string;
  /** What is copied, where it is not what is shown. */
  copied?: string;
}

/** A value that is to be put in elsewhere, with a button that copies it; without script it can be marked with one click. */
export function copyable({ lang, id, label, shown, copied }: CopyableOptions): SafeHtml {
  const text = uiTexts(lang);
  const value =
    copied === undefined
      ? html`<span id="${id}" class="bd-copyable__value">${shown}</span>`
      : html`<span class="bd-copyable__value">${shown}</span><span id="${id}" hidden>${copied}</span>`;
  return html`<span class="bd-copyable">${value}<button class="bd-quiet-button" type="button" hidden data-copy="${id}" data-copied="${
    text.copied
  }">${icon('copy')}<span data-label aria-live="polite">${text.copy}</span><span class="ds-sr-only"> ${label}</span></button></span>`;
}
