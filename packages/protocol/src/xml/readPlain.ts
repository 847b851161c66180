import { isAscii, isUtf8 } from 'node:buffer';
import { Markup, XmlNode, type XmlTag, XmlText } from './XmlNode.ts';

/**
 * Reads a document that is written plainly, as nearly all messages are: elements, text and namespace declarations; no
 * reference, CDATA section, comment, instruction or DTD; nothing but ASCII in names. Undefined for every other one, right or wrong:
 * then libxml2 has to look.
 *
 * What is read here is well-formed, has a namespace for every prefix, and means exactly what `parseXml` and `readMarkup` would
 * make of it; a differential test holds it to that. A question of 1000 recipients takes 0.3 ms in this way and 1.5 in that.
 */
export function readPlain(bytes: Buffer, bytesMax = PLAIN_BYTES_MAX): XmlNode | undefined {
  if (bytes.length > bytesMax || !isPlainText(bytes)) return undefined;
  const markup = new Markup(bytes);
  if (hasMore(markup.text)) return undefined;
  return new PlainReader(markup).document();
}

/** Larger requests are letters, and libxml2 has to judge their signatures anyway. */
const PLAIN_BYTES_MAX = 262_144;
/** libxml2 stops at 256. */
const DEPTH_MAX = 100;
const DECLARATION =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"(?:utf|UTF)-8"|'(?:utf|UTF)-8'))?(?: standalone=(?:"yes"|"no"))? ?\?>/;
const CONTROL = /[^\t\n\r\u0020-\u00ff]/;
/** U+FFFE and U+FFFF, which UTF-8 can write and XML cannot. */
const NO_CHARACTERS = [Buffer.from([0xef, 0xbf, 0xbe]), Buffer.from([0xef, 0xbf, 0xbf])];

function isPlainText(bytes: Buffer): boolean {
  if (isAscii(bytes)) return true;
  return isUtf8(bytes) && !NO_CHARACTERS.some((character) => bytes.includes(character));
}

