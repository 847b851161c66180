import type { FirstPageRule } from '../letter.ts';
import type { PdfFault, PdfFaultCode } from '../pdf/faults.ts';
import type { TextLetter } from '../pdf/letter.ts';
import type { PostalAddress } from './address.ts';
import type { EnvelopeKind, PrintLayout } from './printLayout.ts';

/** One letter to be printed: our own first page with address and message, then the attachments as they are. */
export interface PrintLetter {
  /** A UUID; stands in the mark on every sheet's front. */
  readonly letterId: string;
  readonly letter: TextLetter;
  readonly address: PostalAddress;
  readonly returnAddress: PostalAddress;
  /** PDFs that passed `inspectPdf`. Never changed themselves: the print file is a copy. */
  readonly attachments: readonly Buffer[];
  /** Default true: two pages a sheet, each attachment begins on a new sheet. */
  readonly duplex?: boolean;
  /** Fewer than the envelopes take. */
  readonly sheetsMax?: number;
  /** Default true; false prints with the printer's own fonts, which may look otherwise. */
  readonly fontsMustBeEmbedded?: boolean;
  readonly layout?: PrintLayout;
  /** A letter unless given. A postcard has no attachments, no window and no layout. */
  readonly format?: PaperFormat;
  /** Default `cover`. `own` and `auto`: the first attachment's first page may show its own address, and no page of ours stands before it. */
  readonly firstPage?: FirstPageRule;
}

export const PAPER_FORMATS = ['letter', 'postcard'] as const;
export type PaperFormat = (typeof PAPER_FORMATS)[number];

/** A4, portrait, ready for the printer; or a postcard's two sides. */
export interface PrintSheets {
  /** Whose page the address of a letter stands on. */
  readonly firstPage?: 'cover' | 'own';
  /** Why it is ours where the document's own was to be tried. */
  readonly coverBecause?: readonly PdfFaultCode[];
  readonly pdf: Buffer;
  readonly sheets: number;
  /** Printed sides, blank backs not counted. */
  readonly pages: number;
  /** `none`: a postcard. */
  readonly envelope: EnvelopeKind | 'none';
  /** Paper and envelope. */
  readonly weightGrams: number;
  /** At most so many grams: the step of postage. */
  readonly postageStepGrams: number;
}

export type PrintResult = PrintSheets | { readonly faults: readonly PdfFault[] };

/** How many sheets documents of so many pages take when each begins on a sheet of its own. */
export function sheetsOf(pagesOfDocuments: readonly number[], duplex: boolean): number {
  return pagesOfDocuments.reduce((sum, pages) => sum + (duplex ? Math.ceil(pages / 2) : pages), 0);
}
