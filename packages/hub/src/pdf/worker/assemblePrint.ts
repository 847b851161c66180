import { PDF } from '@libpdf/core';
import type { ChosenEnvelope } from '../../paper/chooseEnvelope.ts';
import type { PrintLayout } from '../../paper/printLayout.ts';
import type { PrintSheets } from '../../paper/printSheet.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';
import type { PageForm } from '../assembly/pageForms.ts';
import type { PdfFaultCode } from '../faults.ts';
import type { FittedAttachment } from './fitAttachment.ts';
import { markForm } from './markForm.ts';

export interface PrintParts {
  readonly letterId: string;
  readonly title: string;
  /** "sv-SE". */
  readonly language: string;
  /** Our own first pages; undefined: the first attachment shows its own address. */
  readonly own: { readonly pdf: Buffer; readonly pages: number } | undefined;
  readonly coverBecause?: readonly PdfFaultCode[];
  readonly attachments: readonly FittedAttachment[];
  readonly duplex: boolean;
  readonly sheets: number;
  readonly chosen: ChosenEnvelope;
  readonly layout: PrintLayout;
}

/** Joins our own pages and the attachments to one print file: each document on its own sheet, a mark on each sheet, tags kept. */
export async function assemblePrint(parts: PrintParts): Promise<PrintSheets> {
  const documents = parts.own === undefined ? parts.attachments : [parts.own, ...parts.attachments];
  const pages = documents.reduce((sum, document) => sum + document.pages, 0);
  const facts = {
    firstPage: parts.own === undefined ? ('own' as const) : ('cover' as const),
    ...(parts.coverBecause && { coverBecause: parts.coverBecause }),
    sheets: parts.sheets,
    pages,
    envelope: parts.chosen.envelope.kind,
    weightGrams: parts.chosen.weightGrams,
    postageStepGrams: parts.chosen.postageStepGrams,
  };
  const chunks: Buffer[] = [];
  const assembler = createPdfAssembler(parts, (bytes) => void chunks.push(bytes));
  let sheet = 0;
  for (const document of documents) {
    const marks: PageForm[] = [];
    for (let page = 0; page < document.pages; page += parts.duplex ? 2 : 1) {
      sheet += 1;
      marks[page] = await markForm(parts.letterId, parts.layout, { sheet, sheets: parts.sheets });
    }
    await assembler.addDocument(await PDF.load(document.pdf), marks);
    if (parts.duplex && document.pages % 2 === 1) assembler.addBlankPage();
  }
  await assembler.finish();
  return { pdf: Buffer.concat(chunks), ...facts };
}
