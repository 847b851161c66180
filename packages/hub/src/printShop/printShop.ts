import type { PrintFacts } from '../letter.ts';
import type { PaperFormat } from '../paper/printSheet.ts';
import { untilWindowOpensMs } from '../sendWindow.ts';

/** What a batch is sorted by: letters that differ in it never share a batch. */
export const BATCH_KEYS = ['envelope', 'postage', 'unit', 'flow'] as const;
export type BatchKey = (typeof BATCH_KEYS)[number];

/**
 * What the print shop tells us, and so when a letter is printed: `none`, when its batch lies with the shop; `acknowledged`, when the shop
 * has said that it has the batch; `posted`, when it has said that the letter is posted.
 */
export const PROMISES = ['none', 'acknowledged', 'posted'] as const;
export type Promised = (typeof PROMISES)[number];

/** A PDF for each letter, or one for all that are made alike (a part of the job ticket). */
export type FilesPerBatch = 'one' | 'each';

/** A print shop as its organisation configures it (docs/printshop.md). It holds no secret: those are the hub's. */
export interface PrintShopSettings {
  readonly code: string;
  readonly name: string;
  readonly handOver: HandOver;
  /** When batches are closed, in Swedish local time; none: as soon as there is something. */
  readonly cutOffs: readonly CutOff[];
  readonly lettersMax: number;
  readonly files: FilesPerBatch;
  readonly batchBy: readonly BatchKey[];
  readonly receipts: Promised;
  /** Counted from the hand-over. */
  readonly acknowledgedHours: number;
  readonly producedHours: number;
  readonly postedHours: number;
}

export type HandOver =
  /** The hub's own folder for this organisation and shop. */
  | { readonly way: 'folder' }
  | {
      readonly way: 'sftp';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      /** SHA-256 of the server's key, as `ssh-keygen -l` prints it. */
      readonly hostKey: string;
      readonly directory: string;
    };

export interface CutOff {
  /** `HH:MM` */
  readonly at: string;
  /** ISO 8601: 1 is Monday. */
  readonly weekdays: readonly number[];
}

export const LETTERS_MAX_DEFAULT = 5_000;
export const DEFAULT_SHOP_CODE = 'standard';

/** Of an organisation that has configured none: its folder, where everything is put at once and nothing is told back. */
export const DEFAULT_SHOP: PrintShopSettings = {
  code: DEFAULT_SHOP_CODE,
  name: 'Utskriftsmappen',
  handOver: { way: 'folder' },
  cutOffs: [],
  lettersMax: LETTERS_MAX_DEFAULT,
  files: 'each',
  batchBy: [],
  receipts: 'none',
  acknowledgedHours: 24,
  producedHours: 48,
  postedHours: 72,
};

/** The shop of a flow: the one that it names, or the organisation's only one, or its folder. */
export function shopOf(shops: readonly PrintShopSettings[], code: string | undefined): PrintShopSettings {
  const [first] = shops;
  if (code === undefined) return shops.length === 1 && first !== undefined ? first : DEFAULT_SHOP;
  return shops.find((shop) => shop.code === code) ?? DEFAULT_SHOP;
}

/** How long until the next cut-off, in Swedish local time; 0 where there is none. A cut-off this very minute takes the letter along. Pure. */
export function untilCutOffMs(cutOffs: readonly CutOff[], now: Date): number {
  if (cutOffs.length === 0) return 0;
  // A cut-off is a window that is open for its one minute.
  const waits = cutOffs.map(({ at, weekdays }) => untilWindowOpensMs({ from: at, to: minuteAfter(at), weekdays }, now));
  return Math.min(...waits);
}

function minuteAfter(at: string): string {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  const next = (hours * 60 + minutes + 1) % (24 * 60);
  return `${String(Math.floor(next / 60)).padStart(2, '0')}:${String(next % 60).padStart(2, '0')}`;
}

/** What the print shop needs to choose paper, envelope and postage. Never a personal number; the name stands only in the PDF. */
export interface PrintOrderFacts extends PrintFacts {
  readonly unit: string;
  readonly flow: string;
  readonly postageClass: 'economy' | 'priority';
  /** ISO 3166-1 alpha-2. */
  readonly addressCountry: string;
}

/** A letter in an envelope, or a postcard. */
export function formatOf({ envelope }: Pick<PrintOrderFacts, 'envelope'>): PaperFormat {
  return envelope === 'none' ? 'postcard' : 'letter';
}

/** Letters of one key go in one batch: the values that the shop sorts by, in its order. */
export function sortKeyOf({ batchBy }: PrintShopSettings, facts: PrintOrderFacts): string {
  const values: Readonly<Record<BatchKey, string>> = {
    envelope: facts.envelope,
    postage: facts.postageClass,
    unit: facts.unit,
    flow: facts.flow,
  };
  return batchBy.map((key) => values[key]).join('/');
}

export const PRINT_ORDER_STATES = [
  'waiting',
  'batched',
  'produced',
  'posted',
  'returned',
  'rejected',
  'withdrawn',
] as const;
/**
 * A letter's order at a print shop.
 *
 * waiting    For its shop's cut-off.
 * batched    In a batch, which says for itself how far it has come.
 * produced   The shop has printed and enveloped it.
 * posted     The shop has handed it to the post.
 * returned   The post brought it back; its letter may be ordered anew.
 * rejected   The shop will not make it, and has said why; the letter lies in a case.
 * withdrawn  It was not handed over, and will not be.
 */
export type PrintOrderState = (typeof PRINT_ORDER_STATES)[number];

/**
 * A batch's states. A batch begins when it is closed; until then its letters only wait.
 *
 * closed        Its letters are decided; it is to be handed over, again and again until it is.
 * handedOver    It lies whole with the shop.
 * acknowledged  The shop has said that it has it.
 * ended         Nothing more is waited for.
 */
export type PrintBatchState = 'closed' | 'handedOver' | 'acknowledged' | 'ended';
