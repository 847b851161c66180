import { createHash, type Hash } from 'node:crypto';
import { appError, type Clock } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import { StagedAccounts } from '../sql/accountLoad.ts';
import type { Pool } from '../sql/pool.ts';
import { ACCOUNT_COLUMNS } from './accountColumns.ts';
import { createLineParser, type LineFault, type ParsedLine } from './accountLine.ts';
import type { AccountStore, LoadProgress } from './accountStore.ts';
import { withPostgresAccountStore } from './postgresAccountStore.ts';
import { REJECT_HEADER, rejectLine } from './rejectLines.ts';
import { wholeLines } from './wholeLines.ts';

/** Where refused lines go. What was written after the last saved batch is cut off when a load continues. */
export interface Rejects {
  /** Called first, with how much of it counts. */
  continueAt(byteCount: number): Promise<void>;
  append(text: string): Promise<void>;
}

export interface LoadAccountsOptions {
  pool: Pool;
  clock: Clock;
  /** The unpacked text from its beginning, also when a load continues. */
  content: AsyncIterable<Uint8Array>;
  /** 32 bytes by which the file is known again. */
  contentKey: Buffer;
  /** Make accounts that exist what the file says; otherwise they are left as they are. */
  replaces: boolean;
  /** Forget that this file was loaded before, in part or whole. */
  restarts?: boolean;
  rejects?: Rejects;
  /** For each line that is refused, in order; not for those of an earlier part of the load. */
  onFault?: (line: number, faults: readonly LineFault[]) => void;
  /** After each block of lines: how much was read (of the unpacked text), and what is saved. */
  onProgress?: (read: { byteCount: number; lineCount: number }, saved: LoadProgress) => void;
  /** Accounts that are stored at a time, and lost with a kill: they are read again. Default 200 000. */
  batchRows?: number;
  /** How long to wait for another load to end; default 30 s, as a killed load's connection ends with its statement. */
  lockWaitMs?: number;
  /** Ends the load where it is; what is saved stays. */
  stop?: AbortSignal;
}

export interface LoadResult extends LoadProgress {
  /** `already`: this file was loaded before, whole. `stopped`: to be continued. */
  readonly outcome: 'done' | 'already' | 'stopped';
  /** How many lines were read before, by a load that this one continues. */
  readonly continuedAtLine: number;
}

/**
 * Loads an account file: a header and a line for each account (ACCOUNT_COLUMNS). Lines that are wrong are refused one by
 * one, with all their faults; the others are stored in batches, each with how far the load has come, so that a load
 * killed at any instant is continued by loading the same file again, and no account is stored twice.
 *
 * While one batch is stored the next is read: memory holds two batches, whatever the size of the file.
 *
 * @throws AppError FAR_ACCOUNT_FILE_HEADER, FAR_ACCOUNT_FILE_LINE, FAR_ACCOUNT_FILE_CHANGED, FAR_ACCOUNT_LOAD_BUSY; what is
 *   saved stays
 */
export function loadAccounts({ pool, contentKey, replaces, ...options }: LoadAccountsOptions): Promise<LoadResult> {
  const { clock, lockWaitMs } = options;
  const wait = lockWaitMs === undefined ? {} : { lockWaitMs };
  return withPostgresAccountStore({ pool, contentKey, replaces, clock, ...wait }, (store) => loadInto(store, options));
}

async function loadInto(
  store: AccountStore,
  options: Omit<LoadAccountsOptions, 'pool' | 'contentKey' | 'replaces'>,
): Promise<LoadResult> {
  if (options.restarts === true) await store.forget();
  const earlier = await store.progress();
  if (earlier?.isFinished === true) return { ...earlier, outcome: 'already', continuedAtLine: earlier.lineCount };
  const { isFinished: _, ...begun } = earlier ?? { ...NOTHING, isFinished: false, startedAt: options.clock.now() };
  await options.rejects?.continueAt(begun.rejectByteCount);
  const load = new Load(store, options, begun);
  const outcome = await load.run();
  return { ...load.saved, outcome, continuedAtLine: begun.lineCount };
}

/** PostgreSQL sorts as many in memory, and the reader holds 10 MB. Larger batches gained nothing. */
const BATCH_ROWS = 200_000;
/** Where a file is all wrong. */
const REJECT_CHARACTERS_MAX = 8_388_608;
const LINE_FEED = 0x0a;
/** UTF-8's byte order mark, one character for each byte. */
const BOM = /^\u00ef\u00bb\u00bf/;
const NOTHING = {
  byteCount: 0,
  contentDigest: createHash('sha256').digest(),
  lineCount: 0,
  insertedCount: 0,
  replacedCount: 0,
  keptCount: 0,
  rejectedCount: 0,
  rejectByteCount: 0,
};

/** One run over a file: what was read, what is on its way to the store, what is saved. */
class Load {
  saved: LoadProgress;
  readonly #store: AccountStore;
  readonly #options: Parameters<typeof loadInto>[1];
  readonly #hash: Hash = createHash('sha256');
  #parse: ((line: string) => ParsedLine) | undefined;
  #batch = new StagedAccounts();
  #rejects = '';
  #byteCount = 0;
  #lineCount = 0;
  #rejectedCount: number;
  #rejectByteCount: number;
  #saving: Promise<void> = Promise.resolve();

