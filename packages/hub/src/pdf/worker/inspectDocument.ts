import { PDF, type PDFPage, PdfDict, type PdfObject, type PdfRef, PdfStream, SecurityError } from '@libpdf/core';
import { type PdfFault, type PdfRefusal, pdfFault } from '../faults.ts';
import type { InspectLimits, PageSize, PdfInspection } from '../inspection.ts';
import { type ActiveFindings, findActiveContent } from './activeContent.ts';
import { missingFonts } from './fonts.ts';
import { createObjectFinder, type ObjectFinder } from './objectFinder.ts';
import { pageGeometry } from './pageGeometry.ts';
import { readByPdfium } from './pdfium.ts';
import { streamFault } from './streams.ts';

/**
 * Reads the whole PDF with two readers that know nothing of each other: @libpdf/core for what stands in it, pdfium
 * (the one in Chrome) for whether the recipient can open every page. Runs in a worker: bytes are hostile.
 */
export async function inspectDocument(bytes: Buffer, limits: InspectLimits): Promise<PdfInspection | PdfRefusal> {
  try {
    const pdf = await PDF.load(bytes);
    if (pdf.isEncrypted) return { faults: [pdfFault('HUB_PDF_ENCRYPTED')] };
    return await inspectReadable(bytes, pdf, limits);
  } catch (error) {
    return { faults: [loadFault(error)] };
  }
}

async function inspectReadable(bytes: Buffer, pdf: PDF, limits: InspectLimits): Promise<PdfInspection | PdfRefusal> {
  const finder = createObjectFinder(pdf);
  const structure = structureFaults(pdf, limits);
  const pages = structure.length === 0 ? pdf.getPages() : [];
  const active = findActiveContent(finder, [pdf.getCatalog()]);
  const streams = finder.streams().flatMap((stream) => streamFault(stream) ?? []);
  const sizes = pages.map((page) => pageSize(finder, page));
  const read = await readByPdfium(bytes, pages.length);
  const faults = dropFollowers([
    ...structure,
    ...streams.slice(0, 1),
    ...sizes.flatMap((size, index) =>
      size === undefined ? [pdfFault('HUB_PDF_CORRUPT', 'sidans mått', index + 1)] : [],
    ),
    ...read.faults,
    ...activeFaults(active, limits),
  ]);
  if (faults.length > 0) return { faults };
  const fonts = missingFonts(finder, pages);
  return {
    pages: pages.length,
    pageSizes: sizes.filter((size) => size !== undefined),
    ...documentFacts(pdf),
    fontsEmbedded: fonts.length === 0,
    fontsMissing: fonts,
    pagesWithoutText: read.pagesWithoutText,
  };
}

function structureFaults(pdf: PDF, limits: InspectLimits): PdfFault[] {
  // Recovered by searching for objects: nobody knows which pages or revisions got lost.
  if (pdf.recoveredViaBruteForce) return [pdfFault('HUB_PDF_CORRUPT', 'objekttabellen')];
  const root = pdf.getCatalog().get('Pages', (ref) => pdf.getObject(ref));
  if (!(root instanceof PdfDict)) return [pdfFault('HUB_PDF_CORRUPT', 'sidträdet saknas')];
  const stated = root.getNumber('Count', (ref) => pdf.getObject(ref))?.value;
  const count = pdf.getPageCount();
  if (stated !== count) return [pdfFault('HUB_PDF_CORRUPT', `anger ${stated ?? 'inga'} sidor men har ${count}`)];
  if (count === 0) return [pdfFault('HUB_PDF_NO_PAGES')];
  return count > limits.pagesMax ? [pdfFault('HUB_PDF_TOO_MANY_PAGES', `${count}, högst ${limits.pagesMax}`)] : [];
}

function activeFaults(active: ActiveFindings, limits: InspectLimits): PdfFault[] {
  return [
    ...active.kinds.map((kind) => pdfFault('HUB_PDF_ACTIVE_CONTENT', kind)),
    ...(limits.refuseEmbeddedFiles ? active.embeddedFiles.map((name) => pdfFault('HUB_PDF_EMBEDDED_FILE', name)) : []),
  ];
}

/** One "corrupt" without a page says all that the others repeat. */
function dropFollowers(faults: readonly PdfFault[]): PdfFault[] {
  const whole = faults.find((fault) => fault.code === 'HUB_PDF_CORRUPT' && fault.page === undefined);
  if (whole === undefined) return [...faults];
  return faults.filter((fault) => fault === whole || fault.code !== 'HUB_PDF_CORRUPT');
}

function pageSize(finder: ObjectFinder, page: PDFPage): PageSize | undefined {
  const geometry = pageGeometry(finder, page);
  return geometry && { widthPoints: geometry.width, heightPoints: geometry.height, rotation: geometry.rotation };
}

function documentFacts(pdf: PDF): Pick<PdfInspection, 'tagged' | 'language' | 'title' | 'claims'> {
  const resolve = (ref: PdfRef): PdfObject | null => pdf.getObject(ref);
  const catalog = pdf.getCatalog();
  const marked = catalog.getDict('MarkInfo', resolve)?.getBool('Marked', resolve)?.value === true;
  const language = pdf.getLanguage()?.trim() ?? '';
  const title = pdf.getTitle()?.trim() ?? '';
  const metadata = catalog.get('Metadata', resolve);
  return {
    tagged: marked && catalog.getDict('StructTreeRoot', resolve) !== undefined,
    ...(language === '' ? {} : { language }),
    ...(title === '' ? {} : { title }),
    claims: metadata instanceof PdfStream ? claimsOf(Buffer.from(metadata.getDecodedData()).toString('utf8')) : [],
  };
}

/** XMP writes a claim as element or attribute. */
function claimsOf(xmp: string): string[] {
  const value = (name: string): string | undefined =>
    new RegExp(`${name}(?:>|\\s*=\\s*["'])([0-9]+|[A-Za-z])[<"']`).exec(xmp)?.[1];
  const part = value('pdfaid:part');
  const universal = value('pdfuaid:part');
  return [
    ...(part === undefined ? [] : [`PDF/A-${part}${value('pdfaid:conformance')?.toLowerCase() ?? ''}`]),
    ...(universal === undefined ? [] : [`PDF/UA-${universal}`]),
  ];
}

function loadFault(error: unknown): PdfFault {
  if (error instanceof SecurityError) return pdfFault('HUB_PDF_ENCRYPTED');
  // Stack and memory limits: nested too deep, or unpacks to too much.
  if (error instanceof RangeError) return pdfFault('HUB_PDF_TOO_COMPLEX');
  return pdfFault('HUB_PDF_CORRUPT');
}
