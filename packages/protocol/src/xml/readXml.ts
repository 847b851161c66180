import { type ParseXmlOptions, parseNode } from './parseXml.ts';
import { XmlNode } from './XmlNode.ts';
import { XmlRefused } from './XmlRefused.ts';

/** An element of any XML, as plain values. */
export interface PlainElement {
  /** Without prefix. */
  readonly name: string;
  /** '' where it has none. */
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly PlainElement[];
  /** All text directly within it, trimmed. */
  readonly text: string;
}

export interface ReadXmlLimits extends ParseXmlOptions {
  /** Elements within elements; 64 unless given. */
  readonly depthMax?: number;
  /** Elements and attributes together; two million unless given. */
  readonly itemsMax?: number;
}

const DEPTH_MAX = 64;
const ITEMS_MAX = 2_000_000;
const DECLARATION_BYTES_MAX = 200;
const ONE_BYTE_ENCODINGS = new Set(['iso-8859-1', 'iso8859-1', 'latin1', 'iso-8859-15', 'windows-1252', 'cp1252']);

/**
 * Reads XML that is not of the contract: index files and invoices of business systems. As hard on a stranger as the contract's own
 * reader (no DTD, no entities, no processing instructions, limits of size and depth); softer only in that the one-byte encodings that
 * older systems write are read, where the document declares them.
 *
 * @throws XmlRefused TOO_LARGE, ENCODING, DOCTYPE, INSTRUCTION, ENTITY or MALFORMED
 */
export function readXml(bytes: Uint8Array, limits: ReadXmlLimits): PlainElement {
  const { bytesMax, depthMax = DEPTH_MAX, itemsMax = ITEMS_MAX } = limits;
  if (bytes.byteLength > bytesMax) {
    throw new XmlRefused('TOO_LARGE', `the document has ${bytes.byteLength} bytes, the limit is ${bytesMax}`);
  }
  // What is one byte there may be three in UTF-8.
  const root = parseNode(inUtf8(bytes), { bytesMax: bytesMax * UTF8_GROWTH });
  const left = { items: itemsMax };
  return plainElement(root, depthMax, left);
}

const UTF8_GROWTH = 3;

/** The one-byte encoding that a document declares and is read in; undefined where it is Unicode, or says nothing. */
export function oneByteEncodingOf(bytes: Uint8Array): 'Windows-1252' | 'ISO-8859-15' | undefined {
  return declaredEncoding(bytes)?.encoding;
}

function inUtf8(bytes: Uint8Array): Uint8Array {
  const declared = declaredEncoding(bytes);
  if (declared === undefined) return bytes;
  const decoder = new TextDecoder(declared.encoding.toLowerCase());
  return Buffer.from(decoder.decode(bytes.subarray(declared.declarationBytes)));
}

function declaredEncoding(
  bytes: Uint8Array,
): { encoding: 'Windows-1252' | 'ISO-8859-15'; declarationBytes: number } | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, DECLARATION_BYTES_MAX));
  const declaration = /^<\?xml[ \t\r\n][^<>]*?encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]*)["'][^<>]*\?>/.exec(
    head.toString('latin1'),
  );
  const encoding = declaration?.[1]?.toLowerCase() ?? '';
  if (declaration === null || !ONE_BYTE_ENCODINGS.has(encoding)) return undefined;
  // Whoever declares ISO-8859-1 writes Windows-1252, as the Encoding Standard has found.
  const label = encoding === 'iso-8859-15' ? 'ISO-8859-15' : 'Windows-1252';
  return { encoding: label, declarationBytes: declaration[0].length };
}

function plainElement(node: XmlNode, depthLeft: number, left: { items: number }): PlainElement {
  left.items -= 1 + node.attributes.length;
  if (depthLeft === 0) throw new XmlRefused('TOO_LARGE', 'the document has too many levels');
  if (left.items < 0) throw new XmlRefused('TOO_LARGE', 'the document has too many elements');
  const children: PlainElement[] = [];
  const texts: string[] = [];
  for (const part of node.content) {
    if (part instanceof XmlNode) children.push(plainElement(part, depthLeft - 1, left));
    else if ('value' in part) texts.push(part.value);
  }
  return {
    name: node.name,
    namespace: node.namespace,
    attributes: new Map(node.attributes.map(({ name, value }) => [name, value])),
    children,
    text: texts.join('').trim(),
  };
}
