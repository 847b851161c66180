import { isUtf8 } from 'node:buffer';

export interface FileType {
  readonly contentType: string;
  /** With its full stop. */
  readonly extension: string;
}

const SIGNATURES: readonly (FileType & { readonly begins: readonly string[] })[] = [
  { contentType: 'application/pdf', extension: '.pdf', begins: ['%PDF-'] },
  { contentType: 'image/png', extension: '.png', begins: ['\x89PNG\r\n\x1a\n'] },
  { contentType: 'image/jpeg', extension: '.jpg', begins: ['\xff\xd8\xff'] },
  { contentType: 'image/tiff', extension: '.tif', begins: ['II*\0', 'MM\0*'] },
];
/** ZIP (and so Office files), RAR, 7-Zip, gzip, bzip2, xz, Zstandard, cabinet. */
const ARCHIVES = [
  'PK\x03\x04',
  'PK\x05\x06',
  'Rar!',
  "7z\xbc\xaf'\x1c",
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ',
  '(\xb5/\xfd',
  'MSCF',
];
const TAR_AT = 257;
const CONTROLS = /[^\P{Cc}\t\r\n\f]/u;

/**
 * What the bytes are, whatever the name or the sender says: one of the kinds that are taken in, an archive (never opened, and so
 * never taken in), or undefined.
 */
export function fileTypeOf(bytes: Buffer): FileType | 'archive' | undefined {
  const begins = (signature: string) => bytes.toString('latin1', 0, signature.length) === signature;
  if (ARCHIVES.some(begins) || bytes.toString('latin1', TAR_AT, TAR_AT + 5) === 'ustar') return 'archive';
  const known = SIGNATURES.find((type) => type.begins.some(begins));
  if (known !== undefined) return { contentType: known.contentType, extension: known.extension };
  const isText = isUtf8(bytes) && !CONTROLS.test(bytes.toString('utf8'));
  return isText ? { contentType: 'text/plain', extension: '.txt' } : undefined;
}
