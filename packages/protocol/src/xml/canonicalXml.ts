import { type XmlAttribute, XmlCData, XmlElement, XmlEntityReference, XmlText, XmlTreeNode } from 'libxml2-wasm';
import { escapeAttribute, escapeText } from './escape.ts';
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
export function canonicalXml(element: XmlElement, options: CanonicalOptions = {}): string {
  const out: string[] = [];
  writeElement(element, options.parentNamespace ?? '', out);
  return out.join('');
}

/** The opening tag of an element in canonical form, under another name if one is given. */
export function canonicalOpening(
  attributes: readonly XmlAttribute[],
  name: { name: string; namespace: string },
  parentNamespace: string,
): string {
  const declaration = name.namespace === parentNamespace ? '' : ` xmlns="${escapeAttribute(name.namespace)}"`;
  return `<${name.name}${declaration}${writeAttributes(attributes)}>`;
}

/** All children of an element in document order. */
export function childrenOf(element: XmlElement): XmlTreeNode[] {
  const children: XmlTreeNode[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    // libxml2-wasm has no public class for a processing instruction, and its private one cannot go on to the next
    if (!(node instanceof XmlTreeNode)) throw new XmlRefused('INSTRUCTION', 'processing instructions are not allowed');
    children.push(node);
  }
  return children;
}

/** One child in canonical form. */
export function canonicalNode(node: XmlTreeNode, parentNamespace: string): string {
  const out: string[] = [];
  writeNode(node, parentNamespace, out);
  return out.join('');
}

function writeElement(element: XmlElement, parentNamespace: string, out: string[]): void {
  const { name, namespaceUri: namespace } = element;
  out.push(canonicalOpening(element.attrs, { name, namespace }, parentNamespace));
  for (const child of childrenOf(element)) writeNode(child, namespace, out);
  out.push(`</${name}>`);
}

function writeNode(node: XmlTreeNode, namespace: string, out: string[]): void {
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
