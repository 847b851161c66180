import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { type IppAttributes, textOf } from './ippMessage.ts';
import { IppRefusal } from './ippRequest.ts';
import { COMPRESSIONS, DOCUMENT_FORMATS } from './printerAttributes.ts';

/** Ten thousand letters of a page each with a shared font are some 100 MB. */
export const DOCUMENT_BYTES_MAX = 128 * 1024 * 1024;

const PDF_HEAD = '%PDF-';
/** ISO 32000-1 appendix H: the head may stand after some other bytes. */
const PDF_HEAD_SOUGHT_BYTES = 1024;
const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/**
 * Judges what a request says of its document, before the document is there (Validate-Job).
 *
 * @throws IppRefusal
 */
export function checkDocumentAttributes(attributes: IppAttributes): void {
  const format = formatOf(attributes);
  if (!(DOCUMENT_FORMATS as readonly string[]).includes(format)) throw notSupported(format);
  const compression = textOf(attributes, 'compression') ?? 'none';
  if (!(COMPRESSIONS as readonly string[]).includes(compression)) {
    throw new IppRefusal('compressionNotSupported', 'Komprimera med gzip eller deflate, eller inte alls.');
  }
}

/**
 * The document as it was before it was packed for the journey. Whether its inside is sound is judged when it is split into letters.
 *
 * @throws IppRefusal when it is no PDF, or larger than DOCUMENT_BYTES_MAX when unpacked.
 */
export async function readDocument(attributes: IppAttributes, sent: Buffer): Promise<Buffer> {
  checkDocumentAttributes(attributes);
  const compression = textOf(attributes, 'compression') ?? 'none';
  const bytes = compression === 'gzip' || compression === 'deflate' ? await unpacked(compression, sent) : sent;
  if (bytes.subarray(0, PDF_HEAD_SOUGHT_BYTES).includes(PDF_HEAD, 0, 'latin1')) return bytes;
  if (formatOf(attributes) !== 'application/pdf') throw notSupported('okänt');
  throw new IppRefusal('documentFormatError', 'Dokumentet säger sig vara PDF men är det inte.');
}

async function unpacked(compression: 'gzip' | 'deflate', sent: Buffer): Promise<Buffer> {
  try {
    return await unpack[compression](sent, { maxOutputLength: DOCUMENT_BYTES_MAX });
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    throw isTooLarge
      ? new IppRefusal('requestEntityTooLarge', 'Dokumentet är för stort.')
      : new IppRefusal('compressionError', 'Dokumentet gick inte att packa upp.');
  }
}

function formatOf(attributes: IppAttributes): string {
  return (textOf(attributes, 'document-format') ?? 'application/octet-stream').toLowerCase();
}

function notSupported(format: string): IppRefusal {
  return new IppRefusal(
    'documentFormatNotSupported',
    `Skrivaren tar emot PDF, inte ${format}: bilder av text kan inte läsas upp. Välj PDF som format.`,
  );
}
