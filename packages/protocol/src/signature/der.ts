/** One value of a DER encoding: its tag byte and its content. */
export interface DerValue {
  tag: number;
  content: Buffer;
}

export const DER = {
  SEQUENCE: 0x30,
  SET: 0x31,
  OID: 0x06,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  VERSION: 0xa0,
  EXTENSIONS: 0xa3,
};

const LENGTH_BYTES_MAX = 4;

/**
 * The values that stand one after another in `bytes`. Only what a certificate needs: one-byte tags, definite lengths.
 * Node's `X509Certificate` checks the whole; this reads the few fields that it does not show.
 *
 * @throws RangeError when a length runs past the end
 */
export function readDer(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes.readUInt8(at);
    const { length, start } = readLength(bytes, at + 1);
    if (start + length > bytes.length) throw new RangeError('a DER length runs past the end');
    values.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

function readLength(bytes: Buffer, at: number): { length: number; start: number } {
  const first = bytes.readUInt8(at);
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > LENGTH_BYTES_MAX) throw new RangeError('a DER length is not definite');
  return { length: bytes.readUIntBE(at + 1, count), start: at + 1 + count };
}
