import { type XmlAttribute, XmlCData, XmlElement, XmlEntityReference, XmlText, type XmlTreeNode } from 'libxml2-wasm';
import { childrenOf } from './children.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { leafTextBytes } from './leafTextBytes.ts';
import { XmlRefused } from './XmlRefused.ts';

export interface CanonicalOptions {
  /** Namespace of the element that will stand around: `xmlns` is written only where it changes. Default none. */
  parentNamespace?: string;
}

/** The contract's name for everything that can be large: `m:Body` of a message and of an attachment (FACTS b.5). */
const LARGE_TEXT = 'Body';
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
export function canonicalXml(element: XmlElement, options: CanonicalOptions = {}): string {
  const out: string[] = [];
  writeElement(element, options.parentNamespace ?? '', out);
  return out.join('');
}

/** The attributes of an element in canonical form, each with a space before it. */
export function canonicalAttributes(element: XmlElement): string {
  return writeAttributes(element.attrs);
}

/** Nodes that stand one after another inside an element of `parentNamespace`, in canonical form, as bytes to be hashed. */
export function canonicalNodes(nodes: readonly XmlTreeNode[], parentNamespace: string): Buffer {
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
  #text: string[] = [];

  push(text: string): void {
    this.#text.push(text);
  }

  pushBytes(bytes: Buffer): void {
    this.#pieces.push(Buffer.from(this.#text.join('')), bytes);
    this.#text = [];
  }

  toBuffer(): Buffer {
    const last = Buffer.from(this.#text.join(''));
    return this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
  }
}

function writeElement(element: XmlElement, parentNamespace: string, out: Out): void {
  const { name, namespaceUri: namespace } = element;
  const declaration = namespace === parentNamespace ? '' : ` xmlns="${escapeAttribute(namespace)}"`;
  out.push(`<${name}${declaration}${writeAttributes(element.attrs)}>`);
  const bytes = name === LARGE_TEXT && out.pushBytes !== undefined ? leafTextBytes(element) : undefined;
  if (bytes !== undefined) out.pushBytes?.(bytes);
  else for (const child of childrenOf(element)) writeNode(child, namespace, out);
  out.push(`</${name}>`);
}

function writeNode(node: XmlTreeNode, namespace: string, out: Out): void {
  if (node instanceof XmlElement) writeElement(node, namespace, out);
  else if (node instanceof XmlText || node instanceof XmlCData) out.push(escapeText(node.content));
  else throw refusalOf(node);
}

function refusalOf(node: XmlTreeNode): XmlRefused {
  return node instanceof XmlEntityReference
    ? new XmlRefused('ENTITY', 'entity references are not allowed')
    : new XmlRefused('COMMENT', 'comments are not allowed here');
}

function writeAttributes(attributes: readonly XmlAttribute[]): string {
  if (attributes.length === 0) return '';
  return attributes
    .map((attribute) => ({ isXml: isXmlAttribute(attribute), name: attribute.name, value: attribute.value }))
    .sort((a, b) => Number(a.isXml) - Number(b.isXml) || (a.name < b.name ? -1 : 1))
    .map(({ isXml, name, value }) => ` ${isXml ? 'xml:' : ''}${name}="${escapeAttribute(value)}"`)
    .join('');
}

function isXmlAttribute({ namespaceUri }: XmlAttribute): boolean {
  if (namespaceUri === '' || namespaceUri === XML_NAMESPACE) return namespaceUri !== '';
  throw new XmlRefused('ATTRIBUTE', 'an attribute in a namespace of its own is not allowed here');
}
