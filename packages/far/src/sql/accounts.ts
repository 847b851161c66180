import type { Queryable } from '@brevduva/base';

/** The letters of account_type; the contract's words are spelt out only at the wire. */
export type AccountTypeLetter = 'S' | 'A' | 'N';

export interface AccountRow {
  recipientId: string;
  registeredAt: Date;
  operatorId: number | null;
  accountType: AccountTypeLetter;
  pending: boolean;
}

export interface NewAccountRow extends Omit<AccountRow, 'operatorId'> {
  operatorNumber: string | null;
}

export interface PreferenceRow {
  recipientId: string;
  sender: string;
  accepted: boolean;
  changedAt: Date;
}

export interface OperatorCountRow {
  operatorId: number | null;
  accountType: AccountTypeLetter;
  pending: boolean;
  count: number;
}

/** For an `insert into account`: the one that exists becomes as given. One that is already so is not written again. */
export const REPLACE_ACCOUNT = `on conflict (recipient_id) do update set
  registered_at = excluded.registered_at,
  operator_id = excluded.operator_id,
  account_type = excluded.account_type,
  pending = excluded.pending
where (account.registered_at, account.operator_id, account.account_type, account.pending)
  is distinct from (excluded.registered_at, excluded.operator_id, excluded.account_type, excluded.pending)`;

/**
 * Of several rows for one recipient the last stands, as if they had been given one by one. A row that is already
 * so is not written again: seeding a second time costs no write.
 */
export async function upsertAccounts(db: Queryable, rows: readonly NewAccountRow[]): Promise<void> {
  await db.query(
    `insert into account (recipient_id, registered_at, operator_id, account_type, pending)
     select distinct on (given.recipient_id)
       given.recipient_id, given.registered_at, operator.id, given.account_type, given.pending
     from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::"char"[], $5::boolean[]) with ordinality
       as given (recipient_id, registered_at, operator_number, account_type, pending, position)
     left join operator on operator.organization_number = given.operator_number
     order by given.recipient_id, given.position desc
     ${REPLACE_ACCOUNT}`,
    [
      rows.map((row) => row.recipientId),
      rows.map((row) => row.registeredAt.toISOString()),
      rows.map((row) => row.operatorNumber),
      rows.map((row) => row.accountType),
      rows.map((row) => row.pending),
    ],
  );
}

/** Those of the given recipients that have no row in account. */
export async function unknownAccounts(db: Queryable, recipientIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ asked: string }>(
    `select asked::text
     from unnest($1::bigint[]) as asked
     where not exists (select from account where account.recipient_id = asked)`,
    [recipientIds],
  );
  return rows.map((row) => row.asked);
}

/** A change that changes nothing leaves the time of the last change alone. */
export async function upsertPreferences(db: Queryable, rows: readonly PreferenceRow[]): Promise<void> {
  await db.query(
    `insert into sender_preference (recipient_id, sender, accepted, changed_at)
     select distinct on (recipient_id, sender) recipient_id, sender, accepted, changed_at
     from unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::timestamptz[]) with ordinality
       as given (recipient_id, sender, accepted, changed_at, position)
     order by recipient_id, sender, position desc
     on conflict (recipient_id, sender) do update set accepted = excluded.accepted, changed_at = excluded.changed_at
     where sender_preference.accepted <> excluded.accepted`,
    [
      rows.map((row) => row.recipientId),
      rows.map((row) => row.sender),
      rows.map((row) => row.accepted),
      rows.map((row) => row.changedAt.toISOString()),
    ],
  );
}

/** Reads the whole table: about a second at 15 million accounts. */
export async function countAccounts(db: Queryable): Promise<OperatorCountRow[]> {
  const { rows } = await db.query<OperatorCountRow>(
    `select operator_id as "operatorId", account_type as "accountType", pending, count(*) as count
     from account
     group by operator_id, account_type, pending`,
  );
  return rows;
}
