import { PDF } from '@libpdf/core';
import { printedLines } from '../../paper/address.ts';
import { checkPostcard } from '../../paper/checkPostcard.ts';
import { POSTAGE_STEPS_GRAMS } from '../../paper/chooseEnvelope.ts';
import { POSTCARD, postcardWeightGrams } from '../../paper/postcard.ts';
import type { PrintLetter, PrintResult } from '../../paper/printSheet.ts';
import { createPdfAssembler } from '../assembly/assemblePdf.ts';
import { pdfFault } from '../faults.ts';
import { fitAddress } from './addressWindow.ts';
import { prepareLetter, printable } from './letterData.ts';
import { markForm } from './markForm.ts';
import { typesetPostcard } from './typeset.ts';

/** Front and back. */
const PAGES = 2;
const SHEETS = 1;

/** A letter as a postcard: address and mark on the front, the message on the back; or every fault that keeps it from being one. */
export async function composePostcard(print: PrintLetter): Promise<PrintResult> {
  const { faults: addressFaults, ...address } = fitAddress(print.address, POSTCARD.address);
  const returns = printable(printedLines(print.returnAddress).filter((line) => line !== print.letter.sender.name));
  const prepared = prepareLetter(print.letter, null);
  const set = typesetPostcard(prepared, { ...address, format: POSTCARD, returnLines: returns.data });
  const setFaults = 'faults' in set ? set.faults : set.pages > PAGES ? [pdfFault('HUB_POSTCARD_TOO_LONG')] : [];
  const hasMore = print.attachments.length > 0 || print.letter.payment !== undefined;
  const faults = [
    ...addressFaults,
    ...returns.faults,
    ...setFaults,
    ...checkPostcard({ subject: print.letter.subject, text: print.letter.body.text, hasMore }),
  ];
  if (faults.length > 0 || 'faults' in set) return { faults };
  const { language, region } = prepared.data;
  const facts = { title: print.letter.subject, language: region === null ? language : `${language}-${region}` };
  const [postageStepGrams] = POSTAGE_STEPS_GRAMS;
  return {
    pdf: await marked(set.pdf, print.letterId, facts),
    ...{ sheets: SHEETS, pages: PAGES, envelope: 'none' },
    ...{ weightGrams: postcardWeightGrams(POSTCARD), postageStepGrams },
  };
}

async function marked(pdf: Buffer, letterId: string, facts: { title: string; language: string }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const assembler = createPdfAssembler(facts, (bytes) => void chunks.push(bytes));
  await assembler.addDocument(await PDF.load(pdf), [await markForm(letterId, POSTCARD, { sheet: 1, sheets: SHEETS })]);
  await assembler.finish();
  return Buffer.concat(chunks);
}
