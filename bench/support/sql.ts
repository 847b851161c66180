import type { Queryable } from '@brevduva/base';

/** New letters wait until `releaseLetters`, so that intake and pipeline can be measured one at a time on a warm pipeline. */
export async function holdNewLetters(hub: Queryable): Promise<void> {
  await hub.query("alter table letter alter column due_at set default 'infinity'");
}

/** @returns how many letters were held. */
export async function releaseLetters(hub: Queryable): Promise<number> {
  await hub.query('alter table letter alter column due_at set default now()');
  const { rowCount } = await hub.query("update letter set due_at = now() where due_at = 'infinity'");
  return rowCount ?? 0;
}

export async function countByState(hub: Queryable): Promise<Record<string, number>> {
  const { rows } = await hub.query<{ state: string; count: number }>(
    'select state, count(*)::integer as count from letter group by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Ids of our letters as the operator stored them, one for each copy. */
export async function messageIdsAt(operator: Queryable): Promise<string[]> {
  const { rows } = await operator.query<{ message_id: string }>('select message_id from letter');
  return rows.map((row) => row.message_id);
}

export async function serverVersion(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ version: string }>("select current_setting('server_version') as version");
  return rows[0]?.version ?? '';
}

/** What makes a commit durable; the figures mean nothing without. */
export async function durability(db: Queryable): Promise<{ fsync: string; synchronousCommit: string }> {
  const { rows } = await db.query<{ fsync: string; synchronousCommit: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as "synchronousCommit"`,
  );
  return rows[0] ?? { fsync: '', synchronousCommit: '' };
}
