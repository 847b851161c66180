import type { Queryable } from '@brevduva/base';
import type { AccountRow } from './account.ts';

export interface MailboxUserRow {
  id: string;
  personalNumber: string;
}

/** The person's own id, the same at every login. */
export async function rememberUser(
  db: Queryable,
  { id, personalNumber }: MailboxUserRow,
  at: Date,
): Promise<MailboxUserRow> {
  const { rows } = await db.query<MailboxUserRow>(
    `insert into mailbox_user (id, personal_number, last_login_at) values ($1, $2, $3)
     on conflict (personal_number) do update set last_login_at = excluded.last_login_at
     returning id, personal_number as "personalNumber"`,
    [id, personalNumber, at],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('an upsert returned no row');
  return row;
}

type UserAndAccountRow = MailboxUserRow & { accountId: string | null } & Omit<AccountRow, 'id'>;

/** The person of a session and the mailbox of her own, if she has or had one here. */
export async function findUserAndAccount(
  db: Queryable,
  userId: string,
): Promise<{ user: MailboxUserRow; account: AccountRow | undefined } | undefined> {
  const { rows } = await db.query<UserAndAccountRow>({
    name: 'mailbox_find_user_and_account',
    text: `
      select
        mailbox_user.id, personal_number as "personalNumber", account.id as "accountId", recipient_id as "recipientId",
        state, moved_to as "movedTo", moved_to_url as "movedToUrl", opened_at as "openedAt", revision
      from mailbox_user left join account on account.recipient_id = mailbox_user.personal_number
      where mailbox_user.id = $1`,
    values: [userId],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { id, personalNumber, accountId, ...account } = row;
  return { user: { id, personalNumber }, account: accountId === null ? undefined : { id: accountId, ...account } };
}

/** Persons who looked in and have neither mailbox nor history here are forgotten. Gives how many. */
export async function forgetVisitors(db: Queryable, lastLoginBefore: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from mailbox_user
     where last_login_at < $1
       and not exists (select from account where recipient_id = personal_number)
       and not exists (select from signing_order where user_id = mailbox_user.id)
       and not exists (select from web_session where subject = mailbox_user.id::text)`,
    [lastLoginBefore],
  );
  return rowCount ?? 0;
}
