import { PRINT_LAYOUT } from '../../paper/printLayout.ts';
import type { PrintLetter, PrintResult } from '../../paper/printSheet.ts';
import { type PdfRefusal, pdfFault } from '../faults.ts';
import type { LetterStandard, TextLetter } from '../letter.ts';
import type { TemplateLetter } from '../templateLetter.ts';
import { addressWindow } from './addressWindow.ts';
import { assemblePrint } from './assemblePrint.ts';
import { type PreparedLetter, prepareLetter } from './letterData.ts';
import { serveJobs } from './serveJobs.ts';
import { TypesetError, typeset } from './typeset.ts';
import { typesetTemplate } from './typesetTemplate.ts';

export type ComposeJob =
  | { readonly kind: 'letter'; readonly letter: TextLetter; readonly standard: LetterStandard }
  | { readonly kind: 'print'; readonly print: PrintLetter }
  | { readonly kind: 'template'; readonly letter: TemplateLetter };

export type ComposeAnswer =
  | { readonly pdf: Uint8Array }
  | { readonly pdf: Uint8Array; readonly pages: number }
  | PrintResult;

serveJobs<ComposeJob, ComposeAnswer>(async (job) => {
  if (job.kind === 'template') return typesetTemplate(job.letter);
  return job.kind === 'letter' ? composeLetter(job.letter, job.standard) : composePrint(job.print);
});

function composeLetter(letter: TextLetter, standard: LetterStandard): { pdf: Buffer } | PdfRefusal {
  return typesetOrRefuse(prepareLetter(letter, null), standard);
}

/** The template is ours and tested; of what a letter brings, only a picture can stop the typesetter. */
function typesetOrRefuse(prepared: PreparedLetter, standard: LetterStandard | undefined): { pdf: Buffer } | PdfRefusal {
  if (prepared.faults.length > 0) return { faults: prepared.faults };
  try {
    return { pdf: typeset(prepared.data, prepared.images, standard) };
  } catch (error) {
    if (error instanceof TypesetError && prepared.images.length > 0) return { faults: [pdfFault('HUB_PDF_IMAGE')] };
    throw error;
  }
}

async function composePrint(print: PrintLetter): Promise<PrintResult> {
  const layout = print.layout ?? PRINT_LAYOUT;
  const window = addressWindow(print.address, print.returnAddress, layout);
  const cover = typesetOrRefuse(prepareLetter(print.letter, window.data), undefined);
  const faults = [...window.faults, ...('faults' in cover ? cover.faults : [])];
  if ('faults' in cover || faults.length > 0) return { faults };
  return assemblePrint({
    letterId: print.letterId,
    cover: cover.pdf,
    attachments: print.attachments.map((bytes) => Buffer.from(bytes)),
    duplex: print.duplex ?? true,
    sheetsMax: print.sheetsMax,
    fontsMustBeEmbedded: print.fontsMustBeEmbedded ?? true,
    layout,
  });
}
