import { type XmlAttribute, XmlCData, XmlElement, XmlText } from 'libxml2-wasm';
import { type Encodable, encodeGlobalElement } from '../codec/encode.ts';
import type { Operation, RequestOf } from '../notation/index.ts';
import { ENVELOPE_NAMESPACE, writeEnvelope } from '../soap/envelope.ts';
import { childrenOf } from '../xml/children.ts';
import { escapeAttribute, escapeText } from '../xml/escape.ts';
import { parseXml } from '../xml/parseXml.ts';

/** The bytes of a request as an ordinary client of the contract writes it. */
export function wireRequest<O extends Operation>(operation: O, value: Encodable<RequestOf<O>>): Buffer {
  return writeEnvelope(encodeGlobalElement(operation.request, value));
}

/** A request for an operation that no service has, in the namespace of one that is there. */
export function unknownOperationRequest({ request }: Operation): Buffer {
  return writeEnvelope(`<noSuchOperation xmlns="${escapeAttribute(request.schema.namespace)}"/>`);
}

/** A known operation's name in a namespace that nobody has. */
export function wrongNamespaceRequest({ request }: Operation): Buffer {
  return writeEnvelope(`<${request.name} xmlns="urn:brevduva:wrong"/>`);
}

/** Other ways to write a message that means the same. */
export const SAME_MEANING = {
  /** Every element with a prefix, all of them declared on the root, as JAXB writes (FACTS b.1). */
  otherPrefixes: (message: Buffer): Buffer => {
    const document = parseXml(message, { bytesMax: message.length });
    try {
      return Buffer.from(withPrefixes(document.root));
    } finally {
      document.dispose();
    }
  },
  /** The optional SOAP header, empty. */
  emptyHeader: (message: Buffer): Buffer =>
    replaced(message, /<((?:[\w-]+:)?)Body[\s>]/, (body, prefix) => `<${prefix}Header/>${body}`),
  /** Every text in a CDATA section, save those with references. */
  cdata: (message: Buffer): Buffer =>
    replaced(message, />([^<>&]+)<\//g, (_, text) => `><![CDATA[${text}]]></`, 'no text'),
  /** The first character of every text as a reference. */
  references: (message: Buffer): Buffer =>
    replaced(message, />([^<>&\s])/gu, (_, first) => `>&#x${first?.codePointAt(0)?.toString(16)};`, 'no text'),
  /** Line breaks between elements; not for signed messages, where they count. */
  whiteSpace: (message: Buffer): Buffer => replaced(message, /(<\/[^<>]+>)(?=<)|>(?=<[^/])/g, (tag) => `${tag}\r\n\t`),
  byteOrderMark: (message: Buffer): Buffer => Buffer.concat([Buffer.from('\uFEFF'), message]),
} as const;

/** The first element of a local name, without content elements of its own, as many times as wanted; our encoder refuses too many. */
export function repeatElement(message: Buffer, name: string, count: number): Buffer {
  return replaced(message, new RegExp(`<${name}(?: [^<>]*)?>[^<]*</${name}>`), (element) => element.repeat(count));
}

/** What a server must refuse whatever stands in it. */
export const SPOILT = {
  notWellFormed: (message: Buffer): Buffer => message.subarray(0, message.length - 9),
  /** Last in the request, an element that no schema knows. */
  foreignElement: (message: Buffer): Buffer =>
    replaced(message, /<\/[^<>]+><\/[^<>]+><\/[^<>]+>$/, (ends) => `<x xmlns="urn:brevduva:wrong"></x>${ends}`),
  /** A document type with an entity: refused before anything is read (tech.md 5). */
  doctype: (message: Buffer): Buffer =>
    replaced(message, /<[\w-]+:Envelope|<Envelope/, (root) => `<!DOCTYPE a [<!ENTITY b "c">]>${root}`),
} as const;

function replaced(
  message: Buffer,
  pattern: RegExp,
  by: (...found: string[]) => string,
  missing = 'no envelope',
): Buffer {
  const text = message.toString('utf8');
  const changed = text.replace(pattern, by);
  if (changed === text) throw new TypeError(`the message has ${missing} to change`);
  return Buffer.from(changed);
}

function withPrefixes(root: XmlElement): string {
  const prefixes = new Map<string, string>([[ENVELOPE_NAMESPACE, 'SOAP-ENV']]);
  const inner = written(root, prefixes);
  const declarations = [...prefixes].map(([uri, prefix]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');
  return inner.replace(/^<[^\s/>]+/, (tag) => tag + declarations);
}

function written(element: XmlElement, prefixes: Map<string, string>): string {
  const name = prefixed(element, prefixes);
  const attributes = element.attrs.map((one) => ` ${prefixed(one, prefixes)}="${escapeAttribute(one.value)}"`).join('');
  const content = childrenOf(element).map((node) => {
    if (node instanceof XmlElement) return written(node, prefixes);
    return node instanceof XmlText || node instanceof XmlCData ? escapeText(node.content) : '';
  });
  return `<${name}${attributes}>${content.join('')}</${name}>`;
}

function prefixed({ name, namespaceUri }: XmlElement | XmlAttribute, prefixes: Map<string, string>): string {
  if (namespaceUri === '') return name;
  const prefix = prefixes.get(namespaceUri) ?? `ns${prefixes.size}`;
  prefixes.set(namespaceUri, prefix);
  return `${prefix}:${name}`;
}
