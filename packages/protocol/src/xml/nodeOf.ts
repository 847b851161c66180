import type { XmlElement } from 'libxml2-wasm';
import { readMarkup } from './readMarkup.ts';
import type { XmlNode } from './XmlNode.ts';

/**
 * An element that libxml2 has parsed, as plain objects: as it was read from the bytes (`rememberNode`), otherwise from
 * what libxml2 writes of it.
 *
 * @throws XmlRefused ENTITY
 */
export function nodeOf(element: Known): XmlNode {
  const node = element[NODE] ?? written(element);
  element[NODE] = node;
  return node;
}

/** Tells what an element is, so that it need not be written to be read. `node` must come from the same bytes. */
export function rememberNode(element: Known, node: XmlNode): void {
  element[NODE] = node;
}

/** On the element itself: a WeakMap keeps what it holds until the next full collection, which doubled the cost of reading. */
const NODE = Symbol('node');
type Known = XmlElement & { [NODE]?: XmlNode };

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
