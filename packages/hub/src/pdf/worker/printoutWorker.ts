import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { PDF } from '@libpdf/core';
import type { RectangleMm } from '../../paper/printLayout.ts';
import type { PrintPage } from '../../waysIn/printer/printPage.ts';
import { type PdfRefusal, pdfFault } from '../faults.ts';
import { pageDataMatrix } from './dataMatrix.ts';
import { fittedCopy } from './fitAttachment.ts';
import { markedPicture, pagePicture } from './pagePicture.ts';
import { pageWords } from './pageWords.ts';
import { serveJobs } from './serveJobs.ts';

export type PrintoutJob =
  | {
      readonly kind: 'read';
      readonly bytes: Uint8Array;
      readonly dataMatrix: boolean;
      readonly pagesMax: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'cut'; readonly bytes: Uint8Array; readonly spans: readonly PageSpan[] }
  | {
      readonly kind: 'picture';
      readonly bytes: Uint8Array;
      readonly page: number;
      /** As the page will lie on a sheet, with these places of it framed; undefined: as it is. */
      readonly marked?: readonly RectangleMm[];
    };

/** Pages counted from 1; both belong to it. */
export interface PageSpan {
  readonly from: number;
  readonly to: number;
  /** What the letter is called; read aloud before its text. */
  readonly title?: string;
}

export type PrintoutAnswer =
  | { readonly pages: readonly PrintPage[]; readonly pageCount: number }
  | { readonly letters: readonly Uint8Array[] }
  | { readonly png: Uint8Array }
  | PdfRefusal;

serveJobs<PrintoutJob, PrintoutAnswer>((job) => {
  switch (job.kind) {
    case 'read':
      return readPages(job);
    case 'cut':
      return cutOut(job);
    case 'picture':
      return showPage(job);
  }
});

/** Of a printout that does not say. */
const LANGUAGE = 'sv-SE';

let library: Promise<PDFiumLibrary> | undefined;

async function readPages({
  bytes,
  dataMatrix,
  pagesMax,
  from,
  to,
}: PrintoutJob & { kind: 'read' }): Promise<PrintoutAnswer> {
  return withDocument(bytes, async (document) => {
    const count = document.getPageCount();
    if (count === 0) return { faults: [pdfFault('HUB_PDF_NO_PAGES')] };
    if (count > pagesMax) return { faults: [pdfFault('HUB_PDF_TOO_MANY_PAGES', `${count}, högst ${pagesMax}`)] };
    const pages: PrintPage[] = [];
    for (let index = from - 1; index < Math.min(to, count); index++) {
      const page = document.getPage(index);
      pages.push({ words: pageWords(page), dataMatrix: dataMatrix ? await pageDataMatrix(page) : [] });
    }
    return { pages, pageCount: count };
  });
}

/** Each span as a PDF of its own, in the order of the spans. */
async function cutOut({ bytes, spans }: PrintoutJob & { kind: 'cut' }): Promise<PrintoutAnswer> {
  const pdf = await PDF.load(bytes);
  const letters: Uint8Array[] = [];
  const language = pdf.getLanguage() ?? LANGUAGE;
  for (const { from, to, title } of spans) {
    const indexes = Array.from({ length: to - from + 1 }, (_, n) => from - 1 + n);
    const letter = await pdf.extractPages(indexes);
    // Neither comes along by itself, and the printout's own title may name another recipient.
    letter.setTitle(title ?? '', { showInWindowTitleBar: title !== undefined });
    letter.setLanguage(language);
    letters.push(await letter.save());
  }
  return { letters };
}

async function showPage({ bytes, page, marked }: PrintoutJob & { kind: 'picture' }): Promise<PrintoutAnswer> {
  if (marked === undefined) {
    return withDocument(bytes, async (document) => ({ png: await pagePicture(document.getPage(page - 1)) }));
  }
  const fitted = await fittedCopy(Buffer.from(bytes));
  return withDocument(fitted, async (document) => ({ png: await markedPicture(document.getPage(page - 1), marked) }));
}

async function withDocument(
  bytes: Uint8Array,
  work: (document: PDFiumDocument) => Promise<PrintoutAnswer>,
): Promise<PrintoutAnswer> {
  library ??= PDFiumLibrary.init();
  const pdfium = await library;
  let document: PDFiumDocument;
  try {
    document = await pdfium.loadDocument(bytes);
  } catch {
    // The library throws plain Errors; whatever the cause, a reader cannot open it.
    return { faults: [pdfFault('HUB_PDF_CORRUPT', 'kan inte öppnas')] };
  }
  try {
    return await work(document);
  } finally {
    document.destroy();
  }
}
