import type { XmlElement } from 'libxml2-wasm';
import { escapeAttribute, escapeText } from './escape.ts';
import { nodeOf } from './nodeOf.ts';
import { type XmlContent, XmlNode, type XmlNodeAttribute, XmlText } from './XmlNode.ts';
import { XmlRefused } from './XmlRefused.ts';

export interface CanonicalOptions {
  /** Namespace of the element that will stand around: `xmlns` is written only where it changes. Default none. */
  parentNamespace?: string;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/**
 * An element in the form that the infrastructure signs (FACTS e.3): no prefixes, every namespace as the default
 * namespace and declared only where it differs from the parent's, otherwise Canonical XML. On such a tree the
 * inclusive and the exclusive algorithm give the same bytes.
 *
 * Every node is written or refused, none is dropped: what a reader of the tree sees and what is hashed cannot differ.
 *
 * @throws XmlRefused COMMENT, INSTRUCTION, ENTITY, or ATTRIBUTE (an attribute in a namespace: without prefixes it
 *   cannot be written; only `xml:` ones can)
 */
export function canonicalXml(element: XmlElement | XmlNode, options: CanonicalOptions = {}): string {
  const out: string[] = [];
  writeElement(element instanceof XmlNode ? element : nodeOf(element), options.parentNamespace ?? '', out);
  return out.join('');
}

/** The attributes of an element in canonical form, each with a space before it. */
export function canonicalAttributes({ attributes }: XmlNode): string {
  return writeAttributes(attributes);
}

/** Nodes that stand one after another inside an element of `parentNamespace`, in canonical form, as bytes to be hashed. */
export function canonicalNodes(nodes: readonly XmlContent[], parentNamespace: string): Buffer {
  const out = new Bytes();
  for (const node of nodes) writeNode(node, parentNamespace, out);
  return out.toBuffer();
}

/** Where canonical form is written to: text, or, if it can take them, texts that are bytes already. */
interface Out {
  push(text: string): void;
  pushBytes?(bytes: Buffer): void;
}

class Bytes implements Out {
  readonly #pieces: Buffer[] = [];
  #text = '';

  push(text: string): void {
    this.#text += text;
  }

  pushBytes(bytes: Buffer): void {
    this.#pieces.push(Buffer.from(this.#text), bytes);
    this.#text = '';
  }

  toBuffer(): Buffer {
    const last = Buffer.from(this.#text);
    return this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
  }
}

function writeElement({ name, namespace, attributes, content }: XmlNode, parentNamespace: string, out: Out): void {
  const declaration = namespace === parentNamespace ? '' : ` xmlns="${escapeAttribute(namespace)}"`;
  out.push(`<${name}${declaration}${writeAttributes(attributes)}>`);
  for (const part of content) writeNode(part, namespace, out);
  out.push(`</${name}>`);
}

function writeNode(node: XmlContent, namespace: string, out: Out): void {
  if (node instanceof XmlNode) writeElement(node, namespace, out);
  else if (node instanceof XmlText) writeText(node, out);
  else if (node.kind === 'comment') throw new XmlRefused('COMMENT', 'comments are not allowed here');
  else throw new XmlRefused('INSTRUCTION', 'processing instructions are not allowed');
}

function writeText(text: XmlText, out: Out): void {
  const bytes = out.pushBytes === undefined ? undefined : text.largeBytes;
  if (bytes === undefined) out.push(escapeText(text.value));
  else out.pushBytes?.(bytes);
}

function writeAttributes(attributes: readonly XmlNodeAttribute[]): string {
  if (attributes.length === 0) return '';
  return attributes
    .map((attribute) => ({ ...attribute, isXml: isXmlAttribute(attribute) }))
    .sort((a, b) => Number(a.isXml) - Number(b.isXml) || (a.name < b.name ? -1 : 1))
    .map(({ isXml, name, value }) => ` ${isXml ? 'xml:' : ''}${name}="${escapeAttribute(value)}"`)
    .join('');
}

function isXmlAttribute({ namespace }: XmlNodeAttribute): boolean {
  if (namespace === '' || namespace === XML_NAMESPACE) return namespace !== '';
  throw new XmlRefused('ATTRIBUTE', 'an attribute in a namespace of its own is not allowed here');
}
