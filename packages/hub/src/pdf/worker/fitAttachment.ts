import { PDF } from '@libpdf/core';
import type { PrintLayout } from '../../paper/printLayout.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';
import { type PdfFault, pdfFault } from '../faults.ts';
import { fitToA4 } from './fitToA4.ts';
import { missingFonts } from './fonts.ts';
import { inkFaults } from './inkFaults.ts';
import { createObjectFinder } from './objectFinder.ts';
import { type PageGeometry, pageGeometry } from './pageGeometry.ts';

/** A copy of an attachment, its pages A4 portrait, its tags kept. */
export interface FittedAttachment {
  readonly pdf: Buffer;
  readonly pages: number;
}

export interface FitOptions {
  readonly fontsMustBeEmbedded: boolean;
  readonly layout: PrintLayout;
  readonly duplex: boolean;
}

export interface FitResult {
  /** Undefined when it cannot be printed at all. */
  readonly fitted: FittedAttachment | undefined;
  readonly faults: readonly PdfFault[];
}

/** Turns and shrinks every page onto A4; form fields and notes become ink, since on paper nobody fills in anything. */
export async function fitAttachment(bytes: Buffer, options: FitOptions): Promise<FitResult> {
  try {
    const source = await PDF.load(bytes);
    if (source.isEncrypted || source.getPageCount() === 0) return corrupt();
    const finder = createObjectFinder(source);
    const geometries = source.getPages().map((page) => pageGeometry(finder, page));
    const sizeless = geometries.indexOf(undefined);
    if (sizeless !== -1) return corrupt('sidans mått', sizeless + 1);
    const fonts = options.fontsMustBeEmbedded ? missingFonts(finder, source.getPages()) : [];
    const faults = fonts.map((font) => pdfFault('HUB_PDF_FONT_NOT_EMBEDDED', font));
    fitPages(source, geometries);
    const pdf = await rewritten(source);
    const ink = await inkFaults(pdf, options.layout, options.duplex);
    return { fitted: { pdf, pages: geometries.length }, faults: [...faults, ...ink] };
  } catch {
    // It passed the gate once, which reads less of it than copying does; whatever is wrong now, it cannot be printed, and the fault says so.
    return corrupt();
  }
}

/** The same pages as they will lie on the sheets, whatever is wrong with them; those that have no size stay as they are. */
export async function fittedCopy(bytes: Buffer): Promise<Buffer> {
  const source = await PDF.load(bytes);
  const finder = createObjectFinder(source);
  fitPages(
    source,
    source.getPages().map((page) => pageGeometry(finder, page)),
  );
  return rewritten(source);
}

function fitPages(source: PDF, geometries: readonly (PageGeometry | undefined)[]): void {
  source.flattenAll();
  for (const [index, page] of source.getPages().entries()) {
    page.dict.delete('Annots');
    const geometry = geometries[index];
    if (geometry !== undefined) fitToA4(source, page, geometry);
  }
}

async function rewritten(source: PDF): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const facts = { title: source.getTitle() ?? '', language: source.getLanguage() ?? 'sv' };
  const assembler = createPdfAssembler(facts, (bytes) => void chunks.push(bytes));
  await assembler.addDocument(source);
  await assembler.finish();
  return Buffer.concat(chunks);
}

function corrupt(what?: string, page?: number): FitResult {
  return { fitted: undefined, faults: [pdfFault('HUB_PDF_CORRUPT', what, page)] };
}
