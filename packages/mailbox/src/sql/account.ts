import type { Queryable } from '@brevduva/base';

export type AccountState = 'pending' | 'active' | 'closed';

export interface AccountRow {
  id: string;
  recipientId: string;
  state: AccountState;
}

export interface NewAccountRow {
  id: string;
  recipientId: string;
  state: 'pending' | 'active';
  openedAt: Date;
}

/** The mailbox of one person or organisation, whatever its state. */
export async function findAccount(db: Queryable, recipientId: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>({
    name: 'mailbox_find_account',
    text: `select id, recipient_id as "recipientId", state from account where recipient_id = $1`,
    values: [recipientId],
  });
  return rows[0];
}

/** Opens mailboxes; one that exists is set to the given state again and keeps its letters. */
export async function upsertAccounts(db: Queryable, accounts: readonly NewAccountRow[]): Promise<void> {
  await db.query(
    `insert into account (id, recipient_id, state, opened_at)
     select id, recipient_id, state, opened_at
     from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
       as given (id, recipient_id, state, opened_at)
     on conflict (recipient_id) do update set state = excluded.state, closed_at = null`,
    [
      accounts.map((account) => account.id),
      accounts.map((account) => account.recipientId),
      accounts.map((account) => account.state),
      accounts.map((account) => account.openedAt),
    ],
  );
}

/** Closes a mailbox. Its letters stay: nothing is deleted by the operator on its own (FACTS g). */
export async function closeAccount(db: Queryable, recipientId: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update account set state = 'closed', closed_at = $2 where recipient_id = $1 and state <> 'closed'`,
    [recipientId, at],
  );
  return (rowCount ?? 0) > 0;
}

/** As `findAccount`, for somebody who is logged in. */
export async function findAccountById(db: Queryable, id: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>({
    name: 'mailbox_find_account_by_id',
    text: `select id, recipient_id as "recipientId", state from account where id = $1`,
    values: [id],
  });
  return rows[0];
}
