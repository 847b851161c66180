import type { PrintLetter, PrintResult } from '../../paper/printSheet.ts';
import type { PdfRefusal } from '../faults.ts';
import type { LetterStandard, TextLetter } from '../letter.ts';
import type { TemplateLetter } from '../templateLetter.ts';
import { composePrint } from './composePrint.ts';
import { prepareLetter } from './letterData.ts';
import { serveJobs } from './serveJobs.ts';
import { typesetOrRefuse } from './typeset.ts';
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
  const set = typesetOrRefuse(prepareLetter(letter, null), standard);
  return 'faults' in set ? set : { pdf: set.pdf };
}
