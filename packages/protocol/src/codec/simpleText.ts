/** Simple values to and from their text, by built-in type. White space is read as XSD's `whiteSpace` facet says. */
import type { BuiltIn } from '../notation/types.ts';
import { decodeBase64 } from './base64.ts';
import { ValueFault } from './ValueFault.ts';

export interface SimpleCodec {
  /** The text of a value, not yet escaped. */
  readonly write: (value: unknown) => string;
  /** @throws ValueFault if the text is not of the type */
  readonly read: (text: string) => unknown;
  /** The same for text that is still bytes, where that is quicker. */
  readonly readBytes?: (bytes: Buffer) => unknown;
}

const INT_MAX = 2_147_483_647;

/** What may stand in XML 1.0 at all; a lone surrogate or a control character may not. */
const SUSPECT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/;
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const collapse = (text: string): string =>
  /[ \t\r\n]/.test(text) ? text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '') : text;

const writeString = (value: unknown): string => {
  if (typeof value !== 'string') throw new ValueFault('a string is expected');
  // surrogate pairs are rare, and the search that understands them is several times slower
  if (SUSPECT.test(value) && NOT_XML.test(value))
    throw new ValueFault('the text has a character that XML 1.0 does not allow');
  return value;
};

const writeBytes = (value: unknown): string => {
  if (!(value instanceof Uint8Array)) throw new ValueFault('bytes are expected');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
};

const writeInt = (value: unknown): string => {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new ValueFault('a whole number is expected');
  return String(value);
};

const readInt = (text: string): number => {
  const number = Number(readInteger(text));
  if (number > INT_MAX || number < -INT_MAX - 1) throw new ValueFault('not a 32 bit number');
  return number;
};

const readInteger = (text: string): bigint => {
  const digits = collapse(text);
  if (!/^[+-]?\d+$/.test(digits)) throw new ValueFault('not a whole number');
  return BigInt(digits.replace(/^\+/, ''));
};

const readBoolean = (text: string): boolean => {
  const word = collapse(text);
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw new ValueFault('not true or false');
};

const writeTyped =
  (type: 'boolean' | 'bigint') =>
  (value: unknown): string => {
    if (typeof value !== type) throw new ValueFault(`a ${type} is expected`);
    return String(value);
  };

const collapsed: SimpleCodec = { write: writeString, read: collapse };
const bigint: SimpleCodec = { write: writeTyped('bigint'), read: readInteger };

export const SIMPLE_CODECS: Readonly<Record<BuiltIn, SimpleCodec>> = {
  string: { write: writeString, read: (text) => text },
  normalizedString: { write: writeString, read: (text) => text.replace(/[\t\r\n]/g, ' ') },
  language: collapsed,
  anyURI: collapsed,
  ID: collapsed,
  date: collapsed,
  dateTime: collapsed,
  boolean: { write: writeTyped('boolean'), read: readBoolean },
  int: { write: writeInt, read: readInt },
  integer: bigint,
  positiveInteger: bigint,
  base64Binary: { write: writeBytes, read: decodeBase64, readBytes: decodeBase64 },
};
