import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import type { Tone } from '../tone.ts';

export interface AlertOptions {
  tone: Exclude<Tone, 'neutral'>;
  title?: string;
  content: HtmlValue;
  /** For the answer to what the person just did: read aloud at once. */
  live?: boolean;
}

/** A message in a coloured frame with a sign. */
export function alert(options: AlertOptions): SafeHtml {
  const role = options.live === true ? (options.tone === 'danger' ? 'alert' : 'status') : undefined;
  const title = options.title !== undefined && html`<p class="bd-alert__title">${options.title}</p>`;
  return html`<div class="ds-alert bd-alert" data-color="${options.tone}"${attributes({ role })}>${title}<div
 class="bd-alert__text">${options.content}</div></div>`;
}
