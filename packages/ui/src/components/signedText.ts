import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

/** A text that somebody signs, or has signed: word for word and with its line breaks, and set apart from our own words. */
export function signedText(text: string, lang: Language): SafeHtml {
  return html`<blockquote class="bd-signed-text" lang="${lang}">${text}</blockquote>`;
}
