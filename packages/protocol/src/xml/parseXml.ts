import { isUtf8 } from 'node:buffer';
import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm';
import { readMarkup } from './readMarkup.ts';
import type { XmlNode } from './XmlNode.ts';
import { XmlRefused } from './XmlRefused.ts';

export interface ParseXmlOptions {
  /** Larger documents are refused before anything looks at them. */
  bytesMax: number;
}

/** An XML declaration is short; a longer one is not a declaration. */
const DECLARATION_BYTES_MAX = 200;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const ENCODINGS = new Set(['utf-8', 'utf8', 'us-ascii']);

/**
 * NOCDATA: a CDATA section is text, as in canonical XML. No entity is ever replaced or loaded, no XInclude done;
 * without HUGE libxml2 stops at depth 256 and at texts over 10 MB.
 */
const OPTIONS =
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_NOCDATA |
  ParseOption.XML_PARSE_SKIP_IDS |
  ParseOption.XML_PARSE_BIG_LINES;

/**
 * Reads one XML document from outside. The caller disposes of it.
 *
 * Refused before the parser sees a byte: more than `bytesMax`, anything but UTF-8 (so that the searches below
 * see what the parser sees; UTF-16, UTF-7 or EBCDIC could hide a DOCTYPE from them), every `<!DOCTYPE`, and
 * processing instructions, which SOAP 1.1 (3) forbids as it forbids a DTD. Both are refused also inside CDATA
 * and comments: no one who writes this contract puts them there.
 *
 * @throws XmlRefused TOO_LARGE, ENCODING, DOCTYPE, INSTRUCTION or MALFORMED
 */
export function parseXml(bytes: Uint8Array, { bytesMax }: ParseXmlOptions): XmlDocument {
  if (bytes.byteLength > bytesMax) {
    throw new XmlRefused('TOO_LARGE', `the document has ${bytes.byteLength} bytes, the limit is ${bytesMax}`);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = text.subarray(0, BOM.length).equals(BOM) ? text.subarray(BOM.length) : text;
  const declarationEnd = refuseEncoding(body);
  refuseMarkup(body, declarationEnd);
  return parse(body);
}

/**
 * The same as plain objects, where no schema has to judge: libxml2 says whether it is well-formed, and is done.
 *
 * @throws XmlRefused as above
 */
export function parseNode(bytes: Uint8Array, options: ParseXmlOptions): XmlNode {
  parseXml(bytes, options).dispose();
  return readMarkup(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Returns where the XML declaration ends; 0 if there is none. */
function refuseEncoding(body: Buffer): number {
  if (body[0] !== 0x3c && !/^[ \t\r\n]*</.test(body.toString('latin1', 0, DECLARATION_BYTES_MAX))) {
    throw new XmlRefused('ENCODING', 'the document does not begin with "<" in UTF-8');
  }
  if (!isUtf8(body) || body.includes(0)) throw new XmlRefused('ENCODING', 'the document is not UTF-8');
  const head = body.toString('latin1', 0, DECLARATION_BYTES_MAX);
  const declaration = /^<\?xml[ \t\r\n][^<>]*\?>/.exec(head)?.[0];
  if (declaration === undefined) return 0;
  const encoding = /encoding[ \t\r\n]*=[ \t\r\n]*["']([^"']*)["']/.exec(declaration)?.[1];
  if (encoding !== undefined && !ENCODINGS.has(encoding.toLowerCase())) {
    throw new XmlRefused('ENCODING', 'the document declares another encoding than UTF-8');
  }
  return declaration.length;
}

function refuseMarkup(body: Buffer, declarationEnd: number): void {
  if (body.includes('<!DOCTYPE')) throw new XmlRefused('DOCTYPE', 'a document type declaration is not allowed');
  if (body.includes('<?', declarationEnd)) {
    throw new XmlRefused('INSTRUCTION', 'processing instructions are not allowed');
  }
}

function parse(body: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(body, { encoding: 'utf-8', option: OPTIONS });
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const { line, col } = error.details[0] ?? { line: 0, col: 0 };
    // libxml2's own message quotes the document, which may hold a personal number
    throw new XmlRefused('MALFORMED', `the document is not well-formed XML (line ${line}, column ${col})`);
  }
}
