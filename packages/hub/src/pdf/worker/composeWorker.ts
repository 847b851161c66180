import { PRINT_LAYOUT } from '../../paper/printLayout.ts';
import type { PrintLetter, PrintResult } from '../../paper/printSheet.ts';
import type { PdfRefusal } from '../faults.ts';
import type { LetterStandard, TextLetter } from '../letter.ts';
import { addressWindow } from './addressWindow.ts';
import { assemblePrint } from './assemblePrint.ts';
import { prepareLetter } from './letterData.ts';
import { serveJobs } from './serveJobs.ts';
import { typeset } from './typeset.ts';

export type ComposeJob =
  | { readonly kind: 'letter'; readonly letter: TextLetter; readonly standard: LetterStandard }
  | { readonly kind: 'print'; readonly print: PrintLetter };

export type ComposeAnswer = { readonly pdf: Uint8Array } | PrintResult;

serveJobs<ComposeJob, ComposeAnswer>(async (job) =>
  job.kind === 'letter' ? composeLetter(job.letter, job.standard) : composePrint(job.print),
);

function composeLetter(letter: TextLetter, standard: LetterStandard): { pdf: Buffer } | PdfRefusal {
  const { data, images, faults } = prepareLetter(letter, null);
  return faults.length > 0 ? { faults } : { pdf: typeset(data, images, standard) };
}

async function composePrint(print: PrintLetter): Promise<PrintResult> {
  const layout = print.layout ?? PRINT_LAYOUT;
  const window = addressWindow(print.address, print.returnAddress, layout);
  const { data, images, faults } = prepareLetter(print.letter, window.data);
  const found = [...window.faults, ...faults];
  if (found.length > 0) return { faults: found };
  return assemblePrint({
    letterId: print.letterId,
    cover: typeset(data, images, undefined),
    attachments: print.attachments.map((bytes) => Buffer.from(bytes)),
    duplex: print.duplex ?? true,
    sheetsMax: print.sheetsMax,
    fontsMustBeEmbedded: print.fontsMustBeEmbedded ?? true,
    layout,
  });
}
