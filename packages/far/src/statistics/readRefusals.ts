import type { Queryable } from '@brevduva/base';
import { type RefusedCall, selectRefusedCalls } from '../sql/requestLog.ts';
import {
  type CallerRefusals,
  type CallFilter,
  selectCallsByTime,
  selectRefusalsByCaller,
  selectRefusalsByTime,
} from '../sql/statistics.ts';
import type { Period } from './period.ts';
import { byPoint } from './readCalls.ts';

export interface RefusalStatistics {
  period: Period;
  calls: number;
  refused: number;
  /** Each code with its calls at the period's points; the most usual first. */
  codes: readonly { errorCode: number; calls: number; callers: number; callsAt: number[] }[];
  callers: readonly CallerRefusals[];
  /** The latest ones line by line, newest first, of all operations. */
  latest: readonly RefusedCall[];
}

export const LATEST_REFUSALS_MAX = 25;

/** What was refused in a period: counts, and the latest lines of the log by an index of their own. */
export async function readRefusals(db: Queryable, period: Period, filter: CallFilter): Promise<RefusalStatistics> {
  const byTime = await selectRefusalsByTime(db, period, filter);
  const callers = await selectRefusalsByCaller(db, period, filter);
  const all = await selectCallsByTime(db, period, filter);
  const { caller } = filter;
  const since = { since: period.from, limit: LATEST_REFUSALS_MAX };
  const latest = await selectRefusedCalls(db, caller === undefined ? since : { ...since, caller });
  const codes = [...new Set(byTime.map(({ errorCode }) => errorCode))].map((errorCode) => {
    const callsAt = byPoint(
      period,
      byTime.filter((row) => row.errorCode === errorCode),
    ).map((rows) => rows.reduce((sum, row) => sum + row.calls, 0));
    const own = callers.filter((row) => row.errorCode === errorCode);
    return { errorCode, callsAt, calls: own.reduce((sum, row) => sum + row.calls, 0), callers: own.length };
  });
  return {
    period,
    calls: all.reduce((sum, row) => sum + row.calls, 0),
    refused: all.reduce((sum, row) => sum + row.refused, 0),
    codes: codes.sort((a, b) => b.calls - a.calls || a.errorCode - b.errorCode),
    callers,
    latest,
  };
}
