import { PDF } from '@libpdf/core';
import { type AssemblyFacts, createPdfAssembler } from '../pdf/assembly/assemblePdf.ts';
import type { WriteBytes } from '../pdf/assembly/pdfFileWriter.ts';

/** Where a letter's pages lie in the joined file, counted from 1. */
export interface JoinedLetter {
  readonly letterId: string;
  readonly firstPage: number;
  readonly pages: number;
}

export interface JoinedFile {
  readonly letters: number;
  readonly pages: number;
  readonly bytes: number;
}

export interface JoinPrintFileOptions extends AssemblyFacts {
  /** Two-sided: a letter of an odd number of pages gets a blank one, so that the next begins on a front. */
  readonly duplex: boolean;
  /** Called when the letter's bytes have been taken. */
  readonly onLetter?: (letter: JoinedLetter) => Promise<void> | void;
}

/**
 * Joins print-ready PDFs, in order, to one file, and writes it piece by piece: one letter is held at a time, and eight bytes for each object
 * written. Fonts and pictures that many letters share are written once; tags stay. The sink is waited for, so that a slow disk slows it down.
 *
 * @throws what the sink throws, and an Error when a PDF cannot be read; then what has been written is no PDF.
 */
export async function joinPrintFile(
  letters: AsyncIterable<{ readonly letterId: string; readonly pdf: Uint8Array }>,
  write: WriteBytes,
  options: JoinPrintFileOptions,
): Promise<JoinedFile> {
  const assembler = createPdfAssembler(options, write);
  let count = 0;
  for await (const { letterId, pdf } of letters) {
    const { firstPage, pages } = await assembler.addDocument(await PDF.load(pdf));
    const isPadded = options.duplex && pages % 2 === 1;
    if (isPadded) assembler.addBlankPage();
    count += 1;
    await options.onLetter?.({ letterId, firstPage, pages: isPadded ? pages + 1 : pages });
  }
  return { letters: count, ...(await assembler.finish()) };
}
