import { formatNumber } from '../format.ts';
import { html, join, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';
import { elementId } from './elementId.ts';
import { disclosure } from './layout.ts';

export interface CodeBlockOptions {
  lang: Language;
  /** Shown above and read as the name of the region. */
  label: string;
  /** Shown exactly, never reformatted. */
  code: string;
  language?: 'xml' | 'text';
  /** Where the same bytes can be fetched. */
  downloadHref?: string;
  /** Needed only when two blocks of a page have the same label. */
  id?: string;
}

/** Exact text that scrolls sideways, with copy button and a choice to wrap its lines. */
export function codeBlock(options: CodeBlockOptions): SafeHtml {
  const { lang, label, code, downloadHref } = options;
  const text = uiTexts(lang);
  const id = options.id ?? elementId(label);
  const isMarked = options.language === 'xml' && code.length <= MARKED_CODE_LENGTH_MAX;
  const download =
    downloadHref !== undefined &&
    html`<a class="bd-quiet-button" href="${downloadHref}" download>${icon('download')}${text.download}<span
 class="ds-sr-only"> ${label}</span></a>`;
  return html`<figure class="bd-code">
<figcaption class="bd-code__head"><span id="${`${id}-label`}" class="bd-code__label">${label}</span>
<span class="bd-code__tools"><label class="bd-code__wrap"><input type="checkbox">${text.wrapLines}</label>
<button class="bd-quiet-button" type="button" hidden data-copy="${id}" data-copied="${text.copied}">${icon('copy')}<span
 data-label aria-live="polite">${text.copy}</span></button>${download}</span></figcaption>
<pre class="bd-code__text" role="region" aria-labelledby="${`${id}-label`}" tabindex="0"><code id="${id}">${
    isMarked ? markedXml(code) : code
  }</code></pre>
</figure>`;
}

/** XML for the eye, indented and with long values shortened; and folded below it the exact bytes. */
export function xmlView(options: Omit<CodeBlockOptions, 'language' | 'code'> & { xml: string }): SafeHtml {
  const { lang, label, xml } = options;
  const text = uiTexts(lang);
  const id = options.id ?? elementId(label);
  const reading = codeBlock({
    lang,
    label: `${label}: ${text.xmlReading}`,
    code: indentedXml(xml, lang),
    language: 'xml',
    id,
  });
  const exact = codeBlock({
    lang,
    label: `${label}: ${text.xmlExact}`,
    code: xml,
    language: 'xml',
    id: `${id}-exact`,
    ...(options.downloadHref === undefined ? {} : { downloadHref: options.downloadHref }),
  });
  return html`<div class="bd-stack">${reading}${disclosure({ summary: text.xmlExact, content: exact })}</div>`;
}

// Marking makes some 20 bytes of markup out of every tag; a letter with its PDF is megabytes of one value.
const MARKED_CODE_LENGTH_MAX = 100_000;
const VALUE_LENGTH_MAX = 96;
const VALUE_HEAD_LENGTH = 48;
const INDENT = '  ';

/** Tags and attribute values in colours of their own. Text is escaped by `html` as everywhere. */
function markedXml(xml: string): SafeHtml {
  const pieces = xml.split(/(<[^>]*>)/);
  return join(pieces.map((piece) => (piece.startsWith('<') ? markedTag(piece) : piece)));
}

function markedTag(tag: string): SafeHtml {
  const pieces = tag.split(/("[^"]*")/);
  const inside = pieces.map((piece) =>
    piece.startsWith('"') ? html`<span class="bd-code__value">${piece}</span>` : piece,
  );
  return html`<span class="bd-code__tag">${inside}</span>`;
}

/** One element a line. Only for reading: a signature would not survive it. */
function indentedXml(xml: string, lang: Language): string {
  let depth = 0;
  let lines = '';
  let follows: 'start' | 'text' | 'end' = 'end';
  for (const piece of xml.split(/(<[^>]*>)/)) {
    if (piece.trim() === '') continue;
    if (!piece.startsWith('<')) {
      lines += abbreviated(piece.trim(), lang);
      follows = 'text';
    } else if (piece.startsWith('</')) {
      depth -= 1;
      lines += follows === 'end' ? `\n${INDENT.repeat(Math.max(depth, 0))}${piece}` : piece;
      follows = 'end';
    } else {
      lines += `\n${INDENT.repeat(Math.max(depth, 0))}${piece}`;
      const isOpen = !piece.endsWith('/>') && !piece.startsWith('<?') && !piece.startsWith('<!');
      depth += isOpen ? 1 : 0;
      follows = isOpen ? 'start' : 'end';
    }
  }
  return lines.trimStart();
}

function abbreviated(value: string, lang: Language): string {
  if (value.length <= VALUE_LENGTH_MAX) return value;
  const length = formatNumber(value.length, lang);
  return value.slice(0, VALUE_HEAD_LENGTH) + uiTexts(lang).abbreviated(length);
}
