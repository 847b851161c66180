import { XmlElement, XmlTreeNode } from 'libxml2-wasm';
import { XmlRefused } from './XmlRefused.ts';

/**
 * All children of an element in document order.
 *
 * @throws XmlRefused INSTRUCTION
 */
export function childrenOf(element: XmlElement): XmlTreeNode[] {
  const children: XmlTreeNode[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    // libxml2-wasm has no public class for a processing instruction, and its private one cannot go on to the next
    if (!(node instanceof XmlTreeNode)) throw new XmlRefused('INSTRUCTION', 'processing instructions are not allowed');
    children.push(node);
  }
  return children;
}

/** The child elements of an element in document order; text and comments are passed over. */
export function childElements(element: XmlElement): XmlElement[] {
  return childrenOf(element).filter((node) => node instanceof XmlElement);
}

/** Whether an element has a certain qualified name; its prefix never matters (FACTS b.1). */
export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespaceUri === namespace;
}
