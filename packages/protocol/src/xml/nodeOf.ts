import type { XmlElement } from 'libxml2-wasm';
import { readMarkup } from './readMarkup.ts';
import type { XmlNode } from './XmlNode.ts';

/**
 * An element that libxml2 has parsed, as plain objects: as it was read from the bytes (`rememberNode`), otherwise from
 * what libxml2 writes of it.
 *
 * @throws XmlRefused ENTITY
 */
export function nodeOf(element: XmlElement): XmlNode {
  const node = nodes.get(element) ?? written(element);
  nodes.set(element, node);
  return node;
}

/** Tells what an element is, so that it need not be written to be read. `node` must come from the same bytes. */
export function rememberNode(element: XmlElement, node: XmlNode): void {
  nodes.set(element, node);
}

const nodes = new WeakMap<XmlElement, XmlNode>();

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
