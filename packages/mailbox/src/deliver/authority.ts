import { readStanding } from '../sql/authority.ts';
import type { Pool } from '../sql/pool.ts';
import type { AuthorityRefresh } from './authorityRefresh.ts';

/** What the register owner says of the organisations in one delivery. */
export interface Standing {
  senderRegistered: boolean;
  /** Of the organisations asked about: those that are registered dispatchers at all. */
  dispatchers: ReadonlySet<string>;
  /** … and those that may deliver for this sender. */
  dispatchersOfSender: ReadonlySet<string>;
}

/** Who may send and deliver. The operator never decides this itself; it repeats what the register owner says. */
export interface Authority {
  /** @param organizations the one that delivers first; then others that a signature names */
  standing(senderId: string, organizations: readonly string[]): Promise<Standing>;
}

/** Answers from the operator's own copy of the register owner's lists (getSenders, getDispatchers). */
export function createTableAuthority(pool: Pool): Authority {
  return {
    async standing(senderId, organizations) {
      const row = await readStanding(pool, senderId, organizations);
      return {
        senderRegistered: row.senderRegistered,
        dispatchers: new Set(row.dispatchers),
        dispatchersOfSender: new Set(row.dispatchersOfSender),
      };
    },
  };
}

/** The same, but nobody is called unknown before the register has been asked anew: whoever it connected gets through at once. */
export function createRefreshedAuthority(copy: Authority, refresh: Pick<AuthorityRefresh, 'now'>): Authority {
  return {
    async standing(senderId, organizations) {
      const known = await copy.standing(senderId, organizations);
      const [deliverer] = organizations;
      const mayDeliver = deliverer === undefined || known.dispatchersOfSender.has(deliverer);
      if (known.senderRegistered && mayDeliver) return known;
      await refresh.now();
      return copy.standing(senderId, organizations);
    },
  };
}
