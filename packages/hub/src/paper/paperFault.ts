import type { PdfFault } from '../pdf/faults.ts';

/** A fault as the case of a letter that cannot be printed has it; with page, attachment and places when it can be shown. */
export type PaperFault = Pick<PdfFault, 'code' | 'text' | 'page' | 'attachment' | 'areas'>;
