import { inTransaction } from '@brevduva/base';
import type { Pool } from '../sql/pool.ts';
import {
  countDays,
  countHours,
  lockProgress,
  noteCallers,
  noteSenders,
  selectLogStart,
  updateProgress,
} from '../sql/rollUp.ts';

const HOUR_MS = 3_600_000;
/** How much of a long log is counted in one transaction; longer ones would keep other nodes and vacuum waiting. */
const HOURS_AT_ONCE = 24;
/**
 * A line is written when its call ends, under the time when it began. No call takes a quarter of an hour, so after that
 * an hour is closed. A line that came later still would be in the log and not in the statistics.
 */
const LATE_MS_MAX = 900_000;

/**
 * Counts what has been logged since the last time: hours, the days they belong to, and who called what. One transaction
 * does all of it or nothing; the hours that are still open are counted anew each time. While one node does this the
 * others find nothing to do.
 *
 * @returns 1 when there is more to count at once, else 0
 */
export async function rollUpRequests(pool: Pool, now: Date): Promise<number> {
  return inTransaction(pool, async (db) => {
    const progress = await lockProgress(db);
    if (progress === undefined) return 0;
    const from = progress.requestsUntil ?? hourOf((await selectLogStart(db)) ?? now);
    const end = new Date(hourOf(now).getTime() + HOUR_MS);
    // The clock was set back: what is counted for good is counted.
    if (from >= end) return 0;
    const to = new Date(Math.min(end.getTime(), from.getTime() + HOURS_AT_ONCE * HOUR_MS));
    await countHours(db, from, to);
    await countDays(db, from, to);
    await noteCallers(db, from, to);
    await noteSenders(db, from, to);
    const closed = hourOf(new Date(now.getTime() - LATE_MS_MAX));
    await updateProgress(db, { requestsUntil: latest(from, earliest(to, closed)), countedAt: now });
    return to < end ? 1 : 0;
  });
}

/** The hour that the instant is in. All Swedish times have been whole hours from UTC since 1900. */
function hourOf(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS);
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function earliest(one: Date, other: Date): Date {
  return one < other ? one : other;
}
