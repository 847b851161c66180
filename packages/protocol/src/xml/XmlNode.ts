import { isAscii } from 'node:buffer';
import { XmlRefused } from './XmlRefused.ts';

/** An element as values and canonical form are read from it: plain objects, no crossing into libxml2 for each. */
export class XmlNode {
  readonly name: string;
  readonly namespace: string;
  /** Without namespace declarations. */
  readonly attributes: readonly XmlNodeAttribute[];
  readonly content: readonly XmlContent[];

  constructor(
    name: string,
    namespace: string,
    attributes: readonly XmlNodeAttribute[],
    content: readonly XmlContent[],
  ) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.content = content;
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
    const raw = this.#markup.slice(this.#start, this.#end);
    const lines = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    return this.#isCData || !lines.includes('&') ? lines : replaceReferences(lines);
  }

  /** The bytes as they stand, if they are many and already what Canonical XML writes: attachments are not made text. */
  get largeBytes(): Buffer | undefined {
    if (this.#isCData || this.#end - this.#start < LARGE_BYTES_MIN) return undefined;
    const bytes = this.#markup.bytes.subarray(this.#start, this.#end);
    return NEVER_PLAIN.some((byte) => bytes.includes(byte)) ? undefined : bytes;
  }

  get isWhiteSpace(): boolean {
    return /^[ \t\r\n]*$/.test(this.value);
  }
}

/** The text of an element that should hold nothing else; undefined if it holds an element. Comments do not count. */
export function textOf({ content }: XmlNode): string | undefined {
  if (content.length === 0) return '';
  const [first] = content;
  if (content.length === 1 && first instanceof XmlText) return first.value;
  let text = '';
  for (const part of content) {
    if (part instanceof XmlNode) return undefined;
    if (part instanceof XmlText) text += part.value;
  }
  return text;
}

/** The bytes of an element that holds one large text and nothing else. */
export function largeBytesOf({ content }: XmlNode): Buffer | undefined {
  const [first] = content;
  return content.length === 1 && first instanceof XmlText ? first.largeBytes : undefined;
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
