import type { Clock, Log } from '@brevduva/base';
import type { FarClient } from '../farClient.ts';
import type { Operator } from '../settings.ts';
import type { Pool } from '../sql/pool.ts';
import { type Authority, createRefreshedAuthority, createTableAuthority } from './authority.ts';
import { startAuthorityRefresh } from './authorityRefresh.ts';

export interface RunningAuthority extends Authority {
  /** Close the register's client first: a question under way ends with it. */
  stop(): Promise<void>;
}

/** Who may send and deliver: from the operator's copy alone, or from one that follows the register owner. */
export function startAuthority(deps: {
  pool: Pool;
  far: FarClient | undefined;
  operator: Operator;
  clock: Clock;
  log: Log;
}): RunningAuthority {
  const { far, operator, ...shared } = deps;
  const copy = createTableAuthority(deps.pool);
  if (far === undefined) return { ...copy, stop: () => Promise.resolve() };
  const refresh = startAuthorityRefresh({ ...shared, far, everyMs: operator.authorityRefreshMs });
  return { ...createRefreshedAuthority(copy, refresh), stop: () => refresh.stop() };
}
