import { PDF } from '@libpdf/core';
import { type AssemblyFacts, createPdfAssembler } from '../pdf/assembly/assemblePdf.ts';
import { readOwnPdf } from '../pdf/assembly/ownPdf.ts';
import type { WriteBytes } from '../pdf/assembly/pdfFileWriter.ts';

/** One file of many letters, that grows letter by letter. */
export interface PrintFile {
  /**
   * Adds a print-ready PDF and returns when its bytes have been taken: a slow disk slows down who adds.
   *
   * @returns where its pages lie in the file, counted from 1
   * @throws what the sink throws, and an Error when the PDF cannot be read; then what has been written is no PDF
   */
  add(pdf: Uint8Array): Promise<{ readonly firstPage: number; readonly pages: number }>;
  finish(): Promise<{ readonly pages: number; readonly bytes: number }>;
}

export interface PrintFileOptions extends AssemblyFacts {
  /** Two-sided: a letter of an odd number of pages gets a blank one, so that the next begins on a front. */
  readonly duplex: boolean;
}

/**
 * Joins print-ready PDFs, in order, to one file, and writes it piece by piece: one letter is held at a time, and eight bytes for each object
 * written. Fonts and pictures that many letters share are written once; tags stay.
 */
export function createPrintFile(write: WriteBytes, options: PrintFileOptions): PrintFile {
  const assembler = createPdfAssembler(options, write);
  return {
    async add(pdf) {
      const own = readOwnPdf(pdf);
      const added = own ? assembler.addOwnDocument(own) : assembler.addDocument(await PDF.load(pdf));
      const { firstPage, pages } = await added;
      if (!options.duplex || pages % 2 === 0) return { firstPage, pages };
      assembler.addBlankPage();
      return { firstPage, pages: pages + 1 };
    },
    finish: () => assembler.finish(),
  };
}
