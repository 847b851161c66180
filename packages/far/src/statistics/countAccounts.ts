import { inTransaction } from '@brevduva/base';
import { countAccountDay, countMovements, isDayCounted, selectFirstChangeDay } from '../sql/accountDays.ts';
import type { Pool } from '../sql/pool.ts';
import { lockProgress, updateProgress } from '../sql/rollUp.ts';
import { addDays, swedishDay } from './swedishDay.ts';

/** A change is written a moment after its time was taken; yesterday is closed when today is so old. */
const LATE_MS_MAX = 900_000;
/** So many days are counted in one transaction. */
const DAYS_AT_ONCE = 31;

/**
 * Counts the mailboxes once a day, at the first chance after midnight in Sweden. A day on which the register never ran
 * has no count: nobody knows what it was. While one node counts the others find nothing to do.
 */
export async function countAccountsOfDay(pool: Pool, now: Date): Promise<number> {
  const today = swedishDay(now);
  if (await isDayCounted(pool, today)) return 0;
  return inTransaction(pool, async (db) => {
    if ((await lockProgress(db)) === undefined || (await isDayCounted(db, today))) return 0;
    await countAccountDay(db, today, now);
    return 0;
  });
}

/**
 * Counts registrations, moves and deregistrations per day: today's anew each time, the days before once they are closed.
 *
 * @returns 1 when there is more to count at once, else 0
 */
export async function rollUpMovements(pool: Pool, now: Date): Promise<number> {
  return inTransaction(pool, async (db) => {
    const progress = await lockProgress(db);
    if (progress === undefined) return 0;
    const today = swedishDay(now);
    const first = progress.movementsUntil ? addDays(progress.movementsUntil, 1) : await selectFirstChangeDay(db);
    if (first === null || first > today) return 0;
    const last = [today, addDays(first, DAYS_AT_ONCE - 1)].sort()[0] ?? today;
    await countMovements(db, first, last);
    const closed = addDays(swedishDay(new Date(now.getTime() - LATE_MS_MAX)), -1);
    const until = last < closed ? last : closed;
    await updateProgress(db, { ...(until >= first && { movementsUntil: until }), countedAt: now });
    return last < today ? 1 : 0;
  });
}
