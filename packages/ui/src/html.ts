import { checkedHref } from './href.ts';

/** Text that is known to be markup already. Only this file can make one, through `html` and `raw`. */
export class SafeHtml {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a `${…}`: nothing at all for null, undefined and booleans; strings and numbers are escaped. */
export type HtmlValue = SafeHtml | string | number | boolean | null | undefined | readonly HtmlValue[];

/**
 * Template tag that escapes every value, for text and for quoted attributes alike.
 * A value right after `href="`, `src="`, `action="` or `formaction="` must be a harmless address (see `href`).
 * Throws TypeError for a value in an unquoted attribute, where escaping would not help.
 */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  const places = placesOf(strings);
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    const isAddress = places[index] === 'address';
    markup += isAddress ? escapeHtml(checkedHref(markupOf(value, String))) : markupOf(value, escapeHtml);
    markup += strings[index + 1] ?? '';
  }
  return new SafeHtml(markup);
}

/** Markup that somebody else made safe: a sanitiser's result, a drawn icon. Never a text from outside. */
export function raw(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

/** The finished text of a piece of markup. */
export function render(markup: SafeHtml): string {
  return markup.toString();
}

/** Pieces beside each other, optionally with something between. */
export function join(pieces: readonly HtmlValue[], separator: HtmlValue = ''): SafeHtml {
  return html`${pieces.map((piece, index) => (index === 0 ? piece : html`${separator}${piece}`))}`;
}

/** Attributes with a leading space each; undefined, null and false leave the attribute out, true leaves it without value. */
export function attributes(values: Record<string, string | number | boolean | null | undefined>): SafeHtml {
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== false)
    .map(([name, value]) => attribute(name, value as string | number | true));
  return new SafeHtml(written.join(''));
}

/** Escapes for text and for attribute values in either kind of quotes. */
export function escapeHtml(text: string): string {
  return text.replace(SPECIAL_CHARACTERS, (character) => ESCAPES[character] ?? character);
}

const SPECIAL_CHARACTERS = /[&<>"'\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  // A parser turns a bare carriage return into a line feed; exact texts must keep it.
  '\r': '&#13;',
};
const ADDRESS_ATTRIBUTE = /(?:^|\s)(?:href|src|action|formaction)=["']$/i;
const UNQUOTED_ATTRIBUTE = /=\s*$/;
const ATTRIBUTE_NAME = /^[a-z][a-z0-9-]*$/;
const ADDRESS_ATTRIBUTE_NAMES = new Set(['href', 'src', 'action', 'formaction']);

type Place = 'text' | 'address';

// A template's strings are the same frozen array on every call, so each is examined once.
const placesByTemplate = new WeakMap<TemplateStringsArray, Place[]>();

function placesOf(strings: TemplateStringsArray): Place[] {
  const known = placesByTemplate.get(strings);
  if (known !== undefined) return known;
  let insideTag = false;
  const places = strings.slice(0, -1).map((markup): Place => {
    insideTag = /[<>]/.test(markup) ? markup.lastIndexOf('<') > markup.lastIndexOf('>') : insideTag;
    return insideTag ? placeInsideTag(markup) : 'text';
  });
  placesByTemplate.set(strings, places);
  return places;
}

function placeInsideTag(markup: string): Place {
  if (UNQUOTED_ATTRIBUTE.test(markup)) {
    throw new TypeError(`A value in an unquoted attribute cannot be escaped: …${markup.slice(-40)}`);
  }
  return ADDRESS_ATTRIBUTE.test(markup) ? 'address' : 'text';
}

function markupOf(value: HtmlValue, written: (text: string) => string): string {
  if (value === null || value === undefined || typeof value === 'boolean') return '';
  if (value instanceof SafeHtml) return value.toString();
  if (typeof value === 'string') return written(value);
  if (typeof value === 'number') return written(String(value));
  return value.map((piece) => markupOf(piece, written)).join('');
}

function attribute(name: string, value: string | number | true): string {
  if (!ATTRIBUTE_NAME.test(name) || name.startsWith('on') || name === 'style' || name === 'srcdoc') {
    throw new TypeError(`Attribute not allowed: ${name}`);
  }
  if (value === true) return ` ${name}`;
  const text = ADDRESS_ATTRIBUTE_NAMES.has(name) ? checkedHref(String(value)) : String(value);
  return ` ${name}="${escapeHtml(text)}"`;
}
