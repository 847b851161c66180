import { characterFault } from '../intake/characters.ts';
import { isReturnReason, RETURN_REASONS } from '../returnedMail/returnReasons.ts';
import { readTable } from '../waysIn/files/table.ts';

/** What a print shop tells of a batch or of a letter. */
export interface ShopReceipt {
  /** In the file, from 1. */
  readonly line: number;
  readonly status: 'acknowledged' | 'produced' | 'posted' | 'rejected' | 'returned';
  /** Id of the batch that is acknowledged, or of the letter. */
  readonly id: string;
  /** When it happened, by the shop's clock; undefined: not told. */
  readonly at: Date | undefined;
  /** Why it was rejected; of what the post brought back, one of RETURN_REASONS. */
  readonly reason: string | undefined;
}

/** A line that is none, and what is wrong with it, in Swedish. */
export interface ReceiptFault {
  readonly line: number;
  readonly text: string;
}

export interface ReadReceipts {
  readonly receipts: readonly ShopReceipt[];
  readonly faults: readonly ReceiptFault[];
}

/** A hundred thousand letters, each produced and posted, with room for reasons. */
export const RECEIPT_BYTES_MAX = 64 * 1024 * 1024;
const LINES_MAX = 300_000;
const LINE_CHARACTERS_MAX = 2_000;
const REASON_CHARACTERS_MAX = 255;
/** More than anyone reads. */
const FAULTS_MAX = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/;
const STATUSES: readonly ShopReceipt['status'][] = ['acknowledged', 'produced', 'posted', 'rejected', 'returned'];
const FIELDS = ['batch', 'letter', 'status', 'at', 'reason'] as const;

type Line = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

/**
 * Reads a file of receipts: `.jsonl` has an object on each line, `.csv` a header and rows (docs/printshop.md). Lines that are sound count
 * although others are not; what is wrong is told line by line.
 */
export async function readReceipts(name: string, bytes: Buffer): Promise<ReadReceipts> {
  return name.endsWith('.csv') ? readCsv(bytes) : readJsonLines(bytes);
}

function readJsonLines(bytes: Buffer): ReadReceipts {
  const lines = bytes
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  if (lines.length > LINES_MAX) return refused(`Filen har fler än ${LINES_MAX} rader.`);
  return collect(
    lines.flatMap((text, n) => (text.trim() === '' ? [] : [{ line: n + 1, read: () => parseJsonLine(text) }])),
  );
}

function parseJsonLine(text: string): Line | string {
  if (text.length > LINE_CHARACTERS_MAX) return `Raden är längre än ${LINE_CHARACTERS_MAX} tecken.`;
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'Raden är inget JSON-objekt.';
  const entries = Object.entries(value);
  const odd = entries.find(([key, each]) => !isField(key) || typeof each !== 'string');
  if (odd !== undefined) return `Fältet ${odd[0].slice(0, 40)} hör inte hit eller är ingen text.`;
  return Object.fromEntries(entries);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isField(key: string): boolean {
  return FIELDS.some((field) => field === key);
}

async function readCsv(bytes: Buffer): Promise<ReadReceipts> {
  const result = await readTable(bytes);
  if (!('table' in result)) return refused(result.faults[0]?.text ?? 'Filen går inte att läsa.');
  const { rows } = result.table;
  const cellFaults = result.faults.map(({ line = 1, text }) => ({ line, text }));
  const read = collect(
    rows.map(({ line, cells }) => ({
      line,
      read: () => Object.fromEntries(FIELDS.flatMap((field) => (cells.get(field) ? [[field, cells.get(field)]] : []))),
    })),
  );
  return { receipts: read.receipts, faults: [...cellFaults, ...read.faults].slice(0, FAULTS_MAX) };
}

function refused(text: string): ReadReceipts {
  return { receipts: [], faults: [{ line: 1, text }] };
}

function collect(lines: readonly { readonly line: number; readonly read: () => Line | string }[]): ReadReceipts {
  const receipts: ShopReceipt[] = [];
  const faults: ReceiptFault[] = [];
  for (const { line, read } of lines) {
    const fields = read();
    const receipt = typeof fields === 'string' ? fields : toReceipt(line, fields);
    if (typeof receipt !== 'string') receipts.push(receipt);
    else if (faults.length < FAULTS_MAX) faults.push({ line, text: receipt });
  }
  return { receipts, faults };
}

function toReceipt(line: number, { batch, letter, status, at, reason }: Line): ShopReceipt | string {
  const known = STATUSES.find((each) => each === status);
  if (known === undefined) return `Fältet status ska vara ett av: ${STATUSES.join(', ')}.`;
  const id = known === 'acknowledged' ? batch : letter;
  if (id === undefined || !UUID.test(id)) {
    return known === 'acknowledged' ? 'Fältet batch ska vara batchens id.' : 'Fältet letter ska vara brevets id.';
  }
  if (at !== undefined && (!TIME.test(at) || Number.isNaN(Date.parse(at))))
    return 'Fältet at ska vara en tidpunkt med tidszon.';
  const wording = reasonFault(reason);
  if (wording !== undefined) return wording;
  if (known === 'rejected' && reason === undefined) return 'Fältet reason ska säga varför brevet inte skrivs ut.';
  if (known === 'returned' && !isReturnReason(reason)) {
    return `Fältet reason ska vara ett av: ${Object.keys(RETURN_REASONS).join(', ')}.`;
  }
  return { line, status: known, id, at: at === undefined ? undefined : new Date(at), reason };
}

function reasonFault(reason: string | undefined): string | undefined {
  if (reason === undefined) return undefined;
  if ([...reason].length > REASON_CHARACTERS_MAX) return `Fältet reason har fler än ${REASON_CHARACTERS_MAX} tecken.`;
  return characterFault(reason, 'line');
}
