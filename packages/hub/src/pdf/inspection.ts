import { type PdfFault, type PdfRefusal, pdfFault } from './faults.ts';

/** What is known of a PDF that passed the intake gate. */
export interface PdfInspection {
  readonly pages: number;
  readonly pageSizes: readonly PageSize[];
  /** Has a structure tree and says so (/MarkInfo): a screen reader can follow it. */
  readonly tagged: boolean;
  /** /Lang of the catalog, e.g. "sv-SE". */
  readonly language?: string;
  readonly title?: string;
  /** As the file itself claims, e.g. "PDF/A-2a", "PDF/UA-1"; not proven here. */
  readonly claims: readonly string[];
  /** Every font that a page uses is in the file. */
  readonly fontsEmbedded: boolean;
  /** Names of those that are not. */
  readonly fontsMissing: readonly string[];
  /** 1-based numbers of pages without text: scanned, so unreadable to a screen reader. */
  readonly pagesWithoutText: readonly number[];
}

export interface PageSize {
  /** Before rotation, in points (1/72 inch). */
  readonly widthPoints: number;
  readonly heightPoints: number;
  /** Clockwise, when shown. */
  readonly rotation: 0 | 90 | 180 | 270;
}

export interface InspectLimits {
  readonly pagesMax: number;
  /** Refuse PDFs that carry other files (PDF/A-3 invoices do). */
  readonly refuseEmbeddedFiles: boolean;
}

/** Two sides a sheet; what a C5 envelope with a 100 g letter takes is far less, so this only stops mistakes. */
export const PDF_PAGES_MAX = 500;
/** As much as one whole message may be (FACTS f); the exact rule is the envelope's, judged at intake. */
export const PDF_BYTES_MAX = 2_097_152;

/** Nothing but the first bytes, so it needs no worker: is it a PDF at all, and not too large? */
export function headFaults(bytes: Buffer, bytesMax: number): PdfFault[] {
  const faults: PdfFault[] = [];
  // ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes.
  if (!bytes.subarray(0, 1024).includes('%PDF-')) faults.push(pdfFault('HUB_PDF_NOT_A_PDF', likelyKind(bytes)));
  if (bytes.length > bytesMax) faults.push(pdfFault('HUB_PDF_TOO_LARGE', `${bytes.length} byte, högst ${bytesMax}`));
  return faults;
}

export function isRefusal(result: object): result is PdfRefusal {
  return 'faults' in result;
}

/** What stops a PDF from going on paper though it may go digitally (scenario 2). Page size and rotation do not: they are put right. */
export function paperFaults(inspection: PdfInspection): PdfFault[] {
  return inspection.fontsMissing.map((font) => pdfFault('HUB_PDF_FONT_NOT_EMBEDDED', font));
}

function likelyKind(bytes: Buffer): string {
  if (bytes.length === 0) return 'filen är tom';
  if (startsWith(bytes, 'PK\u0003\u0004')) return officeKind(bytes);
  if (startsWith(bytes, '\u00d0\u00cf\u0011\u00e0')) return 'ser ut som ett äldre Officedokument';
  if (startsWith(bytes, '{\\rtf')) return 'ser ut som ett RTF-dokument';
  if (startsWith(bytes, '\u00ff\u00d8\u00ff') || startsWith(bytes, '\u0089PNG')) return 'ser ut som en bild';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(bytes.subarray(0, 200).toString('latin1'))) return 'ser ut som en webbsida';
  return 'okänt format';
}

function officeKind(bytes: Buffer): string {
  if (bytes.includes('word/')) return 'ser ut som ett Worddokument';
  if (bytes.includes('xl/')) return 'ser ut som en Excelbok';
  return 'ser ut som en zipfil';
}

function startsWith(bytes: Buffer, signature: string): boolean {
  return bytes.subarray(0, signature.length).equals(Buffer.from(signature, 'latin1'));
}
