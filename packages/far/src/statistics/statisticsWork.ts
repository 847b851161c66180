import type { Log } from '@brevduva/base';
import type { Pool } from '../sql/pool.ts';
import { createRequestLogMonth, dropRequestLogMonths } from '../sql/requestLog.ts';
import { deleteHours } from '../sql/rollUp.ts';
import { countAccountsOfDay, rollUpMovements } from './countAccounts.ts';
import { rollUpRequests } from './rollUpRequests.ts';
import { type Day, swedishDay } from './swedishDay.ts';

export interface StatisticsWorkOptions {
  pool: Pool;
  log: Log;
  /** How many days a line of the request log is kept at least; it goes with its month. */
  requestLogDays: number;
}

/** How old the pages' figures are at most, when all is well. */
export const STATISTICS_IDLE_MS = 30_000;
export const REQUEST_LOG_DAYS = 400;
/** How long hours are kept; days are kept for ever. */
export const REQUEST_HOURS_DAYS = 92;
/** Room in the log is made so long ahead: a month without the worker does not even show. */
const MONTHS_AHEAD_DAYS = [0, 31, 62] as const;
const DAY_MS = 86_400_000;

export type StatisticsWork = (now: Date) => Promise<number>;

/**
 * Everything that keeps the statistics: room in the log, the roll-ups, the day's count of mailboxes, what is given up.
 * Each part can be done again, by any node, at any time, and ends the same. Says whether there is more to do at once.
 */
export function createStatisticsWork({ pool, log, requestLogDays }: StatisticsWorkOptions): StatisticsWork {
  let dayDone: Day | undefined;
  return async (now) => {
    const today = swedishDay(now);
    if (dayDone !== today) await makeRoom(pool, now);
    const more = (await rollUpRequests(pool, now)) + (await rollUpMovements(pool, now));
    if (more > 0) return more;
    await countAccountsOfDay(pool, now);
    if (dayDone !== today) await giveUpOld({ pool, log, requestLogDays }, now);
    dayDone = today;
    return 0;
  };
}

async function makeRoom(pool: Pool, now: Date): Promise<void> {
  for (const days of MONTHS_AHEAD_DAYS) await createRequestLogMonth(pool, daysLater(now, days));
}

async function giveUpOld({ pool, log, requestLogDays }: StatisticsWorkOptions, now: Date): Promise<void> {
  const months = await dropRequestLogMonths(pool, daysLater(now, -requestLogDays));
  if (months.length > 0) log.info({ months, requestLogDays }, 'months of the request log given up');
  await deleteHours(pool, daysLater(now, -REQUEST_HOURS_DAYS));
}

function daysLater(instant: Date, days: number): Date {
  return new Date(instant.getTime() + days * DAY_MS);
}
