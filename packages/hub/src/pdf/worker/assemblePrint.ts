import { PDF, type PDFPage, PdfArray, PdfDict } from '@libpdf/core';
import type { ChosenEnvelope } from '../../paper/chooseEnvelope.ts';
import type { PrintLayout } from '../../paper/printLayout.ts';
import type { PrintSheets } from '../../paper/printSheet.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';
import type { FittedAttachment } from './fitAttachment.ts';
import { contentStream } from './fitToA4.ts';
import { markData } from './markData.ts';
import { createObjectFinder } from './objectFinder.ts';
import { inherited } from './pageGeometry.ts';
import { typesetMarks } from './typeset.ts';

export interface PrintParts {
  readonly letterId: string;
  readonly title: string;
  /** "sv-SE". */
  readonly language: string;
  /** Our own first pages, with their marks, and a blank back where they need one. */
  readonly own: { readonly pdf: Buffer; readonly pages: number; readonly sheets: number };
  readonly attachments: readonly FittedAttachment[];
  readonly duplex: boolean;
  readonly sheets: number;
  readonly chosen: ChosenEnvelope;
  readonly layout: PrintLayout;
}

/** Joins our own pages and the attachments to one print file: each document on its own sheet, a mark on each sheet, tags kept. */
export async function assemblePrint(parts: PrintParts): Promise<PrintSheets> {
  const pages = parts.attachments.reduce((sum, attachment) => sum + attachment.pages, parts.own.pages);
  const facts = {
    sheets: parts.sheets,
    pages,
    envelope: parts.chosen.envelope.kind,
    weightGrams: parts.chosen.weightGrams,
    postageStepGrams: parts.chosen.postageStepGrams,
  };
  if (parts.attachments.length === 0) return { pdf: parts.own.pdf, ...facts };
  const chunks: Buffer[] = [];
  const assembler = createPdfAssembler(parts, (bytes) => void chunks.push(bytes));
  await assembler.addDocument(await PDF.load(parts.own.pdf));
  const marks = await marksOf(parts);
  let sheet = 0;
  for (const attachment of parts.attachments) {
    const source = await PDF.load(attachment.pdf);
    for (const [index, page] of source.getPages().entries()) {
      if (parts.duplex && index % 2 === 1) continue;
      await markPage(source, page, marks, sheet);
      sheet += 1;
    }
    await assembler.addDocument(source);
    if (parts.duplex && attachment.pages % 2 === 1) assembler.addBlankPage();
  }
  await assembler.finish();
  return { pdf: Buffer.concat(chunks), ...facts };
}

/** The marks of the attachments' sheets, a page each. */
async function marksOf({ letterId, layout, own, sheets }: PrintParts): Promise<PDF> {
  const span = { from: own.sheets + 1, to: sheets, sheets, pagesPerSheet: 1 } as const;
  return PDF.load(typesetMarks(await markData(letterId, layout, span)).pdf);
}

/** Drawn on top, as an artifact: what is read aloud stays as it was. */
async function markPage(source: PDF, page: PDFPage, marks: PDF, index: number): Promise<void> {
  const resources = inherited(createObjectFinder(source), page, 'Resources');
  // Pages share theirs; the mark must not come along to others.
  page.dict.set('Resources', resources instanceof PdfDict ? withOwnXObjects(source, resources) : new PdfDict());
  const mark = await source.embedPage(marks, index);
  append(source, page, '/Artifact BMC');
  page.drawPage(mark);
  append(source, page, 'EMC');
}

function withOwnXObjects(source: PDF, resources: PdfDict): PdfDict {
  const own = resources.clone();
  const pictures = createObjectFinder(source).resolve(resources.get('XObject'));
  own.set('XObject', pictures instanceof PdfDict ? pictures.clone() : new PdfDict());
  return own;
}

function append(source: PDF, page: PDFPage, operators: string): void {
  const contents = createObjectFinder(source).resolve(page.dict.get('Contents'));
  const streams = contents instanceof PdfArray ? contents.toArray() : [page.dict.get('Contents') ?? new PdfArray()];
  page.dict.set('Contents', new PdfArray([...streams, contentStream(source, `\n${operators}\n`)]));
}
