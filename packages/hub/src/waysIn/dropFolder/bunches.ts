import { createHash } from 'node:crypto';
import { type JudgedLetters, judgeOwnLetters } from '../../mailing/ownLetters.ts';
import { selectHandedInFiles } from '../../sql/fileLetters.ts';
import { type HandInContext, isRead, keyedLetter, type ReadLetter, resultRow } from './handIn.ts';
import type { OpenDelivery } from './openDelivery.ts';
import type { ResultRow } from './result.ts';

/** A result row with its place among the delivery's letters. */
export interface PlacedRow {
  readonly at: number;
  readonly row: ResultRow;
}

/** A letter with its PDF in memory and its place among the delivery's letters. */
interface PlacedLetter extends ReadLetter {
  readonly at: number;
  readonly id: string;
}

/** Letters that are judged together, and stored with one statement. */
export interface ReadBunch {
  readonly letters: readonly PlacedLetter[];
  /** Rows whose PDF could not be read. */
  readonly unread: readonly PlacedRow[];
}

export interface JudgedFlow {
  /** Their PDFs are no longer held: sound letters have theirs sealed. */
  readonly letters: readonly Omit<PlacedLetter, 'handIn'>[];
  readonly judged: JudgedLetters;
}

export interface JudgedBunch {
  /** Handed in before: by another delivery, or by an earlier try of this one. */
  readonly settled: readonly PlacedRow[];
  readonly byFlow: ReadonlyMap<string, JudgedFlow>;
}

const BUNCH_LETTERS_MAX = 100;
const BUNCH_BYTES_MAX = 8 * 1024 * 1024;
/** As many files as libuv has threads to read them; more would only be held in memory longer. */
const READ_AT_ONCE = 4;

/** Reads the PDFs of a delivery, bunch by bunch; only one bunch, and the files that are read together, are ever held. */
export async function* readBunches(
  open: Pick<OpenDelivery, 'letters' | 'readPdf' | 'readXml'>,
  deliveryId: string,
): AsyncGenerator<ReadBunch> {
  const seen = new Map<string, number>();
  let letters: PlacedLetter[] = [];
  let unread: PlacedRow[] = [];
  let bytes = 0;
  for (let start = 0; start < open.letters.length; start += READ_AT_ONCE) {
    const rows = open.letters.slice(start, start + READ_AT_ONCE);
    const pdfs = await Promise.all(rows.map(({ file }) => open.readPdf(file)));
    const xmls = await Promise.all(rows.map(({ file }) => open.readXml?.(file)));
    for (const [n, pdf] of pdfs.entries()) {
      const [row, at] = [rows[n], start + n];
      if (row === undefined) continue;
      const letter = keyedLetter(row, pdf, seen, xmls[n]);
      if (isRead(letter)) letters.push({ ...letter, at, id: letterIdOf(deliveryId, at) });
      else unread.push({ at, row: letter });
      for (const read of [pdf, xmls[n]]) bytes += read instanceof Buffer ? read.length : 0;
    }
    if (letters.length < BUNCH_LETTERS_MAX && bytes < BUNCH_BYTES_MAX) continue;
    yield { letters, unread };
    [letters, unread, bytes] = [[], [], 0];
  }
  if (letters.length > 0 || unread.length > 0) yield { letters, unread };
}

/** Judges the letters of a bunch that have not been handed in before; nothing is stored. */
export async function judgeBunch(letters: ReadBunch['letters'], context: HandInContext): Promise<JudgedBunch> {
  const { pool, system, delivery, judging } = context;
  const keys = letters.map(({ key }) => key);
  const known = await selectHandedInFiles(pool, system, keys, delivery);
  const settled: PlacedRow[] = [];
  const fresh = new Map<string, PlacedLetter[]>();
  for (const letter of letters) {
    const { at, row, key } = letter;
    const before = known.get(key)?.letterId;
    if (before === undefined) fresh.set(row.flow, [...(fresh.get(row.flow) ?? []), letter]);
    // Its own id: a node that died had stored it already, by the rules of then.
    else settled.push({ at, row: resultRow(row, before === letter.id ? 'accepted' : 'duplicate', before) });
  }
  const byFlow = new Map<string, JudgedFlow>();
  for (const [flow, some] of fresh) {
    const judged = await judgeOwnLetters(some, system, judging);
    byFlow.set(flow, { letters: some.map(({ id, at, row, key }) => ({ id, at, row, key })), judged });
  }
  return { settled, byFlow };
}

/** The same row of the same delivery is the same letter, however often a node begins anew. A UUID of version 8 (RFC 9562). */
function letterIdOf(deliveryId: string, at: number): string {
  const bytes = createHash('sha256').update(`${deliveryId} ${at}`).digest().subarray(0, 16);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
