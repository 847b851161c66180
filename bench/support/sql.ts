import type { Queryable } from '@brevduva/base';
import { LANES } from '../../packages/hub/src/letter.ts';

/** New letters wait until `releaseLetters`, so that intake and pipeline can be measured one at a time on a warm pipeline. */
export async function holdNewLetters(hub: Queryable): Promise<void> {
  // Not by the column's default: intake says itself when a letter is due.
  await hub.query(
    `create or replace function hold_letter() returns trigger language plpgsql as $$
     begin new.due_at := 'infinity'; return new; end $$`,
  );
  await hub.query('create trigger hold_letter before insert on letter for each row execute function hold_letter()');
}

/** @returns how many letters were held. */
export async function releaseLetters(hub: Queryable): Promise<number> {
  await hub.query('drop trigger hold_letter on letter');
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

/** What a mailing has become: letters that are due, and copies of its PDF. */
export async function countMailing(
  hub: Queryable,
  mailingId: string,
): Promise<{ letters: number; events: number; attachments: number; pdfs: number }> {
  const { rows } = await hub.query<{ letters: number; events: number; attachments: number; pdfs: number }>(
    `select count(*)::integer as letters,
       (select count(*)::integer from letter_event e join letter l on l.organisation_id = e.organisation_id and l.id = e.letter_id
        where l.mailing_id = $1) as events,
       (select count(*)::integer from attachment a join letter l on l.organisation_id = a.organisation_id and l.id = a.letter_id
        where l.mailing_id = $1) as attachments,
       (select count(*)::integer from content where content_type = 'application/pdf') as pdfs
     from letter where mailing_id = $1 and state = 'waiting'`,
    [mailingId],
  );
  return rows[0] ?? { letters: 0, events: 0, attachments: 0, pdfs: 0 };
}

/**
 * Writes the very rows of the mailing's letters once more, into tables alike with their indexes and checks, and nothing else: no
 * request, no judging, no foreign keys.
 */
export async function copyRowsBare(hub: Queryable, mailingId: string): Promise<void> {
  await hub.query(
    `create table bare_letter (like letter including all);
     create table bare_attachment (like attachment including all);
     create table bare_event (like letter_event including all)`,
  );
  await hub.query('begin');
  await hub.query('insert into bare_letter select * from letter where mailing_id = $1', [mailingId]);
  for (const table of ['attachment', 'letter_event']) {
    const bare = table === 'attachment' ? 'bare_attachment' : 'bare_event';
    await hub.query(
      `insert into ${bare} overriding system value select t.* from ${table} t
       join letter l on l.organisation_id = t.organisation_id and l.id = t.letter_id where l.mailing_id = $1`,
      [mailingId],
    );
  }
  await hub.query('commit');
}

export async function dropBareRows(hub: Queryable): Promise<void> {
  await hub.query('drop table if exists bare_letter, bare_attachment, bare_event');
}

/** When each letter's receipt came, by the database's clock. */
export async function whenReceipted(hub: Queryable, ids: readonly string[]): Promise<{ id: string; at: Date }[]> {
  const { rows } = await hub.query<{ id: string; at: Date }>(
    `select letter_id as id, min(at) as at from receipt
     where organisation_id = (select id from organisation) and letter_id = any($1::uuid[]) and delivered group by letter_id`,
    [ids],
  );
  return rows;
}

export async function countDelivered(operator: Queryable): Promise<number> {
  const { rows } = await operator.query<{ count: number }>('select count(*)::integer as count from letter');
  return rows[0]?.count ?? 0;
}

/** Median time from a letter's intake to each of its events, in milliseconds. */
export async function eventTimes(
  hub: Queryable,
  ids: readonly string[],
): Promise<{ kind: string; medianMs: number }[]> {
  const { rows } = await hub.query<{ kind: string; medianMs: number }>(
    `select e.kind, percentile_cont(0.5) within group (order by extract(epoch from e.at - l.created_at) * 1000) as "medianMs"
     from letter l join letter_event e on e.organisation_id = l.organisation_id and e.letter_id = l.id
     where l.organisation_id = (select id from organisation) and l.id = any($1::uuid[])
     group by e.kind order by 2`,
    [ids],
  );
  return rows;
}

/** The process that serves this connection. */
export async function serverProcess(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

export interface PaperLetterSeed {
  readonly id: string;
  readonly subject: string;
  readonly reference: string;
  readonly address: object;
  readonly bodyHash: Buffer;
}

/** Letters for the compose stage, of a mailing's lane, held back until `releaseHeldLetters`. */
export async function seedPaperLetters(
  hub: Queryable,
  organisationId: string,
  letters: readonly PaperLetterSeed[],
): Promise<void> {
  await hub.query(
    `insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, reference, address,
       body_content_type, body_hash, envelope_bytes, state, stage, channel, lane, due_at)
     select $1, s.id, b.id, f.id, '191212121212', s.subject, 'svSE', s.reference, s.address, 'text/plain', s.body_hash, 4000,
       'waiting', 'compose', 'paper', $7, 'infinity'
     from unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[]) as s (id, subject, reference, address, body_hash)
     join business_system b on b.organisation_id = $1 join flow f on f.organisation_id = $1`,
    [
      organisationId,
      letters.map(({ id }) => id),
      letters.map(({ subject }) => subject),
      letters.map(({ reference }) => reference),
      letters.map(({ address }) => JSON.stringify(address)),
      letters.map(({ bodyHash }) => bodyHash),
      LANES.bulk,
    ],
  );
}

export async function releaseHeldLetters(hub: Queryable): Promise<void> {
  await hub.query("update letter set due_at = now() where due_at = 'infinity'");
}

/** Print batches that lie with their shop. */
export async function countClosedBatches(hub: Queryable): Promise<number> {
  const { rows } = await hub.query<{ count: number }>(
    "select count(*)::integer as count from print_batch where state <> 'closed'",
  );
  return rows[0]?.count ?? 0;
}
