import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { type PdfFault, pdfFault } from '../faults.ts';

export interface PdfiumReading {
  readonly faults: readonly PdfFault[];
  readonly pagesWithoutText: readonly number[];
}

let library: Promise<PDFiumLibrary> | undefined;

/** Opens every page the way a browser does. `pages` is how many there should be; 0 skips the comparison. */
export async function readByPdfium(bytes: Buffer, pages: number): Promise<PdfiumReading> {
  // One instance per worker process: compiling the WebAssembly costs more than reading a letter.
  library ??= PDFiumLibrary.init();
  const pdfium = await library;
  const document = await open(pdfium, bytes);
  if (document === undefined) return { faults: [pdfFault('HUB_PDF_CORRUPT', 'kan inte öppnas')], pagesWithoutText: [] };
  try {
    return pages === 0 ? { faults: [], pagesWithoutText: [] } : readPages(document, pages);
  } finally {
    document.destroy();
  }
}

async function open(pdfium: PDFiumLibrary, bytes: Buffer): Promise<PDFiumDocument | undefined> {
  try {
    return await pdfium.loadDocument(bytes);
  } catch {
    // The library throws plain Errors; whatever the cause, a reader cannot open it.
    return undefined;
  }
}

function readPages(document: PDFiumDocument, pages: number): PdfiumReading {
  if (document.getPageCount() !== pages)
    return { faults: [pdfFault('HUB_PDF_CORRUPT', 'sidträdet')], pagesWithoutText: [] };
  const faults: PdfFault[] = [];
  const pagesWithoutText: number[] = [];
  for (let index = 0; index < pages; index += 1) {
    const text = pageText(document, index);
    if (text === undefined) faults.push(pdfFault('HUB_PDF_CORRUPT', 'sidan kan inte visas', index + 1));
    else if (text.trim() === '') pagesWithoutText.push(index + 1);
  }
  return { faults, pagesWithoutText };
}

function pageText(document: PDFiumDocument, index: number): string | undefined {
  try {
    return document.getPage(index).getText();
  } catch {
    return undefined;
  }
}
