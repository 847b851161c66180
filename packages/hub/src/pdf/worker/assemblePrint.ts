import {
  degrees,
  PDF,
  type PDFPage,
  PdfArray,
  PdfName,
  PdfNumber,
  type PdfObject,
  PdfRef,
  PdfStream,
} from '@libpdf/core';
import {
  A4_HEIGHT_POINTS,
  A4_WIDTH_POINTS,
  POINTS_PER_MM,
  type PrintLayout,
  SHEETS_MAX,
} from '../../paper/printLayout.ts';
import { type PrintSheets, sheetsOf } from '../../paper/printSheet.ts';
import { type PdfFault, type PdfRefusal, pdfFault } from '../faults.ts';
import { missingFonts } from './fonts.ts';
import { LETTER_FONT_REGULAR } from './letterFont.ts';
import { createObjectFinder } from './objectFinder.ts';
import { type PageGeometry, pageGeometry } from './pageGeometry.ts';

export interface PrintParts {
  readonly letterId: string;
  /** Our own first document. */
  readonly cover: Buffer;
  readonly attachments: readonly Buffer[];
  readonly duplex: boolean;
  readonly sheetsMax: number | undefined;
  readonly fontsMustBeEmbedded: boolean;
  readonly layout: PrintLayout;
}

const MARK_SIZE_POINTS = 6;
/** A wide page's top lies along the edge where sheets are bound. */
const COUNTERCLOCKWISE = 270;

/** Joins cover and attachments to one print file: A4 portrait, each document on its own sheet, a mark on each sheet. */
export async function assemblePrint(parts: PrintParts): Promise<PrintSheets | PdfRefusal> {
  const pdf = await PDF.load(parts.cover);
  const sources = await Promise.all(parts.attachments.map(loadAttachment));
  const counts = [pdf.getPageCount(), ...sources.map((source) => source?.getPageCount() ?? 0)];
  const sheets = sheetsOf(counts, parts.duplex);
  const faults = [
    ...sources.flatMap((source, index) => attachmentFaults(source, index, parts)),
    ...sheetFaults(sheets, parts),
  ];
  if (faults.length > 0) return { faults };
  if (parts.duplex) padToSheet(pdf);
  for (const [attachment, source] of sources.entries()) {
    if (source === undefined || !(await appendDocument(pdf, source)))
      return { faults: [{ ...pdfFault('HUB_PDF_CORRUPT'), attachment }] };
    if (parts.duplex) padToSheet(pdf);
  }
  markSheets(pdf, parts, sheets);
  return {
    pdf: Buffer.from(await pdf.save({ subsetFonts: true })),
    sheets,
    pages: counts.reduce((sum, count) => sum + count, 0),
  };
}

async function loadAttachment(bytes: Buffer): Promise<PDF | undefined> {
  try {
    const pdf = await PDF.load(bytes);
    return pdf.isEncrypted || pdf.getPageCount() === 0 ? undefined : pdf;
  } catch {
    // It passed the gate once; whatever is wrong now, it cannot be printed, and the fault says so.
    return undefined;
  }
}

function attachmentFaults(source: PDF | undefined, attachment: number, parts: PrintParts): PdfFault[] {
  if (source === undefined) return [{ ...pdfFault('HUB_PDF_CORRUPT'), attachment }];
  const finder = createObjectFinder(source);
  const sizeless = source.getPages().findIndex((page) => pageGeometry(finder, page) === undefined);
  if (sizeless !== -1) return [{ ...pdfFault('HUB_PDF_CORRUPT', 'sidans mått', sizeless + 1), attachment }];
  if (!parts.fontsMustBeEmbedded) return [];
  const fonts = missingFonts(finder, source.getPages());
  return fonts.map((font) => ({ ...pdfFault('HUB_PDF_FONT_NOT_EMBEDDED', font), attachment }));
}

function sheetFaults(sheets: number, parts: PrintParts): PdfFault[] {
  const max = parts.sheetsMax ?? SHEETS_MAX;
  return sheets > max ? [pdfFault('HUB_PDF_TOO_MANY_SHEETS', `${sheets} blad, högst ${max}`)] : [];
}

function padToSheet(pdf: PDF): void {
  if (pdf.getPageCount() % 2 === 1) pdf.addPage({ width: A4_WIDTH_POINTS, height: A4_HEIGHT_POINTS });
}

