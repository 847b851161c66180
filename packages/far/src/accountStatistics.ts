import type { Clock } from '@brevduva/base';
import { countAccounts, type OperatorCountRow } from './sql/accounts.ts';
import type { Pool } from './sql/pool.ts';

export interface OperatorCount {
  /** Null for accounts whose operator has left. */
  operatorId: number | null;
  active: number;
  /** Companies not all of whose signatories have signed. */
  pending: number;
}

export interface AccountStatistics {
  perOperator: OperatorCount[];
  total: number;
  countedAt: Date;
}

export type AccountStatisticsSource = () => Promise<AccountStatistics>;

/** Counting reads the whole table; a public page must not do that for every visitor. */
const COUNT_KEPT_MS = 60_000;

/**
 * Counts accounts per operator, at most once a minute however many ask; all who ask meanwhile wait for the same count.
 * A count that fails is not kept.
 */
export function createAccountStatistics({ pool, clock }: { pool: Pool; clock: Clock }): AccountStatisticsSource {
  let kept: { untilMs: number; statistics: Promise<AccountStatistics> } | undefined;
  const count = async () => summarize(await countAccounts(pool), clock.now());
  return () => {
    const nowMs = clock.now().getTime();
    if (kept !== undefined && nowMs < kept.untilMs) return kept.statistics;
    const counting = { untilMs: nowMs + COUNT_KEPT_MS, statistics: count() };
    counting.statistics.catch(() => {
      if (kept === counting) kept = undefined;
    });
    kept = counting;
    return counting.statistics;
  };
}

/** Deregistered recipients are no accounts. */
export function summarize(rows: readonly OperatorCountRow[], countedAt: Date): AccountStatistics {
  const perOperator = new Map<number | null, OperatorCount>();
  for (const row of rows.filter((each) => each.accountType !== 'N')) {
    const sum = perOperator.get(row.operatorId) ?? { operatorId: row.operatorId, active: 0, pending: 0 };
    sum[row.pending ? 'pending' : 'active'] += row.count;
    perOperator.set(row.operatorId, sum);
  }
  const sums = [...perOperator.values()];
  return { perOperator: sums, total: sums.reduce((sum, each) => sum + each.active + each.pending, 0), countedAt };
}
