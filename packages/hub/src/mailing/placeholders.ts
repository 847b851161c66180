import { escapeHtml } from '@brevduva/ui';
import { parse } from 'parse5';

/**
 * A text with places to fill: `{Skola}` stands for the recipient's value of that name. Names are the same in upper and lower case and
 * with any number of spaces. A brace of its own is written twice: `{{` and `}}`.
 */
export interface PlaceholderText {
  /** Plain pieces, and names of what stands between them. */
  readonly parts: readonly (string | { readonly name: string; readonly key: string })[];
  /** False: nothing in it is read as a placeholder or a doubled brace, so it goes as it is. */
  readonly hasBraces: boolean;
  /** Of every brace that means nothing. */
  readonly faults: readonly string[];
}

/** A recipient's values by {@link placeholderKey}. */
export type Values = ReadonlyMap<string, string>;

/** In one text; a letter with more is a form. */
export const PLACEHOLDERS_MAX = 100;
export const PLACEHOLDER_NAME_CHARS_MAX = 100;
const FAULTS_MAX = 20;
/** What headings of address files are made of; anything else within braces is rather something meant as it stands. */
const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N} _.,:/()%&#*+'’-]*[\p{L}\p{M}\p{N}_.)%#*+])?$/u;
const BRACES = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
/** The braces of a style sheet are its own. */
const BRACES_OR_STYLE = new RegExp(`<style\\b[^>]*>[\\s\\S]*?</style\\s*>|${BRACES.source}`, 'gi');

/** One name however it is written. */
export function placeholderKey(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

export function isPlaceholderName(name: string): boolean {
  return [...name].length <= PLACEHOLDER_NAME_CHARS_MAX && NAME.test(name.trim());
}

export function readPlaceholders(text: string, contentType = 'text/plain'): PlaceholderText {
  const parts: (string | { name: string; key: string })[] = [];
  const faults: string[] = [];
  let end = 0;
  let plain = '';
  let hasBraces = false;
  for (const found of text.matchAll(contentType === 'text/html' ? BRACES_OR_STYLE : BRACES)) {
    const [written, inside] = found;
    plain += text.slice(end, found.index);
    end = found.index + written.length;
    if (written.startsWith('<')) {
      plain += written;
      continue;
    }
    hasBraces = true;
    const name = inside?.trim().replace(/\s+/gu, ' ');
    if (written === '{{' || written === '}}') plain += written.charAt(0);
    else if (name !== undefined && isPlaceholderName(name)) {
      parts.push(plain, { name, key: placeholderKey(name) });
      plain = '';
    } else if (faults.length < FAULTS_MAX) faults.push(braceFault(text, found.index, written));
  }
  parts.push(plain + text.slice(end));
  return { parts, hasBraces, faults };
}

function braceFault(text: string, index: number, written: string): string {
  const line = text.slice(0, index).split('\n').length;
  const shown = written.length > 40 ? `${written.slice(0, 40)}…` : written;
  return `Rad ${line}: ${shown} är ingen platshållare. Skriv {Kolumnens namn}, eller {{ och }} för klamrar som ska stå kvar.`;
}

/** The names that a text asks for, each once, with how often. */
export function placeholderNames({ parts }: PlaceholderText): { name: string; key: string; count: number }[] {
  const names = new Map<string, { name: string; key: string; count: number }>();
  for (const part of parts) {
    if (typeof part === 'string') continue;
    const known = names.get(part.key);
    names.set(part.key, { ...part, count: (known?.count ?? 0) + 1 });
  }
  return [...names.values()];
}

/** Pure: the same text and values give the same letter whenever it is asked for. What has no value is left out. */
export function fillText({ parts }: PlaceholderText, values: Values, write = (value: string) => value): string {
  return parts.map((part) => (typeof part === 'string' ? part : write(values.get(part.key) ?? ''))).join('');
}

/** A letter's body with its values in their places; as it is where the letter has none. In HTML a value is text, never markup. */
export function fillBody(bytes: Buffer, contentType: string, values: Values | undefined): Buffer {
  if (values === undefined) return bytes;
  return Buffer.from(fillText(readPlaceholders(bytes.toString('utf8'), contentType), values, writeIn(contentType)));
}

/** How a value is written into a body of the type. */
export function writeIn(contentType: string): (value: string) => string {
  return contentType === 'text/html' ? escapeHtml : (value) => value;
}

/** The text with every brace doubled, so that it is shown as it is. */
export function withoutPlaceholders(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

/**
 * Whether every placeholder of an HTML body stands in its text. In a tag, a value could become an address to go to or a style, and
 * no escaping makes that safe.
 */
export function isOnlyInText(text: PlaceholderText): boolean {
  const mark = 'brevduvaplats';
  const marked = text.parts.map((part) => (typeof part === 'string' ? part.replaceAll(mark, '') : mark)).join('');
  const wanted = text.parts.filter((part) => typeof part !== 'string').length;
  return countInText(parse(marked) as HtmlNode, mark) === wanted;
}

interface HtmlNode {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly HtmlNode[];
}

const NOT_TEXT: readonly string[] = ['style', 'script', 'title', 'textarea', 'template', 'noscript'];

function countInText(root: HtmlNode, mark: string): number {
  let count = 0;
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.nodeName === '#text') count += (node.value ?? '').split(mark).length - 1;
    else if (!NOT_TEXT.includes(node.nodeName)) waiting.push(...(node.childNodes ?? []));
  }
  return count;
}
