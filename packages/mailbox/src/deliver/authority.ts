import { readStanding } from '../sql/authority.ts';
import type { Pool } from '../sql/pool.ts';

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
