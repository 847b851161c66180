import { type HtmlValue, html, type SafeHtml } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import { TONE_ICONS, type Tone } from '../tone.ts';

/** A status: sign, text and colour together, so none of them carries the meaning alone. */
export function badge(options: { text: HtmlValue; tone?: Tone; icon?: IconName }): SafeHtml {
  const tone = options.tone ?? 'neutral';
  const sign = icon(options.icon ?? TONE_ICONS[tone]);
  return html`<span class="ds-tag bd-badge" data-color="${tone}">${sign}<span>${options.text}</span></span>`;
}