  constructor(store: AccountStore, options: Parameters<typeof loadInto>[1], begun: LoadProgress) {
    this.#store = store;
    this.#options = options;
    this.saved = begun;
    this.#rejectedCount = begun.rejectedCount;
    this.#rejectByteCount = begun.rejectByteCount;
  }

  async run(): Promise<'done' | 'stopped'> {
    try {
      const begun = this.saved;
      for await (const block of wholeLines(this.#options.content)) {
        if (this.#options.stop?.aborted === true) return 'stopped';
        await this.#take(block, begun);
        this.#options.onProgress?.({ byteCount: this.#byteCount, lineCount: this.#lineCount }, this.saved);
      }
      if (this.#byteCount < begun.byteCount || this.#parse === undefined) this.#refuseChanged(begun);
    } catch (error) {
      // a stream that is told to stop says so by an error
      if (this.#options.stop?.aborted !== true) throw error;
      return 'stopped';
    } finally {
      await this.#saving;
    }
    await this.#save();
    await this.#saving;
    await this.#store.finish(this.saved);
    return 'done';
  }

  async #take(block: Buffer, begun: LoadProgress): Promise<void> {
    let rest = block;
    if (this.#parse === undefined) rest = await this.#takeHeader(block);
    const known = Math.min(rest.length, Math.max(0, begun.byteCount - this.#byteCount));
    if (known > 0) this.#skip(rest.subarray(0, known), begun);
    if (known < rest.length) this.#read(rest.subarray(known));
    if (this.#batch.count >= (this.#options.batchRows ?? BATCH_ROWS) || this.#rejects.length >= REJECT_CHARACTERS_MAX)
      await this.#save();
  }

  async #takeHeader(block: Buffer): Promise<Buffer> {
    const end = block.indexOf(LINE_FEED) + 1 || block.length;
    const header = block.toString('latin1', 0, end).replace(BOM, '').trimEnd();
    const operators = await this.#store.operators();
    this.#parse = createLineParser(header, { operators, now: this.#options.clock.now() });
    this.#advance(block.subarray(0, end), 1);
    return block.subarray(end);
  }

  /** What an earlier run has saved is only compared. */
  #skip(bytes: Buffer, begun: LoadProgress): void {
    this.#advance(bytes, 0);
    if (this.#byteCount < begun.byteCount) return;
    this.#lineCount = begun.lineCount;
    if (!this.#digest().equals(begun.contentDigest)) this.#refuseChanged(begun);
  }

  #read(bytes: Buffer): void {
    const lines = bytes.toString('latin1').split('\n');
    if (lines.at(-1) === '') lines.pop();
    const firstLine = this.#lineCount + 1;
    for (const [index, line] of lines.entries()) this.#readLine(line, firstLine + index);
    this.#advance(bytes, lines.length);
  }

  #readLine(line: string, number: number): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text.trim() === '') return;
    const parsed = this.#parse?.(text);
    if (parsed?.ok === true) this.#batch.add(parsed.account);
    else if (parsed !== undefined) this.#reject(parsed.fields, number, parsed.faults);
  }

  #reject(fields: readonly string[], line: number, faults: readonly LineFault[]): void {
    this.#rejectedCount += 1;
    this.#options.onFault?.(line, faults);
    if (this.#options.rejects === undefined) return;
    if (this.#rejectByteCount === 0 && this.#rejects === '') this.#rejects = REJECT_HEADER;
    this.#rejects += rejectLine(fields, line, faults);
  }

  #advance(bytes: Buffer, lines: number): void {
    this.#hash.update(bytes);
    this.#byteCount += bytes.length;
    this.#lineCount += lines;
  }

  #digest(): Buffer {
    return this.#hash.copy().digest();
  }

  /** Waits for the batch before, not for this one. */
  async #save(): Promise<void> {
    await this.#saving;
    const [batch, rejects] = [this.#batch, this.#rejects];
    this.#batch = new StagedAccounts();
    this.#rejects = '';
    this.#rejectByteCount += Buffer.byteLength(rejects, 'latin1');
    const before = {
      ...this.saved,
      byteCount: this.#byteCount,
      contentDigest: this.#digest(),
      lineCount: this.#lineCount,
      rejectedCount: this.#rejectedCount,
      rejectByteCount: this.#rejectByteCount,
    };
    this.#saving = this.#storeBatch(batch, rejects, before);
    // it is awaited with the next batch; until then a failure is nobody's
    this.#saving.catch(() => undefined);
  }

  /** First the refused lines, then the batch that says how many bytes of them count. */
  async #storeBatch(batch: StagedAccounts, rejects: string, before: LoadProgress): Promise<void> {
    if (rejects !== '') await this.#options.rejects?.append(rejects);
    this.saved = await this.#store.save(batch, before);
  }

  #refuseChanged({ byteCount }: LoadProgress): never {
    throw appError(ERRORS, byteCount === 0 ? 'FAR_ACCOUNT_FILE_HEADER' : 'FAR_ACCOUNT_FILE_CHANGED', {
      values: { columns: ACCOUNT_COLUMNS.join(', ') },
    });
  }
}
