import type { Queryable } from '@brevduva/base';
import type { AccountRow, AccountTypeLetter } from './accounts.ts';

export async function selectAccount(db: Queryable, recipientId: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>(
    `select recipient_id::text as "recipientId", registered_at as "registeredAt", operator_id as "operatorId",
       account_type as "accountType", pending
     from account
     where recipient_id = $1`,
    [recipientId],
  );
  return rows[0];
}

/** Opens an account, or prepares one that waits for signatures; a deregistered recipient's row is used again. */
export async function openAccount(
  db: Queryable,
  row: {
    recipientId: string;
    registeredAt: Date;
    operatorId: number;
    accountType: AccountTypeLetter;
    pending: boolean;
  },
): Promise<void> {
  await db.query(
    `insert into account (recipient_id, registered_at, operator_id, account_type, pending)
     values ($1, $2, $3, $4, $5)
     on conflict (recipient_id) do update set
       registered_at = excluded.registered_at,
       operator_id = excluded.operator_id,
       account_type = excluded.account_type,
       pending = excluded.pending`,
    [row.recipientId, row.registeredAt.toISOString(), row.operatorId, row.accountType, row.pending],
  );
}

/** The row stays, as of one who is not registered; what the holder said about senders does not. */
export async function closeAccount(db: Queryable, recipientId: string): Promise<void> {
  await db.query('delete from sender_preference where recipient_id = $1', [recipientId]);
  await db.query(`update account set account_type = 'N', operator_id = null, pending = false where recipient_id = $1`, [
    recipientId,
  ]);
}

export async function moveAccount(
  db: Queryable,
  row: { recipientId: string; registeredAt: Date; operatorId: number },
): Promise<void> {
  await db.query('update account set operator_id = $2, registered_at = $3 where recipient_id = $1', [
    row.recipientId,
    row.operatorId,
    row.registeredAt.toISOString(),
  ]);
}

/** The connected senders that a recipient takes mail from: all but those it has said no to. By name. */
export async function selectAcceptedSenders(
  db: Queryable,
  recipientId: string,
): Promise<{ organizationNumber: string; name: string }[]> {
  const { rows } = await db.query<{ organizationNumber: string; name: string }>(
    `select organization_number::text as "organizationNumber", organization.name
     from sender
     join organization using (organization_number)
     where admitted and not exists (
       select from sender_preference
       where recipient_id = $1 and sender_preference.sender = organization_number and not accepted
     )
     order by name, organization_number`,
    [recipientId],
  );
  return rows;
}

/**
 * Yes to these senders, no to all others that are let in now: of one that is suspended, and therefore stood on no list, the
 * holder has said nothing. Only what differs is written, so each time of change
 * stays true, and a sender that was always accepted gets no row.
 */
export async function replacePreferences(
  db: Queryable,
  recipientId: string,
  acceptedSenders: readonly string[],
  changedAt: Date,
): Promise<void> {
  await db.query(
    `insert into sender_preference (recipient_id, sender, accepted, changed_at)
     select $1::bigint, wanted.sender, wanted.accepted, $3::timestamptz
     from (
       select organization_number as sender, organization_number = any ($2::bigint[]) as accepted from sender
       where admitted or organization_number = any ($2::bigint[])
     ) as wanted
     left join sender_preference as now on now.recipient_id = $1::bigint and now.sender = wanted.sender
     where wanted.accepted <> coalesce(now.accepted, true)
     on conflict (recipient_id, sender) do update set accepted = excluded.accepted, changed_at = excluded.changed_at`,
    [recipientId, acceptedSenders, changedAt.toISOString()],
  );
}
