/**
 * Arrays in PostgreSQL's binary form, as `array_send` writes them: for what is asked a thousand at a time, where rows cost more
 * in JavaScript than they should. pg itself reads no binary results (it takes them for UTF-8), but `bytea` it reads.
 */
const INT8 = 20;
const HEADER_BYTES = 20;
const TWO_POW_32 = 4_294_967_296;
const EPOCH_2000_MS = Date.UTC(2000, 0, 1);
const MICROS_PER_MS = 1000;

/** A bigint[] parameter, of decimal numbers below 2^53. */
export function bigintArray(numbers: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + numbers.length * 12);
  // dimensions, no nulls, type of the elements, length, first index
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(0, 4);
  bytes.writeInt32BE(INT8, 8);
  bytes.writeInt32BE(numbers.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const text of numbers) {
    const number = Number(text);
    bytes.writeInt32BE(8, at);
    bytes.writeInt32BE(Math.floor(number / TWO_POW_32), at + 4);
    bytes.writeUInt32BE(number % TWO_POW_32, at + 8);
    at += 12;
  }
  return bytes;
}

/** Of timestamptz[], in milliseconds since 1970; what is finer is cut off, as `Date` does. */
export function momentsMs(array: Buffer | null): (number | null)[] {
  return elements(array, (bytes, at) => {
    const micros = bytes.readInt32BE(at) * TWO_POW_32 + bytes.readUInt32BE(at + 4);
    return EPOCH_2000_MS + Math.floor(micros / MICROS_PER_MS);
  });
}

/** Of smallint[]. */
export const smallints = (array: Buffer | null): (number | null)[] =>
  elements(array, (bytes, at) => bytes.readInt16BE(at));

/** Of bigint[] whose numbers are below 2^53. */
export const bigints = (array: Buffer | null): (number | null)[] =>
  elements(array, (bytes, at) => bytes.readInt32BE(at) * TWO_POW_32 + bytes.readUInt32BE(at + 4));

/** Of boolean[]. */
export const booleans = (array: Buffer | null): (boolean | null)[] => elements(array, (bytes, at) => bytes[at] === 1);

/** Of "char"[], as one-letter strings. */
export const letters = (array: Buffer | null): (string | null)[] =>
  elements(array, (bytes, at) => String.fromCharCode(bytes[at] ?? 0));

function elements<T>(array: Buffer | null, read: (bytes: Buffer, at: number) => T): (T | null)[] {
  // an aggregate of nothing is null, and an array of nothing has no dimension
  if (array === null || array.readInt32BE(0) === 0) return [];
  const count = array.readInt32BE(12);
  const found: (T | null)[] = [];
  for (let index = 0, at = HEADER_BYTES; index < count; index += 1) {
    const length = array.readInt32BE(at);
    found.push(length < 0 ? null : read(array, at + 4));
    at += 4 + Math.max(0, length);
  }
  return found;
}
