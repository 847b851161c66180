import { type XmlElement, XmlText } from 'libxml2-wasm';

const AMPERSAND = 0x26;
const GREATER_THAN = 0x3e;
const LESS_THAN = 0x3c;

/**
 * The text of an element that holds nothing but one text, as UTF-8 bytes, when it has no character that XML escapes;
 * else undefined. For attachments: the text of 500 KB comes out in 0.4 ms, `content` takes 1.5 ms, because libxml2-wasm
 * looks for the end of a string byte by byte in JavaScript.
 *
 * libxml2 writes `<`, `>`, `&` and carriage return of a text as references, and every reference begins with `&`. So if
 * there is none between the tags, what stands there is the text itself.
 */
export function leafTextBytes(element: XmlElement): Buffer | undefined {
  const only = element.firstChild;
  if (!(only instanceof XmlText) || only.next !== null) return undefined;
  const chunks: Buffer[] = [];
  const write = (bytes: Uint8Array): number => {
    // a copy: the bytes are a view of memory that libxml2 uses again
    chunks.push(Buffer.from(bytes));
    return bytes.length;
  };
  element.save({ write, close: () => true }, { format: false });
  const written = Buffer.concat(chunks);
  const text = written.subarray(written.indexOf(GREATER_THAN) + 1, written.lastIndexOf(LESS_THAN));
  return text.includes(AMPERSAND) ? undefined : text;
}