/** `]]>` may not stand in text, and what else is looked for here is legal but not plain. */
function hasMore(text: string): boolean {
  return (
    text.includes('&') || text.includes('<!') || text.includes(']]>') || text.includes('<?', 1) || CONTROL.test(text)
  );
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]{0,99}';
const START = new RegExp(`<(?:(${NAME}):)?(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`[ \\t\\r\\n]+(?:(${NAME}):)?(${NAME})=(?:"([^"<\\t\\r\\n]*)"|'([^'<\\t\\r\\n]*)')`, 'y');
const START_END = /[ \t\r\n]*(\/?)>/y;
const SPACE = /[ \t\r\n]*/y;
/** What libxml2 has no remark about: addresses without port, user and anything that would have to be escaped, and names. */
const NAMESPACE = /^(?:https?:\/\/[A-Za-z0-9.-]+(?:\/[A-Za-z0-9/._~-]*)?(?:#[A-Za-z0-9._~-]*)?|urn:[A-Za-z0-9:._-]+)$/;
const RESERVED: ReadonlySet<string> = new Set([
  'http://www.w3.org/XML/1998/namespace',
  'http://www.w3.org/2000/xmlns/',
]);

type Namespaces = ReadonlyMap<string, string>;

/** A start tag as it is written, and what it means where these namespaces hold. Lists repeat a few of them. */
interface Tag extends XmlTag {
  readonly outer: Namespaces;
  readonly inner: Namespaces;
  readonly written: string;
  readonly endTag: string;
  readonly isEmpty: boolean;
  /** The tag that came after this one last time, and most likely comes again. */
  next: Tag | undefined;
}

const NO_NAMESPACES: Namespaces = new Map();
const NO_ATTRIBUTES: readonly [] = [];

class PlainReader {
  readonly #markup: Markup;
  readonly #text: string;
  readonly #known: Tag[] = [];
  #at = 0;
  #latest: Tag | undefined;

  constructor(markup: Markup) {
    this.#markup = markup;
    this.#text = markup.text;
  }

  document(): XmlNode | undefined {
    const text = this.#text;
    this.#at = text.startsWith('<?') ? (DECLARATION.exec(text)?.[0].length ?? text.length) : 0;
    this.#space();
    const root = this.#element(NO_NAMESPACES, 0);
    if (root === undefined) return undefined;
    this.#space();
    return this.#at === text.length ? root : undefined;
  }

  #element(outer: Namespaces, depth: number): XmlNode | undefined {
    const tag = this.#tag(outer);
    if (tag === undefined || depth > DEPTH_MAX) return undefined;
    const start = this.#at;
    if (tag.isEmpty) return new XmlNode(tag, undefined, this.#markup, start, start);
    const end = this.#text.indexOf('<', start);
    if (end < 0) return undefined;
    if (this.#text.startsWith(tag.endTag, end)) {
      this.#at = end + tag.endTag.length;
      return new XmlNode(tag, undefined, this.#markup, start, end);
    }
    return this.#parent(tag, start, depth);
  }

  #parent(tag: Tag, start: number, depth: number): XmlNode | undefined {
    const content: (XmlNode | XmlText)[] = [];
    for (;;) {
      const next = this.#text.indexOf('<', this.#at);
      if (next < 0) return undefined;
      if (next > this.#at) content.push(new XmlText(this.#markup, this.#at, next));
      this.#at = next;
      if (this.#text.startsWith(tag.endTag, next)) {
        this.#at = next + tag.endTag.length;
        return new XmlNode(tag, content, this.#markup, start, start);
      }
      const child = this.#element(tag.inner, depth + 1);
      if (child === undefined) return undefined;
      content.push(child);
    }
  }

  #tag(outer: Namespaces): Tag | undefined {
    const at = this.#at;
    const guess = this.#latest?.next;
    const tag =
      guess !== undefined && guess.outer === outer && this.#text.startsWith(guess.written, at)
        ? guess
        : (this.#knownTag(outer, at) ?? this.#newTag(outer));
    if (tag === undefined) return undefined;
    this.#at = at + tag.written.length;
    if (this.#latest !== undefined) this.#latest.next = tag;
    this.#latest = tag;
    return tag;
  }

  #knownTag(outer: Namespaces, at: number): Tag | undefined {
    for (const tag of this.#known) if (tag.outer === outer && this.#text.startsWith(tag.written, at)) return tag;
    return undefined;
  }

  #newTag(outer: Namespaces): Tag | undefined {
    const at = this.#at;
    START.lastIndex = at;
    const name = START.exec(this.#text);
    if (name === null) return undefined;
    const [opening, prefix = '', local = ''] = name;
    const read = this.#attributes(at + opening.length);
    const inner = read && innerNamespaces(outer, read.attributes);
    if (read === undefined || inner === undefined) return undefined;
    const namespace = namespaceOf(inner, prefix);
    const attributes = ordinaryAttributes(inner, read.attributes);
    if (namespace === undefined || attributes === undefined) return undefined;
    const written = this.#text.slice(at, read.end);
    // a piece of the text would keep the whole message in memory, and compares more slowly
    const tag: Tag = {
      name: local,
      namespace,
      attributes,
      outer,
      inner,
      written: Buffer.from(written, 'latin1').toString('latin1'),
      endTag: `</${opening.slice(1)}>`,
      isEmpty: read.isEmpty,
      next: undefined,
    };
    // what declares namespaces makes a scope of its own each time, and would not be found again below it
    if (this.#known.length < KNOWN_MAX) this.#known.push(tag);
    return tag;
  }

  #attributes(from: number): { attributes: Written[]; isEmpty: boolean; end: number } | undefined {
    const attributes: Written[] = [];
    let at = from;
    for (;;) {
      ATTRIBUTE.lastIndex = at;
      const found = ATTRIBUTE.exec(this.#text);
      if (found === null) break;
      const [whole, prefix = '', name = '', double, single] = found;
      attributes.push({ prefix, name, value: double ?? single ?? '' });
      at += whole.length;
      if (attributes.length > ATTRIBUTES_MAX) return undefined;
    }
    START_END.lastIndex = at;
    const end = START_END.exec(this.#text);
    return end === null ? undefined : { attributes, isEmpty: end[1] === '/', end: at + end[0].length };
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }
}

/** Different tags of one message; the contract's messages have fewer. */
const KNOWN_MAX = 50;
const ATTRIBUTES_MAX = 50;

interface Written {
  readonly prefix: string;
  readonly name: string;
  readonly value: string;
}

const isDeclaration = ({ prefix, name }: Written): boolean => prefix === 'xmlns' || (prefix === '' && name === 'xmlns');

/** Undefined where a declaration is unusual, or stands twice. */
function innerNamespaces(outer: Namespaces, attributes: readonly Written[]): Namespaces | undefined {
  const declarations = attributes.filter(isDeclaration);
  if (declarations.length === 0) return outer;
  const inner = new Map(outer);
  const prefixes = new Set<string>();
  for (const { prefix, name, value } of declarations) {
    const declared = prefix === '' ? '' : name;
    const isUsual = (NAMESPACE.test(value) && !RESERVED.has(value)) || (value === '' && declared === '');
    if (!isUsual || prefixes.has(declared) || /^xml/i.test(declared)) return undefined;
    prefixes.add(declared);
    inner.set(declared, value);
  }
  return inner;
}

function namespaceOf(namespaces: Namespaces, prefix: string): string | undefined {
  return namespaces.get(prefix) ?? (prefix === '' ? '' : undefined);
}

/** Undefined where a prefix has no namespace, or the same attribute stands twice, under whatever prefix. */
function ordinaryAttributes(namespaces: Namespaces, written: readonly Written[]): XmlTag['attributes'] | undefined {
  if (written.every(isDeclaration)) return NO_ATTRIBUTES;
  const names = new Set<string>();
  const attributes: { namespace: string; name: string; value: string }[] = [];
  for (const { prefix, name, value } of written.filter((one) => !isDeclaration(one))) {
    // an attribute without prefix is in no namespace, whatever the default is
    const namespace = prefix === '' ? '' : namespaces.get(prefix);
    if (namespace === undefined || names.has(`${namespace} ${name}`)) return undefined;
    names.add(`${namespace} ${name}`);
    attributes.push({ namespace, name, value: Buffer.from(value, 'latin1').toString('utf8') });
  }
  return attributes;
}
