import { escapeAttribute } from '@brevduva/protocol';
import { POSTCARD } from '../paper/postcard.ts';
import type { PaperFormat } from '../paper/printSheet.ts';
import type { BatchLetter, ClaimedBatch } from '../sql/printBatches.ts';
import { batchFacts } from './manifest.ts';
import { type FilesPerBatch, formatOf } from './printShop.ts';

/**
 * The batch for the person and the machine that set up the press: what is alike is one job part, with words of XJDF 2.1 (CIP4) where they
 * fit: Media, Sides, Amount. It is our own format and no XJDF document (docs/printshop.md). Counts sheets and letters; which they are, is
 * the manifest's to say.
 */
export interface JobPart {
  /** All its letters, when they lie in one PDF. */
  readonly file?: string;
  readonly format: PaperFormat;
  /** `none`: a postcard. */
  readonly envelope: string;
  /** Its letters go in the unit's own envelopes, with this in the bar code; their postage is posted on the unit. */
  readonly envelopeCode?: string;
  /** Code of the unit, where the envelopes are its own. */
  readonly costUnit?: string;
  readonly postage: string;
  readonly sides: 'OneSided' | 'TwoSidedHeadToHead';
  readonly colour: boolean;
  /** Weight in grams per square metre. A6 is a postcard. */
  readonly media: { readonly size: 'A4' | 'A6'; readonly weight: number };
  letters: number;
  sheets: number;
}

const PAPER = { size: 'A4', weight: 90 } as const;
const CARD = { size: 'A6', weight: POSTCARD.paperWeight } as const;

/** Adds letters to the parts that they belong to; parts stand in the order in which their first letter came. */
export function createJobParts(files: FilesPerBatch): {
  add(facts: BatchLetter['facts']): JobPart;
  parts(): readonly JobPart[];
} {
  const parts = new Map<string, JobPart>();
  return {
    add({ envelope, postageClass: postage, duplex, colour, sheets, envelopeCode, unit }) {
      const sides = duplex ? 'TwoSidedHeadToHead' : 'OneSided';
      const key = [envelope, postage, sides, colour, envelopeCode].join(' ');
      const own = envelopeCode === undefined ? {} : { envelopeCode, costUnit: unit };
      const media = envelope === 'none' ? CARD : PAPER;
      const file = files === 'one' ? { file: `part-${parts.size + 1}.pdf` } : {};
      const part = parts.get(key) ?? {
        ...file,
        format: formatOf({ envelope }),
        envelope,
        ...own,
        postage,
        sides,
        colour,
        media,
        letters: 0,
        sheets: 0,
      };
      part.letters += 1;
      part.sheets += sheets;
      parts.set(key, part);
      return part;
    },
    parts: () => [...parts.values()],
  };
}

function ownEnvelope({ envelopeCode, costUnit }: JobPart): string {
  return envelopeCode === undefined ? '' : ` EnvelopeCode="${envelopeCode}" CostUnit="${costUnit}"`;
}

export function jobTicketJson(batch: ClaimedBatch, files: FilesPerBatch, parts: readonly JobPart[]): string {
  return `${JSON.stringify({ ...batchFacts(batch, files), parts }, null, 2)}\n`;
}

export const JOB_TICKET_NAMESPACE = 'urn:brevduva:job-ticket:2';

/** The same in XML. Every value is a code, a number or a date but the organisation's name. */
export function jobTicketXml(batch: ClaimedBatch, files: FilesPerBatch, parts: readonly JobPart[]): string {
  const { version, organisation, printShop, closedAt, letterCount, sheetCount, receipts } = batchFacts(batch, files);
  const rows = parts.map(
    (part) =>
      `  <Part${part.file === undefined ? '' : ` File="${part.file}"`} Format="${part.format}" Envelope="${part.envelope}"${ownEnvelope(part)} Postage="${part.postage}" Sides="${part.sides}" Colour="${part.colour}" ` +
      `Letters="${part.letters}" Sheets="${part.sheets}"><Media Size="${part.media.size}" Weight="${part.media.weight}"/></Part>\n`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<JobTicket xmlns="${JOB_TICKET_NAMESPACE}" Version="${version}" JobID="${batch.id}" ` +
    `ClosedAt="${closedAt}" PrintShop="${printShop}" Files="${files}" Receipts="${receipts}" Letters="${letterCount}" Sheets="${sheetCount}">\n` +
    `  <Customer Number="${organisation.number}" Name="${escapeAttribute(organisation.name)}"/>\n${rows.join('')}</JobTicket>\n`
  );
}
