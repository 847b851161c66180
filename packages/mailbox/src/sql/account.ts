import type { Queryable } from '@brevduva/base';

export type AccountState = 'pending' | 'opening' | 'active' | 'moved' | 'closed';

export interface AccountRow {
  id: string;
  recipientId: string;
  state: AccountState;
  /** The operator that has it now, as the register names it; only when `moved`. */
  movedTo: string | null;
  movedToUrl: string | null;
  openedAt: Date;
  /** Counted up at every change of state. */
  revision: number;
}

export interface NewAccountRow {
  id: string;
  recipientId: string;
  state: 'pending' | 'active';
  openedAt: Date;
}

const ACCOUNT_COLUMNS = `
  id, recipient_id as "recipientId", state, moved_to as "movedTo", moved_to_url as "movedToUrl",
  opened_at as "openedAt", revision`;

/** The mailbox of one person or organisation, whatever its state. */
export async function findAccount(db: Queryable, recipientId: string): Promise<AccountRow | undefined> {
  const { rows } = await db.query<AccountRow>({
    name: 'mailbox_find_account',
    text: `select ${ACCOUNT_COLUMNS} from account where recipient_id = $1`,
    values: [recipientId],
  });
  return rows[0];
}

/** One that is being opened does: the register may have given out our address the instant before (membership/carryOut.ts). */
export function takesLetters({ state }: Pick<AccountRow, 'state'>): boolean {
  return state === 'active' || state === 'opening';
}

/** Opens mailboxes; one that exists is set to the given state again and keeps its letters. */
export async function upsertAccounts(db: Queryable, accounts: readonly NewAccountRow[]): Promise<void> {
  await db.query(
    `insert into account (id, recipient_id, state, opened_at)
     select id, recipient_id, state, opened_at
     from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
       as given (id, recipient_id, state, opened_at)
     on conflict (recipient_id) do update set
       state = excluded.state, closed_at = null, moved_to = null, moved_to_url = null,
       revision = account.revision + 1, check_due_at = excluded.check_due_at`,
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
    `update account set
       state = 'closed', closed_at = coalesce(closed_at, $2), moved_to = null, moved_to_url = null,
       revision = revision + 1
     where recipient_id = $1 and state <> 'closed'`,
    [recipientId, at],
  );
  return (rowCount ?? 0) > 0;
}

/** Lets the mailbox take letters while the register is asked to open it; one that is open stays as it is. */
export async function beginOpening(
  db: Queryable,
  { id, recipientId }: { id: string; recipientId: string },
  at: Date,
): Promise<void> {
  await db.query(
    `insert into account (id, recipient_id, state, opened_at) values ($1, $2, 'opening', $3)
     on conflict (recipient_id) do update set state = 'opening', revision = account.revision + 1
       where account.state not in ('active', 'opening')`,
    [id, recipientId, at],
  );
}

/** The register said no: the mailbox is again what it was before, or closed when it never was open. */
export async function abandonOpening(db: Queryable, recipientId: string, at: Date): Promise<void> {
  await db.query(
    `update account set
       state = case when moved_to is null then 'closed' else 'moved' end,
       closed_at = coalesce(closed_at, $2), revision = revision + 1
     where recipient_id = $1 and state = 'opening'`,
    [recipientId, at],
  );
}

/** The register says that the mailbox is open here. */
export async function confirmOpen(
  db: Queryable,
  { id, recipientId }: { id: string; recipientId: string },
  at: Date,
): Promise<void> {
  await db.query(
    `insert into account (id, recipient_id, state, opened_at) values ($1, $2, 'active', $3)
     on conflict (recipient_id) do update set
       state = 'active', opened_at = excluded.opened_at, closed_at = null, moved_to = null, moved_to_url = null,
       revision = account.revision + 1, check_due_at = excluded.check_due_at
       where account.state <> 'active'`,
    [id, recipientId, at],
  );
}

/** What the register says of a mailbox that was open here. */
export interface RegisteredState {
  id: string;
  /** The revision that the question was asked about. */
  revision: number;
  state: 'pending' | 'active' | 'moved' | 'closed';
  movedTo: string | null;
  movedToUrl: string | null;
}

/**
 * Brings mailboxes in line with the register. One that has changed since the question was asked is left alone. All are
 * asked about again after `nextCheckMs`. Gives the ids of those whose state became another.
 */
export async function applyRegisteredStates(
  db: Queryable,
  states: readonly RegisteredState[],
  { at, nextCheckMs }: { at: Date; nextCheckMs: number },
): Promise<string[]> {
  const { rows } = await db.query<{ id: string; changed: boolean }>(
    `update account set
       state = given.state,
       closed_at = case when given.state in ('moved', 'closed') then coalesce(account.closed_at, $6) end,
       moved_to = given.moved_to, moved_to_url = given.moved_to_url,
       revision = account.revision + (account.state <> given.state)::integer,
       check_due_at = now() + $7 * interval '1 millisecond'
     from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[])
       as given (id, revision, state, moved_to, moved_to_url)
     where account.id = given.id and account.revision = given.revision
       and account.state in ('pending', 'active', 'moved', 'closed')
     returning account.id, account.revision <> given.revision as changed`,
    [
      states.map((one) => one.id),
      states.map((one) => one.revision),
      states.map((one) => one.state),
      states.map((one) => one.movedTo),
      states.map((one) => one.movedToUrl),
      at,
      nextCheckMs,
    ],
  );
  return rows.filter((row) => row.changed).map((row) => row.id);
}

/**
 * Takes open mailboxes whose turn it is to be asked about. Should the asking fail, their turn comes again after
 * `againMs`; meanwhile no other node takes them.
 */
export async function takeAccountsToCheck(
  db: Queryable,
  { limit, againMs }: { limit: number; againMs: number },
): Promise<AccountRow[]> {
  const { rows } = await db.query<AccountRow>(
    `update account set check_due_at = now() + $2 * interval '1 millisecond'
     where id in (
       select id from account where state in ('pending', 'active') and check_due_at <= now()
       order by check_due_at limit $1 for update skip locked)
     returning ${ACCOUNT_COLUMNS}`,
    [limit, againMs],
  );
  return rows;
}
