import type { PaperFormat } from '../paper/printSheet.ts';
import type { BatchLetter, ClaimedBatch } from '../sql/printBatches.ts';
import { type FilesPerBatch, formatOf } from './printShop.ts';

/** Of `manifest.json` and `ticket.json`: a shop refuses what it does not know. */
export const MANIFEST_VERSION = 2;

/** What is handed over of a letter. */
export interface ManifestLetter {
  /** The letter's identity; file names say nothing (scenario 16). */
  readonly letter: string;
  readonly file: string;
  /** Where in the file, from 1. */
  readonly firstPage: number;
  readonly pages: number;
  readonly sheets: number;
  /** Of the letter's own PDF, lower-case hex. */
  readonly sha256: string;
  readonly duplex: boolean;
  readonly colour: boolean;
  readonly format: PaperFormat;
  /** `none`: a postcard has none. */
  readonly envelope: string;
  /** In the bar code on the unit's own envelopes, where it goes in one; its postage is posted on the unit by it. */
  readonly envelopeCode?: string;
  readonly postage: string;
  /** Paper and envelope. */
  readonly weightGrams: number;
  /** At most so many grams: the step of postage. */
  readonly postageStepGrams: number;
  readonly country: string;
  /** Code of the unit that bears the cost. */
  readonly unit: string;
  readonly flow: string;
}

/** The manifest in parts, so that a hundred thousand letters are never one text: `letters` line by line. */
export function manifestHead(batch: ClaimedBatch, files: FilesPerBatch): string {
  return `${JSON.stringify(batchFacts(batch, files)).slice(0, -1)},"letters":[\n`;
}

export function manifestLine(letter: ManifestLetter, isFirst: boolean): string {
  return `${isFirst ? '' : ',\n'}${JSON.stringify(letter)}`;
}

export const MANIFEST_END = '\n]}\n';

/** Fields are named one by one, so that nothing else that is carried along reaches the shop. */
export function batchFacts(
  { id, organization, shopCode, madeAt, letters, sheets, promise }: ClaimedBatch,
  files: FilesPerBatch,
) {
  return {
    version: MANIFEST_VERSION,
    batch: id,
    organisation: { number: organization.number, name: organization.name },
    printShop: shopCode,
    // When the batch was closed, so that the same batch is the same bytes however often it is built.
    closedAt: madeAt.toISOString(),
    letterCount: letters,
    sheetCount: sheets,
    receipts: promise,
    files,
  };
}

/** Where a letter lies in the batch. */
export type LetterPlace = Pick<ManifestLetter, 'file' | 'firstPage' | 'pages'>;

export function manifestLetter({ letterId, sha256, facts }: BatchLetter, place: LetterPlace): ManifestLetter {
  return {
    letter: letterId,
    ...place,
    sheets: facts.sheets,
    sha256,
    duplex: facts.duplex,
    colour: facts.colour,
    format: formatOf(facts),
    envelope: facts.envelope,
    ...(facts.envelopeCode !== undefined && { envelopeCode: facts.envelopeCode }),
    postage: facts.postageClass,
    weightGrams: facts.weightGrams,
    postageStepGrams: facts.postageStepGrams,
    country: facts.addressCountry,
    unit: facts.unit,
    flow: facts.flow,
  };
}
