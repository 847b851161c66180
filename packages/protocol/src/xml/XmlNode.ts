import { isAscii } from 'node:buffer';
import { XmlRefused } from './XmlRefused.ts';

/** What a start tag says. Elements that are written alike share it. */
export interface XmlTag {
  readonly name: string;
  readonly namespace: string;
  /** Without namespace declarations. */
  readonly attributes: readonly XmlNodeAttribute[];
}

/** An element as values and canonical form are read from it: plain objects, no crossing into libxml2 for each. */
export class XmlNode {
  readonly #tag: XmlTag;
  readonly #content: readonly XmlContent[] | undefined;
  readonly #markup: Markup;
  readonly #start: number;
  readonly #end: number;

  /**
   * Most elements hold one text, or nothing: they have no `content`, and their text stands from `start` to `end`. Such a
   * leaf is one object instead of three, and a list of a thousand recipients has ten thousand: the garbage collector
   * took twice the time of the reading.
   */
  constructor(tag: XmlTag, content: readonly XmlContent[] | undefined, markup: Markup, start: number, end: number) {
    this.#tag = tag;
    this.#content = content;
    this.#markup = markup;
    this.#start = start;
    this.#end = end;
  }

  get name(): string {
    return this.#tag.name;
  }

  get namespace(): string {
    return this.#tag.namespace;
  }

  get attributes(): readonly XmlNodeAttribute[] {
    return this.#tag.attributes;
  }

  get content(): readonly XmlContent[] {
    if (this.#content !== undefined) return this.#content;
    return this.#start === this.#end ? [] : [new XmlText(this.#markup, this.#start, this.#end)];
  }

  /**
   * The text of an element that should hold nothing else; undefined if it holds an element. Comments do not count.
   *
   * @throws XmlRefused ENTITY
   */
  get text(): string | undefined {
    if (this.#content === undefined) return textBetween(this.#markup, this.#start, this.#end);
    let text = '';
    for (const part of this.#content) {
      if (part instanceof XmlNode) return undefined;
      if (part instanceof XmlText) text += part.value;
    }
    return text;
  }

  /** The bytes of a text that is large and has nothing to replace; see `XmlText.largeBytes`. */
  get largeBytes(): Buffer | undefined {
    return this.#content === undefined ? largeBytesBetween(this.#markup, this.#start, this.#end) : undefined;
  }
}

export interface XmlNodeAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

export type XmlContent = XmlNode | XmlText | XmlAside;

/** What is neither element nor text. It has no meaning for values, and no place in what is signed. */
export class XmlAside {
  readonly kind: 'comment' | 'instruction';

  constructor(kind: 'comment' | 'instruction') {
    this.kind = kind;
  }
}

/** A well-formed document without DTD as bytes, and as text with one character for each byte, so that positions agree. */
export class Markup {
  readonly bytes: Buffer;
  readonly text: string;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.text = bytes.toString('latin1');
  }

  /** The characters between two positions. A copy: a part of the text would keep the whole document in memory. */
  slice(start: number, end: number): string {
    const length = end - start;
    if (length > SHORT) {
      return isAscii(this.bytes.subarray(start, end))
        ? this.bytes.toString('latin1', start, end)
        : this.bytes.toString('utf8', start, end);
    }
    const { text } = this;
    for (let at = start; at < end; at += 1) {
      if (text.charCodeAt(at) > ASCII_MAX) return this.bytes.toString('utf8', start, end);
    }
    // V8 copies strings below 13 characters itself
    return length < SLICED_LENGTH_MIN ? text.slice(start, end) : this.bytes.toString('latin1', start, end);
  }
}

/** A piece of text between two tags, references not yet replaced. */
export class XmlText {
  readonly #markup: Markup;
  readonly #start: number;
  readonly #end: number;
  readonly #isCData: boolean;

  constructor(markup: Markup, start: number, end: number, isCData = false) {
    this.#markup = markup;
    this.#start = start;
    this.#end = end;
    this.#isCData = isCData;
  }

  /** @throws XmlRefused ENTITY */
  get value(): string {
    if (!this.#isCData) return textBetween(this.#markup, this.#start, this.#end);
    return unixLines(this.#markup.slice(this.#start, this.#end));
  }

  /** The bytes as they stand, if they are many and already what Canonical XML writes: attachments are not made text. */
  get largeBytes(): Buffer | undefined {
    return this.#isCData ? undefined : largeBytesBetween(this.#markup, this.#start, this.#end);
  }

  get isWhiteSpace(): boolean {
    return /^[ \t\r\n]*$/.test(this.value);
  }
}

function textBetween(markup: Markup, start: number, end: number): string {
  if (start === end) return '';
  const lines = unixLines(markup.slice(start, end));
  return lines.includes('&') ? replaceReferences(lines) : lines;
}

/** XML 1.0, 2.11. */
const unixLines = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

function largeBytesBetween(markup: Markup, start: number, end: number): Buffer | undefined {
  if (end - start < LARGE_BYTES_MIN) return undefined;
  const bytes = markup.bytes.subarray(start, end);
  return NEVER_PLAIN.some((byte) => bytes.includes(byte)) ? undefined : bytes;
}

/** The child elements in document order; text and comments are passed over. */
export function childNodes({ content }: XmlNode): XmlNode[] {
  return content.filter((part) => part instanceof XmlNode);
}

/** Whether an element has a certain qualified name. */
export function isNode(node: XmlNode, namespace: string, name: string): boolean {
  return node.name === name && node.namespace === namespace;
}

/** Replaces the five entities of XML and character references. @throws XmlRefused ENTITY */
export function replaceReferences(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\dA-Fa-f]+)|([^;]*));/g, (_, decimal, hexadecimal, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10));
    if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    const character = ENTITIES[name];
    if (character === undefined) throw new XmlRefused('ENTITY', 'entity references are not allowed');
    return character;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const ASCII_MAX = 0x7f;
const SHORT = 64;
const SLICED_LENGTH_MIN = 13;
const LARGE_BYTES_MIN = 1024;
/** `&`, `>` and carriage return: a reference, or written as one in canonical form. */
const NEVER_PLAIN = [0x26, 0x3e, 0x0d];
