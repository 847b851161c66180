import { type XmlDocument, type XmlElement, XmlXPath } from 'libxml2-wasm';
import { readMarkup } from './readMarkup.ts';
import { XmlNode } from './XmlNode.ts';

/**
 * The tree of an element that libxml2 has parsed, as plain objects; made once per document.
 *
 * It is read from the very bytes that libxml2 found well-formed, where they are known (`parseXml` tells), otherwise
 * from what libxml2 writes of the element.
 *
 * @throws XmlRefused ENTITY
 */
export function nodeOf(element: XmlElement): XmlNode {
  const known = nodes.get(element);
  if (known !== undefined) return known;
  const node = inDocument(element) ?? written(element);
  nodes.set(element, node);
  return node;
}

/** Tells where a document came from. Nobody may change the document, or the bytes, after this. */
export function rememberBytes(document: XmlDocument, bytes: Buffer): void {
  sources.set(document, bytes);
}

const nodes = new WeakMap<XmlElement, XmlNode>();
const sources = new WeakMap<XmlDocument, Buffer>();
const roots = new WeakMap<XmlDocument, XmlNode>();
const PRECEDING = XmlXPath.compile('count(preceding-sibling::*)');

function inDocument(element: XmlElement): XmlNode | undefined {
  const { doc } = element;
  const bytes = sources.get(doc);
  if (bytes === undefined) return undefined;
  const root = roots.get(doc) ?? readMarkup(bytes);
  roots.set(doc, root);
  return pathOf(element).reduce(childAt, root);
}

/** From the root: the how manieth child element each time. */
function pathOf(element: XmlElement): number[] {
  const path: number[] = [];
  for (let at = element, outer = at.parent; outer !== null; at = outer, outer = at.parent) {
    path.unshift(Number(at.eval(PRECEDING)));
  }
  return path;
}

function childAt({ content }: XmlNode, index: number): XmlNode {
  const child = content.filter((part) => part instanceof XmlNode)[index];
  if (child === undefined) throw new TypeError('the document is another than the one that was read');
  return child;
}

function written(element: XmlElement): XmlNode {
  const chunks: Buffer[] = [];
  const write = (bytes: Uint8Array): number => {
    // a copy: the bytes are a view of memory that libxml2 uses again
    chunks.push(Buffer.from(bytes));
    return bytes.length;
  };
  element.save({ write, close: () => true }, { format: false });
  return readMarkup(Buffer.concat(chunks), new Map(Object.entries(element.namespaces)));
}
