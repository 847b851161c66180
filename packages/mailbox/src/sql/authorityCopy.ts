import { inTransaction, type Queryable } from '@brevduva/base';
import { replaceDispatcherSenders, type SenderRow, upsertDispatchers, upsertSenders } from './authority.ts';
import type { Pool } from './pool.ts';

/** The register owner's two lists, as it told them. */
export interface AuthorityLists {
  senders: readonly SenderRow[];
  dispatchers: readonly SenderRow[];
  pairs: readonly { dispatcher: string; sender: string }[];
}

/** A question to the register is begun: its number tells a later answer from an earlier one. */
export async function beginQuestion(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ asked: number }>(
    'update authority_copy set asked = asked + 1, asked_at = now() returning asked',
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('authority_copy has lost its row');
  return row.asked;
}

/** As `beginQuestion`, for the one node that comes first when the copy is older than `everyMs`; undefined for the others. */
export async function beginDueQuestion(
  db: Queryable,
  { everyMs, againMs }: { everyMs: number; againMs: number },
): Promise<number | undefined> {
  const { rows } = await db.query<{ asked: number }>(
    `update authority_copy set asked = asked + 1, asked_at = now()
     where coalesce(refreshed_at <= now() - $1 * interval '1 millisecond', true)
       and coalesce(asked_at <= now() - $2 * interval '1 millisecond', true)
     returning asked`,
    [everyMs, againMs],
  );
  return rows[0]?.asked;
}

/**
 * Makes the copy equal to the lists, all at once: a delivery sees the old ones or the new ones. Gives false, and changes
 * nothing, when the answer to a later question is there already.
 */
export async function replaceCopy(pool: Pool, question: number, lists: AuthorityLists, at: Date): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'update authority_copy set applied = $1, refreshed_at = now() where applied < $1',
      [question],
    );
    if (rowCount === 0) return false;
    await removeOthers(client, lists);
    await upsertSenders(client, lists.senders, at);
    await upsertDispatchers(client, lists.dispatchers, at);
    await replaceDispatcherSenders(
      client,
      lists.dispatchers.map((one) => one.organizationNumber),
      lists.pairs,
    );
    return true;
  });
}

async function removeOthers(db: Queryable, { senders, dispatchers }: AuthorityLists): Promise<void> {
  await db.query('delete from sender where organization_number <> all ($1::text[])', [
    senders.map((one) => one.organizationNumber),
  ]);
  await db.query('delete from dispatcher where organization_number <> all ($1::text[])', [
    dispatchers.map((one) => one.organizationNumber),
  ]);
}

/** How old the copy is; null when it never came from the register. */
export async function readCopyAgeMs(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ ageMs: number | null }>(
    `select (extract(epoch from now() - refreshed_at) * 1000)::float8 as "ageMs" from authority_copy`,
  );
  return rows[0]?.ageMs ?? null;
}