/** False when the file's own objects make it impossible; the gate reads less of them than copying does. */
async function appendDocument(pdf: PDF, source: PDF): Promise<boolean> {
  try {
    await copyDocument(pdf, source);
    return true;
  } catch {
    return false;
  }
}

async function copyDocument(pdf: PDF, source: PDF): Promise<void> {
  // Form fields and notes become ink: on paper nobody fills in anything.
  source.flattenAll();
  const finder = createObjectFinder(source);
  const geometries = source.getPages().map((page) => pageGeometry(finder, page));
  const indices = Array.from({ length: source.getPageCount() }, (_, index) => index);
  const pages = await pdf.copyPagesFrom(source, indices, { includeAnnotations: false });
  for (const [index, page] of pages.entries()) fitToA4(pdf, page, geometries[index]);
}

/** Turns and shrinks a page into A4 portrait, centred; never enlarges. Its own operators stay as they are. */
function fitToA4(pdf: PDF, page: PDFPage, geometry: PageGeometry | undefined): void {
  if (geometry === undefined) throw new Error('a page without size passed the faults');
  const { x, y, width, height } = geometry;
  const matrix = a4Matrix(geometry).map((each) => each.toFixed(5));
  wrapContents(pdf, page, `q ${matrix.join(' ')} cm ${x} ${y} ${width} ${height} re W n\n`);
  for (const name of ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox', 'Rotate', 'UserUnit'])
    page.dict.delete(name);
  page.dict.set(
    'MediaBox',
    PdfArray.of(...[0, 0, A4_WIDTH_POINTS, A4_HEIGHT_POINTS].map((each) => PdfNumber.of(each))),
  );
  page.dict.set('Rotate', PdfNumber.of(0));
}

function a4Matrix(box: PageGeometry): [number, number, number, number, number, number] {
  const { rotation } = box;
  const wide = rotation % 180 === 0 ? box.width > box.height : box.height > box.width;
  const turn = (rotation + (wide ? COUNTERCLOCKWISE : 0)) % 360;
  const [width, height] = turn % 180 === 0 ? [box.width, box.height] : [box.height, box.width];
  const scale = Math.min(1, A4_WIDTH_POINTS / width, A4_HEIGHT_POINTS / height);
  // Clockwise by `turn`, about the middle of the page, then that middle onto the middle of A4.
  const radians = (-turn * Math.PI) / 180;
  const [cos, sin] = [Math.round(Math.cos(radians)) * scale, Math.round(Math.sin(radians)) * scale];
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  const x = A4_WIDTH_POINTS / 2 - (cos * middleX - sin * middleY);
  const y = A4_HEIGHT_POINTS / 2 - (sin * middleX + cos * middleY);
  return [cos, sin, -sin, cos, x, y];
}

function wrapContents(pdf: PDF, page: PDFPage, before: string): void {
  const contents = page.dict.get('Contents');
  const resolved = contents instanceof PdfRef ? pdf.getObject(contents) : contents;
  const streams: PdfObject[] =
    resolved instanceof PdfArray ? resolved.toArray() : contents === undefined ? [] : [contents];
  const wrapped = [contentStream(pdf, before), ...streams, contentStream(pdf, '\nQ\n')];
  page.dict.set(PdfName.Contents, new PdfArray(wrapped));
}

function contentStream(pdf: PDF, operators: string): PdfRef {
  return pdf.register(new PdfStream([], Buffer.from(operators, 'latin1')));
}

/** On the front of each sheet, upwards along the left edge: which letter, which sheet. */
function markSheets(pdf: PDF, parts: PrintParts, sheets: number): void {
  const font = pdf.embedFont(LETTER_FONT_REGULAR);
  const pagesPerSheet = parts.duplex ? 2 : 1;
  pdf.getPages().forEach((page, index) => {
    if (index % pagesPerSheet !== 0) return;
    page.drawText(`${parts.letterId}  blad ${index / pagesPerSheet + 1}/${sheets}`, {
      x: parts.layout.markLeftMm * POINTS_PER_MM,
      y: parts.layout.markBottomMm * POINTS_PER_MM,
      font,
      size: MARK_SIZE_POINTS,
      rotate: degrees(90),
    });
  });
}
