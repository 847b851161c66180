import type { Queryable } from '@brevduva/base';

export interface StandingRow {
  senderRegistered: boolean;
  dispatchers: string[];
  dispatchersOfSender: string[];
}

/** One round trip for a whole delivery: is the sender registered, and which of the organisations may deliver for it? */
export async function readStanding(
  db: Queryable,
  senderNumber: string,
  organizations: readonly string[],
): Promise<StandingRow> {
  const { rows } = await db.query<StandingRow>({
    name: 'mailbox_read_standing',
    text: `
      select
        exists (select from sender where organization_number = $1) as "senderRegistered",
        array(
          select organization_number from dispatcher where organization_number = any ($2::text[])
        ) as "dispatchers",
        array(
          select dispatcher_number from dispatcher_sender
          where sender_number = $1 and dispatcher_number = any ($2::text[])
        ) as "dispatchersOfSender"`,
    values: [senderNumber, organizations],
  });
  const [row] = rows;
  if (row === undefined) throw new TypeError('a select without from gave no row');
  return row;
}

export interface SenderRow {
  organizationNumber: string;
  name: string;
}

/** Adds senders, or renames those already known. */
export async function upsertSenders(db: Queryable, senders: readonly SenderRow[], at: Date): Promise<void> {
  await db.query(
    `insert into sender (organization_number, name, refreshed_at)
     select organization_number, name, $3
     from unnest($1::text[], $2::text[]) as given (organization_number, name)
     on conflict (organization_number) do update
       set name = excluded.name, refreshed_at = excluded.refreshed_at`,
    [senders.map((sender) => sender.organizationNumber), senders.map((sender) => sender.name), at],
  );
}

/** Adds dispatchers, or renames those already known. */
export async function upsertDispatchers(db: Queryable, dispatchers: readonly SenderRow[], at: Date): Promise<void> {
  await db.query(
    `insert into dispatcher (organization_number, name, refreshed_at)
     select organization_number, name, $3
     from unnest($1::text[], $2::text[]) as given (organization_number, name)
     on conflict (organization_number) do update
       set name = excluded.name, refreshed_at = excluded.refreshed_at`,
    [dispatchers.map((one) => one.organizationNumber), dispatchers.map((one) => one.name), at],
  );
}

/** Makes the given pairs the whole list of senders for the given dispatchers; others are left alone. */
export async function replaceDispatcherSenders(
  db: Queryable,
  dispatchers: readonly string[],
  pairs: readonly { dispatcher: string; sender: string }[],
): Promise<void> {
  await db.query('delete from dispatcher_sender where dispatcher_number = any ($1::text[])', [dispatchers]);
  await db.query(
    `insert into dispatcher_sender (dispatcher_number, sender_number)
     select distinct dispatcher_number, sender_number
     from unnest($1::text[], $2::text[]) as given (dispatcher_number, sender_number)`,
    [pairs.map((pair) => pair.dispatcher), pairs.map((pair) => pair.sender)],
  );
}
