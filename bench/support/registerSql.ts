import type { Queryable } from '@brevduva/base';

export type LookupRow = { recipientId: string; accepted: boolean | null; acceptChangedAt: Date | null } & (
  | { registeredAt: Date; operatorId: number | null; accountType: 'S' | 'A' | 'N'; pending: boolean }
  | { registeredAt: null; operatorId: null; accountType: null; pending: null }
);

/**
 * The yardstick: what the register knows about each asked id, as rows. Its plan is the one that FaR's own statement must
 * have (see there for `limit 1`); FaR besides asks for caller and operators.
 */
export const LOOKUP_SQL = `
  select asked.recipient_id::text as "recipientId", found.registered_at as "registeredAt",
    found.operator_id as "operatorId", found.account_type as "accountType", found.pending,
    preference.accepted, preference.changed_at as "acceptChangedAt"
  from unnest($1::bigint[]) with ordinality as asked (recipient_id, position)
  left join lateral (select * from account where account.recipient_id = asked.recipient_id limit 1) as found on true
  left join lateral (
    select * from sender_preference
    where sender_preference.recipient_id = asked.recipient_id and sender_preference.sender = $2::bigint
    limit 1
  ) as preference on true
  order by asked.position`;

export async function countAccounts(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*) as count from account');
  return rows[0]?.count ?? 0;
}

/** So many accounts from all over the table, in no order. */
export async function sampleAccounts(db: Queryable, count: number, total: number): Promise<string[]> {
  const percent = Math.min(100, (100 * count * 1.2) / total + 0.001);
  const { rows } = await db.query<{ id: string }>(
    `select recipient_id::text as id
     from account tablesample bernoulli (${percent}) repeatable (1)
     order by md5(recipient_id::text)
     limit $1`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** Every hundredth of the asked has said no to the sender, or yes again. */
export async function insertPreferences(db: Queryable, ids: readonly string[], sender: string): Promise<void> {
  await db.query(
    `insert into sender_preference (recipient_id, sender, accepted, changed_at)
     select id, $2::bigint, id % 2 = 0, now() from unnest($1::bigint[]) as id
     on conflict do nothing`,
    [ids.filter((_, index) => index % 100 === 0), sender],
  );
}

export async function backendPid(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}
