import { XmlCData, XmlComment, XmlElement, XmlText } from 'libxml2-wasm';
import { escapeAttribute, escapeText } from '../src/xml/escape.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';

/**
 * The prefix-free form of an element, asked of libxml2 node by node: an opinion that shares nothing with our own reader.
 * What that form cannot carry is named as `XmlRefused` names it.
 */
export function libxmlForm(element: XmlElement): string {
  try {
    return form(element, '');
  } catch (error) {
    if (error instanceof Unwritable) return error.message;
    throw error;
  }
}

class Unwritable extends Error {}

function form(element: XmlElement, outer: string): string {
  const { name, namespaceUri, attrs } = element;
  const declaration = namespaceUri === outer ? '' : ` xmlns="${escapeAttribute(namespaceUri)}"`;
  const attributes = attrs
    .map((attribute) => {
      if (attribute.namespaceUri !== '' && attribute.namespaceUri !== XML) throw new Unwritable('ATTRIBUTE');
      const isXml = attribute.namespaceUri === XML;
      return { key: `${isXml ? 1 : 0}${attribute.name}`, text: `${isXml ? 'xml:' : ''}${attribute.name}`, attribute };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text, attribute }) => ` ${text}="${escapeAttribute(attribute.value)}"`);
  let content = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) content += form(node, namespaceUri);
    else if (node instanceof XmlText || node instanceof XmlCData) content += escapeText(node.content);
    else if (node instanceof XmlComment) throw new Unwritable('COMMENT');
    else throw new Unwritable('INSTRUCTION');
  }
  return `<${name}${declaration}${attributes.join('')}>${content}</${name}>`;
}
