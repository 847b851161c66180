import { card, html, type Language, type SafeHtml, signedText } from '@brevduva/ui';
import { membershipTexts } from './membershipTexts.ts';

/** A text that is signed, or was: exactly as it is, and read aloud as the Swedish it is. */
export function signedTextCard(given: { lang: Language; title: string; text: string }): SafeHtml {
  const { lang, title, text } = given;
  const note = lang === 'sv' ? '' : html`<p class="bd-hint">${membershipTexts(lang).signedInSwedish}</p>`;
  return card({ title, content: html`${note}${signedText(text, 'sv')}` });
}

/** What an act means, point by point. */
export function meaningCard(lang: Language, points: readonly string[]): SafeHtml {
  const items = points.map((point) => html`<li>${point}</li>`);
  return card({ title: membershipTexts(lang).whatItMeans, content: html`<ul class="bd-list">${items}</ul>` });
}
