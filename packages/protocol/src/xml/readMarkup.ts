import {
  Markup,
  replaceReferences,
  XmlAside,
  type XmlContent,
  XmlNode,
  type XmlNodeAttribute,
  type XmlTag,
  XmlText,
} from './XmlNode.ts';

/**
 * Reads the tree of a document that **libxml2 has found well-formed and that has no DTD**, or that libxml2 has written.
 * That is why this can be so short: what is well-formed has one reading only, and nothing here decides whether it is. An
 * element costs a quarter of a microsecond; asking libxml2 for it costs one for each question.
 *
 * @param namespaces prefixes that are declared outside `bytes`; '' is the default namespace
 * @throws XmlRefused ENTITY (a reference that only a DTD could explain)
 */
export function readMarkup(bytes: Buffer, namespaces: ReadonlyMap<string, string> = NO_NAMESPACES): XmlNode {
  return new MarkupReader(bytes).root(new Scope(namespaces, undefined));
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map();
const NO_ATTRIBUTES: readonly XmlNodeAttribute[] = [];
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;

/** Which prefix means what, and the tags that were read under it. */
class Scope {
  readonly tags = new Map<string, Tag>();
  readonly #own: ReadonlyMap<string, string>;
  readonly #outer: Scope | undefined;

  constructor(own: ReadonlyMap<string, string>, outer: Scope | undefined) {
    this.#own = own;
    this.#outer = outer;
  }

  namespaceOf(prefix: string): string {
    const found = this.#own.get(prefix);
    if (found !== undefined) return found;
    if (this.#outer !== undefined) return this.#outer.namespaceOf(prefix);
    if (prefix === 'xml') return XML_NAMESPACE;
    if (prefix === '') return '';
    throw new TypeError('a prefix without declaration in a well-formed document');
  }
}

/** A start tag. A list of a thousand has the same few tags over and over: they are read once. */
interface Tag extends XmlTag {
  readonly scope: Scope;
  readonly isEmpty: boolean;
  /** Length of the name as written, with prefix: the end tag has the same. */
  readonly nameLength: number;
  /** Where it stood: in another scope the same text can mean something else. */
  readonly outer: Scope;
  /** All of it after `<`, one character for each byte. */
  readonly written: string;
  /** The tag that came after this one last time, and most likely comes again. */
  next: Tag | undefined;
}

class MarkupReader {
  readonly #markup: Markup;
  readonly #text: string;
  #at = 0;
  #previous: Tag | undefined;

  constructor(bytes: Buffer) {
    this.#markup = new Markup(bytes);
    this.#text = this.#markup.text;
  }

  root(scope: Scope): XmlNode {
    for (;;) {
      const start = this.#find('<', this.#at);
      const next = this.#text.charCodeAt(start + 1);
      this.#at = start;
      if (next !== EXCLAMATION && next !== QUESTION) return this.#element(scope);
      this.#aside(next);
    }
  }

  #element(outer: Scope): XmlNode {
    const tag = this.#tag(outer);
    const start = this.#at;
    if (tag.isEmpty) return new XmlNode(tag, undefined, this.#markup, start, start);
    const end = this.#find('<', start);
    if (this.#text.charCodeAt(end + 1) !== SLASH) {
      return new XmlNode(tag, this.#content(tag.scope, tag.nameLength), this.#markup, start, start);
    }
    this.#at = this.#find('>', end + 2 + tag.nameLength) + 1;
    return new XmlNode(tag, undefined, this.#markup, start, end);
  }

  #content(scope: Scope, nameLength: number): XmlContent[] {
    const content: XmlContent[] = [];
    for (;;) {
      const start = this.#find('<', this.#at);
      if (start > this.#at) content.push(new XmlText(this.#markup, this.#at, start));
      const next = this.#text.charCodeAt(start + 1);
      this.#at = start;
      if (next === SLASH) break;
      content.push(next === EXCLAMATION || next === QUESTION ? this.#aside(next) : this.#element(scope));
    }
    this.#at = this.#find('>', this.#at + 2 + nameLength) + 1;
    return content;
  }

  #aside(kind: number): XmlContent {
    if (kind === QUESTION) return this.#skip('?>', new XmlAside('instruction'));
    const start = this.#at + '<![CDATA['.length;
    if (!this.#text.startsWith('<![CDATA[', this.#at)) {
      this.#at += '<!--'.length;
      return this.#skip('-->', new XmlAside('comment'));
    }
    return this.#skip(']]>', new XmlText(this.#markup, start, this.#find(']]>', start), true));
  }

  #skip<T>(end: string, result: T): T {
    this.#at = this.#find(end, this.#at) + end.length;
    return result;
  }

  #tag(outer: Scope): Tag {
    const start = this.#at + 1;
    const guess = this.#previous?.next;
    const tag =
      guess !== undefined && guess.outer === outer && this.#text.startsWith(guess.written, start)
        ? guess
        : this.#knownTag(outer, start);
    this.#at = start + tag.written.length;
    if (this.#previous !== undefined) this.#previous.next = tag;
    this.#previous = tag;
    return tag;
  }

  #knownTag(outer: Scope, start: number): Tag {
    const key = this.#text.slice(start, this.#find('>', start) + 1);
    const known = outer.tags.get(key);
    if (known !== undefined) return known;
    const tag = this.#newTag(outer, start);
    // a tag with attributes does not come again, and a ">" inside an attribute would cut the key short
    if (tag.attributes.length === 0 && tag.written.length === key.length) outer.tags.set(tag.written, tag);
    return tag;
  }

  #newTag(outer: Scope, start: number): Tag {
    const nameEnd = this.#nameEnd(start);
    this.#at = nameEnd;
    const written = this.#attributes();
    const isEmpty = this.#text.charCodeAt(this.#at) === SLASH;
    this.#at += isEmpty ? 2 : 1;
    const declared = written.filter(isDeclaration);
    const scope = declared.length === 0 ? outer : new Scope(new Map(declared.map(declaration)), outer);
    const { prefix, local } = splitName(this.#markup.slice(start, nameEnd));
    return {
      name: local,
      namespace: scope.namespaceOf(prefix),
      attributes: declared.length === written.length ? NO_ATTRIBUTES : ordinary(written, scope),
      scope,
      isEmpty,
      nameLength: nameEnd - start,
      outer,
      written: this.#markup.bytes.toString('latin1', start, this.#at),
      next: undefined,
    };
  }

  /** Reads attributes up to `>` or `/>`, and stays there. */
  #attributes(): WrittenAttribute[] {
    const attributes: WrittenAttribute[] = [];
    for (;;) {
      while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
      if (!(this.#text.charCodeAt(this.#at) > SLASH) || this.#text[this.#at] === '>') return attributes;
      const start = this.#at;
      const nameEnd = this.#nameEnd(start);
      let open = this.#find('=', nameEnd) + 1;
      while (isSpace(this.#text.charCodeAt(open))) open += 1;
      const close = this.#find(this.#text.charAt(open), open + 1);
      this.#at = close + 1;
      attributes.push({
        name: this.#markup.slice(start, nameEnd),
        value: attributeValue(this.#markup.slice(open + 1, close)),
      });
    }
  }

  #nameEnd(start: number): number {
    let at = start;
    while (!isNameEnd(this.#text.charCodeAt(at))) at += 1;
    return at;
  }

  #find(what: string, from: number): number {
    const at = this.#text.indexOf(what, from);
    if (at < 0) throw new TypeError('the end of a well-formed document came too early');
    return at;
  }
}

interface WrittenAttribute {
  readonly name: string;
  readonly value: string;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;

/** Space, `=`, `/`, `>`, or the end (NaN). */
const isNameEnd = (code: number): boolean =>
  isSpace(code) || code === 0x3d || code === SLASH || code === 0x3e || Number.isNaN(code);

const isDeclaration = ({ name }: WrittenAttribute): boolean => name === 'xmlns' || name.startsWith('xmlns:');

const declaration = ({ name, value }: WrittenAttribute): [string, string] => [name.slice('xmlns:'.length), value];

function splitName(written: string): { prefix: string; local: string } {
  const colon = written.indexOf(':');
  return { prefix: colon < 0 ? '' : written.slice(0, colon), local: written.slice(colon + 1) };
}

function ordinary(written: readonly WrittenAttribute[], scope: Scope): XmlNodeAttribute[] {
  return written
    .filter((attribute) => !isDeclaration(attribute))
    .map(({ name, value }) => {
      const { prefix, local } = splitName(name);
      return { namespace: prefix === '' ? '' : scope.namespaceOf(prefix), name: local, value };
    });
}

/** White space that stands there itself becomes spaces (XML 1.0, 3.3.3); what is written as a reference stays. */
function attributeValue(raw: string): string {
  const spaced = /[\t\r\n]/.test(raw) ? raw.replace(/\r\n|[\t\r\n]/g, ' ') : raw;
  return spaced.includes('&') ? replaceReferences(spaced) : spaced;
}
