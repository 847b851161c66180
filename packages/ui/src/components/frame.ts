import { formatBytes } from '../format.ts';
import { attributes, escapeHtml, html, raw, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';

// Understood by Chrome, Edge and Firefox: as wide as the frame, no thumbnails beside it.
const PDF_VIEW = '#view=FitH&navpanes=0';

/** A PDF shown in the page, with links to open and to save it. The address must allow framing by this site. */
export function pdfFrame(options: {
  lang: Language;
  /** Names the frame for those who do not see it. */
  title: string;
  href: string;
  fileName: string;
  bytes?: number;
  downloadHref?: string;
}): SafeHtml {
  const { lang, title, fileName, bytes } = options;
  const text = uiTexts(lang);
  const size = bytes !== undefined && html` <span class="bd-muted">${formatBytes(bytes, lang)}</span>`;
  return html`<figure class="bd-document">
<figcaption class="bd-document__head"><span class="bd-document__name">${icon('document')}<span>${fileName}${size}</span></span>
<span class="bd-document__tools"><a class="bd-quiet-button" href="${options.href}" target="_blank" rel="noopener">${icon(
    'external',
  )}${text.openInNewWindow}<span class="ds-sr-only">: ${fileName}</span></a><a class="bd-quiet-button" href="${
    options.downloadHref ?? options.href
  }" download="${fileName}">${icon('download')}${text.download}<span class="ds-sr-only"> ${fileName}</span></a></span></figcaption>
<iframe class="bd-document__frame" title="${title}" src="${options.href + PDF_VIEW}" loading="lazy"></iframe>
<p class="bd-hint bd-document__hint">${text.pdfFallback}</p>
</figure>`;
}

/**
 * What a letter's own document may do: show its text, its inline styles and its embedded pictures. Nothing else.
 * Send it as the `content-security-policy` of the address that serves `messageDocument`.
 */
export const MESSAGE_CONTENT_SECURITY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

// What a <meta> element may say of the above; `sandbox` and `frame-ancestors` count only as header or attribute.
const MESSAGE_META_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'";
const MESSAGE_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';
const MESSAGE_STYLE =
  'html{color-scheme:light;background:#fff}body{margin:1.5rem;font:1.0625rem/1.6 system-ui,sans-serif;color:#1c2733;overflow-wrap:break-word}img,table{max-width:100%}';

/**
 * A letter's sanitised HTML as a document of its own, policy included; links open in another window.
 * `html` must come from the sanitiser: this adds the second wall, it is not the first.
 */
export function messageDocument(options: {
  lang: Language;
  title: string;
  sanitizedHtml: string;
  /** The page's nonce, when the document goes into a page by `srcdoc` and inherits its policy. */
  nonce?: string;
}): string {
  return html`<!doctype html>
<html lang="${options.lang}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${MESSAGE_META_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${options.title}</title><base target="_blank"><style${attributes({ nonce: options.nonce })}>${raw(MESSAGE_STYLE)}</style></head>
<body>${raw(options.sanitizedHtml)}</body></html>`.toString();
}

/**
 * A letter's HTML walled off: no script, no forms, no same origin.
 * `href` (an address that serves `messageDocument` with MESSAGE_CONTENT_SECURITY_POLICY) keeps the letter's own styles;
 * `sanitizedHtml` puts the document inside the page, where it also inherits the page's stricter policy: the letter's inline styles are lost.
 */
export function messageFrame(
  options: { lang: Language; title: string } & ({ href: string } | { sanitizedHtml: string; nonce: string }),
): SafeHtml {
  const { title } = options;
  if ('href' in options) {
    return html`<iframe class="bd-message" title="${title}" src="${options.href}" sandbox="${MESSAGE_SANDBOX}"></iframe>`;
  }
  const source = raw(escapeHtml(messageDocument(options)));
  return html`<iframe class="bd-message" title="${title}" sandbox="${MESSAGE_SANDBOX}" srcdoc="${source}"></iframe>`;
}

/** A letter's plain text with its line breaks, exactly as the sender wrote it. */
export function messageText(text: string): SafeHtml {
  return html`<div class="bd-message-text">${text}</div>`;
}
