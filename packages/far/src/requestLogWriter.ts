import type { Log } from '@brevduva/base';
import type { Pool } from './sql/pool.ts';
import { insertRequests, type RequestLogRow } from './sql/requestLog.ts';

/** Writes the request log: at once where someone waits for the line, and behind the answer where the answer is what counts. */
export interface RequestLogWriter {
  /** Ends when the line is on disk, or its failure in the log. */
  write(row: RequestLogRow): Promise<void>;
  /** The line is written soon: together with all that came while the one before was written. */
  writeSoon(row: RequestLogRow): void;
  /** Ends when all lines are written. */
  close(): Promise<void>;
}

/** A line is 200 bytes here. With a database that does not answer, no question is answered either, and few lines come. */
const WAITING_MAX = 10_000;
const STATEMENT_ROWS_MAX = 1_000;

/**
 * A caller who got its answer keeps it also when a line cannot be written: the register is worth more than its statistics, and
 * the failure stands in the log. A killed process loses the lines that were not yet written: those of the last
 * milliseconds, of questions that were answered and changed nothing. Whatever was refused or changed something is
 * written before its answer leaves.
 */
export function createRequestLogWriter({ pool, log }: { pool: Pool; log: Log }): RequestLogWriter {
  const waiting: RequestLogRow[] = [];
  let writing: Promise<void> | undefined;

  async function insert(rows: readonly RequestLogRow[]): Promise<void> {
    try {
      await insertRequests(pool, rows);
    } catch (err) {
      const callIds = rows.slice(0, 10).map(({ callId }) => callId);
      log.error({ err, callIds, lines: rows.length }, 'calls could not be written in the request log');
    }
  }

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) await insert(waiting.splice(0, STATEMENT_ROWS_MAX));
    writing = undefined;
  }

  return {
    write: (row) => insert([row]),
    writeSoon(row) {
      if (waiting.length >= WAITING_MAX) {
        log.error({ callIds: [row.callId], lines: 1 }, 'calls could not be written in the request log');
        return;
      }
      waiting.push(row);
      writing ??= writeWaiting();
    },
    close: async () => {
      await writing;
    },
  };
}
