const LOCAL_HEADER = Buffer.from('PK\u0003\u0004', 'latin1');
const DIRECTORY_ENTRY = Buffer.from('PK\u0001\u0002', 'latin1');
/** Bit 0 of the general purpose flags (APPNOTE 4.4.4). */
const ENCRYPTED = 1;

/** The archive as if each of its files had a password: what a reader sees before it has read any of them. */
export function encryptedZip(archive: Buffer): Buffer {
  const bytes = Buffer.from(archive);
  for (const [signature, flagsAt] of [
    [LOCAL_HEADER, 6],
    [DIRECTORY_ENTRY, 8],
  ] as const) {
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1)) {
      bytes.writeUInt16LE(bytes.readUInt16LE(at + flagsAt) | ENCRYPTED, at + flagsAt);
    }
  }
  return bytes;
}
