import type { StagedAccounts } from '../sql/accountLoad.ts';

/** How far a load has come. */
export interface LoadProgress {
  readonly startedAt: Date;
  /** Of the unpacked text; always the end of a line. */
  readonly byteCount: number;
  /** SHA-256 of these bytes. */
  readonly contentDigest: Buffer;
  /** With the header. */
  readonly lineCount: number;
  readonly insertedCount: number;
  readonly replacedCount: number;
  /** Accounts that were there already, or that the file has more than once. */
  readonly keptCount: number;
  readonly rejectedCount: number;
  readonly rejectByteCount: number;
}

/** Where accounts are loaded to, for one file. PostgreSQL in life; tests of the reading need none. */
export interface AccountStore {
  /** Organisation number (twelve digits) and domain to the operator's id. */
  operators(): Promise<ReadonlyMap<string, number>>;
  /** Of an earlier load of the same file. */
  progress(): Promise<(LoadProgress & { isFinished: boolean }) | undefined>;
  /** Forgets it. */
  forget(): Promise<void>;
  /**
   * Stores accounts and how far the load has come with them, both or neither. `before`: the progress without what the
   * accounts become, which only the store knows. Returns the whole.
   */
  save(accounts: StagedAccounts, before: LoadProgress): Promise<LoadProgress>;
  finish(progress: LoadProgress): Promise<void>;
}
