import { constants, inflateSync } from 'node:zlib';
import { PdfArray, PdfName, type PdfStream } from '@libpdf/core';
import { type PdfFault, pdfFault } from '../faults.ts';

/** One picture of an A4 page in 600 dpi and colour is 104 MB; nothing in a letter needs more. */
const STREAM_BYTES_MAX = 128 * 1024 * 1024;

/**
 * Unpacks a FlateDecode stream and so checks its checksum. @libpdf/core answers a broken stream with what it got so
 * far, and pdfium draws nothing: neither says that something is missing.
 */
export function streamFault(stream: PdfStream): PdfFault | undefined {
  const filter = stream.get('Filter');
  const first = filter instanceof PdfArray ? filter.at(0) : filter;
  if (!(first instanceof PdfName) || first.value !== 'FlateDecode') return undefined;
  try {
    // A cut tail is forgiven as every reader does: many writers give /Length one byte short.
    inflateSync(stream.data, { maxOutputLength: STREAM_BYTES_MAX, finishFlush: constants.Z_SYNC_FLUSH });
    return undefined;
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    return tooLarge
      ? pdfFault('HUB_PDF_TOO_COMPLEX')
      : pdfFault('HUB_PDF_CORRUPT', 'innehållet går inte att packa upp');
  }
}
