import { access, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Log, newId } from '@brevduva/base';
import type { PrintoutReader } from '@brevduva/hub';
import { type SetFault, SLOW_MS_DEFAULT } from '../faults.ts';
import { readBatch } from './readBatch.ts';
import { type ReceiptLine, receiptLine, writeReceiptFile } from './receiptFile.ts';
import type { ShopBatch, ShopLetter } from './shopBatch.ts';
import type { ShopStore } from './shopStore.ts';

export interface PressOptions {
  /** Of each customer's installation: below it `<organisation number>/<shop code>/` with batches and receipts. */
  readonly roots: readonly string[];
  /** The name under which customers know this shop. */
  readonly code: string;
  readonly store: ShopStore;
  readonly reader: PrintoutReader;
  /** The fault that the next letter meets, which it counts. */
  readonly takeFault: () => Promise<SetFault | undefined>;
  /** Whether nothing is taken and nothing told. */
  readonly isDown: () => Promise<boolean>;
  /** Counted from when a batch is taken. */
  readonly producedAfterMs: number;
  readonly postedAfterMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

const ORGANISATION = /^\d{12}$/;
const BATCH = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const REJECT_REASON = 'Papperet fastnade i pressen och brevet blev förstört.';

/** One round: takes the batches that are there, and makes what is due. @returns how much was done. */
export async function runPress(options: PressOptions): Promise<number> {
  if (await options.isDown()) return 0;
  let done = 0;
  for (const folder of await customerFolders(options)) done += await takeBatches(folder, options);
  for (const batch of options.store.list()) done += await goOn(batch, options);
  return done;
}

/** Where the batch's files lie: it is moved when it is taken. */
export async function batchFolder({ id, folder }: Pick<ShopBatch, 'id' | 'folder'>): Promise<string> {
  const done = join(folder, 'done', id);
  return access(done).then(
    () => done,
    () => join(folder, 'batches', id),
  );
}

async function customerFolders({ roots, code }: PressOptions): Promise<string[]> {
  const found = await Promise.all(
    roots.map(async (root) => {
      const names = await namesIn(root);
      return names.filter((name) => ORGANISATION.test(name)).map((name) => join(root, name, code));
    }),
  );
  return found.flat();
}

async function takeBatches(folder: string, options: PressOptions): Promise<number> {
  const ids = (await namesIn(join(folder, 'batches'))).filter((name) => BATCH.test(name));
  for (const id of ids) {
    // A batch that is seen again is not printed again.
    if (options.store.find(id) === undefined) await take(id, folder, options);
    await putAside(id, folder);
  }
  return ids.length;
}

async function take(id: string, folder: string, { store, reader, takeFault, clock, log }: PressOptions): Promise<void> {
  const { letters, ...opened } = await readBatch(join(folder, 'batches', id), reader);
  let delayMs = 0;
  const fated: ShopLetter[] = [];
  for (const letter of letters) {
    const fault = await takeFault();
    if (fault?.kind === 'slow') delayMs = Math.max(delayMs, fault.delayMs ?? SLOW_MS_DEFAULT);
    fated.push({ ...letter, fate: fault?.kind });
  }
  const takenAt = clock.now().toISOString();
  await store.save({ id, folder, takenAt, delayMs, ...opened, letters: fated, isAcknowledged: false, told: 0 });
  log.info({ batchId: id, letters: letters.length, fault: opened.fault }, 'the development print shop took a batch');
}

async function putAside(id: string, folder: string): Promise<void> {
  const from = join(folder, 'batches', id);
  try {
    await rename(from, join(folder, 'done', id));
  } catch (error) {
    // It lies there already, from before a crash of the customer's.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(from, { recursive: true });
  }
}

async function goOn(kept: ShopBatch, options: PressOptions): Promise<number> {
  if (!isUnderWay(kept)) return 0;
  const { clock, producedAfterMs, postedAfterMs } = options;
  // Kept as it is until it is told: what could not be written is tried again.
  const batch = structuredClone(kept);
  const passedMs = clock.now().getTime() - Date.parse(batch.takenAt) - batch.delayMs;
  const lines: string[] = [];
  if (!batch.isAcknowledged && passedMs >= 0 && !batch.letters.every(isSilent)) {
    batch.isAcknowledged = true;
    lines.push(receiptLine({ batch: batch.id, status: 'acknowledged', at: clock.now().toISOString() }));
    // What was no good was seen when it was opened.
    for (const letter of batch.letters) if (letter.state === 'rejected') lines.push(letterLine(letter, options));
  }
  const moving = batch.letters.filter((letter) => !isSilent(letter));
  if (passedMs >= producedAfterMs) for (const letter of moving) lines.push(...produce(letter, options));
  if (passedMs >= postedAfterMs) for (const letter of moving) lines.push(...post(letter, options));
  const hasMoved = lines.length > 0 || batch.letters.some(({ state }, n) => state !== kept.letters[n]?.state);
  if (!hasMoved) return 0;
  await tell(batch, lines, options);
  return 1;
}

function isUnderWay({ fault, isAcknowledged, letters }: ShopBatch): boolean {
  if (fault !== undefined) return false;
  return !isAcknowledged || letters.some(({ state }) => state === 'taken' || state === 'produced');
}

const isSilent = ({ fate }: ShopLetter) => fate === 'accept-then-silence';

function produce(letter: ShopLetter, options: Pick<PressOptions, 'clock'>): string[] {
  if (letter.state !== 'taken') return [];
  letter.state = letter.fate === 'refuse-for-good' ? 'rejected' : 'produced';
  if (letter.state === 'rejected') letter.reason = REJECT_REASON;
  const line = letterLine(letter, options);
  return letter.fate === 'tells-twice' ? [line, line] : [line];
}

function post(letter: ShopLetter, options: Pick<PressOptions, 'clock'>): string[] {
  if (letter.state !== 'produced') return [];
  letter.state = letter.fate === 'loses-letter' ? 'lost' : 'posted';
  if (letter.state === 'lost') return [];
  const line = letterLine(letter, options);
  if (letter.fate === 'tells-twice') return [line, line];
  if (letter.fate === 'tells-of-unknown') return [line, unknownLine(options)];
  return letter.fate === 'wrong-answer' ? [brokenLine(line)] : [line];
}

/** Of a letter that nobody has handed over. */
export function unknownLine({ clock }: Pick<PressOptions, 'clock'>): string {
  return receiptLine({ letter: newId(), status: 'posted', at: clock.now().toISOString() });
}

/** As when the disk was full in the middle of it. */
export function brokenLine(line: string): string {
  return line.slice(0, line.length / 2);
}

/** What the customer is told of the letter as it is now. */
export function letterLine({ letter, state, reason }: ShopLetter, { clock }: Pick<PressOptions, 'clock'>): string {
  const status: ReceiptLine['status'] = state === 'taken' || state === 'lost' ? 'produced' : state;
  const why = reason === undefined ? {} : { reason };
  return receiptLine({ letter, status, at: clock.now().toISOString(), ...why });
}

/** The receipts first: killed between the two, they are written again, and say nothing new. */
export async function tell(batch: ShopBatch, lines: readonly string[], { store }: Pick<PressOptions, 'store'>) {
  const isHeard = batch.receipts !== 'none' && lines.length > 0;
  if (isHeard) await writeReceiptFile(batch.folder, `${batch.id}-${batch.told + 1}`, lines);
  batch.told += 1;
  await store.save(batch);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
