import { newId, type Queryable } from '@brevduva/base';
import type { LetterKey } from '../letter.ts';

/** `notice`: the letter itself is one. Else beside a letter: that it has come, or that nobody has read it. */
export type MessagePurpose = 'notice' | 'arrived' | 'reminder';

type Channel = 'sms' | 'email';

export interface BegunMessage {
  readonly id: string;
  readonly isNew: boolean;
  /** What the gateway last answered; null: nothing. */
  readonly answer: 'accepted' | 'refused' | 'later' | 'unknown' | null;
}

/** The message to send: the one that has begun and is not over, or a new one. */
export async function beginMessage(
  db: Queryable,
  { organisationId, id }: LetterKey,
  purpose: MessagePurpose,
  channel: Channel,
): Promise<BegunMessage> {
  const inserted = await db.query<{ id: string }>(
    `insert into notice_message (organisation_id, id, letter_id, purpose, channel) values ($1, $2, $3, $4, $5)
     on conflict (organisation_id, letter_id, purpose, channel) where not is_over do nothing returning id`,
    [organisationId, newId(), id, purpose, channel],
  );
  const [row] = inserted.rows;
  if (row !== undefined) return { id: row.id, isNew: true, answer: null };
  const { rows } = await db.query<{ id: string; answer: BegunMessage['answer'] }>(
    `select id, answer from notice_message
     where organisation_id = $1 and letter_id = $2 and purpose = $3 and channel = $4 and not is_over`,
    [organisationId, id, purpose, channel],
  );
  const [known] = rows;
  if (known === undefined) throw new Error(`the message of notice ${id} ended while it was begun`);
  return { ...known, isNew: false };
}

/** Keeps what the gateway answered, and the ids by which it will report. */
export async function writeAnswer(
  db: Queryable,
  key: LetterKey,
  written: {
    readonly answer: NonNullable<BegunMessage['answer']>;
    readonly detail: string | null;
    readonly parts: number | undefined;
    readonly gateway: string;
    readonly refs: readonly string[];
  },
): Promise<void> {
  await db.query(
    `with answered as (
       update notice_message set answer = $3, detail = $4, parts = $5, is_over = $3 = 'refused'
       where organisation_id = $1 and id = $2
     )
     insert into notice_part (organisation_id, message_id, position, gateway, ref)
     select $1, $2, position, $6, ref from unnest($7::text[]) with ordinality as r (ref, position)
     on conflict (organisation_id, message_id, position) do update set gateway = excluded.gateway, ref = excluded.ref`,
    [key.organisationId, key.id, written.answer, written.detail, written.parts ?? null, written.gateway, written.refs],
  );
}

/** Ends the message of a letter's notice that has begun; the next try makes another. */
export async function endMessage(
  db: Queryable,
  { organisationId, id }: LetterKey,
  purpose: MessagePurpose,
  channel: Channel,
): Promise<void> {
  await db.query(
    `update notice_message set is_over = true
     where organisation_id = $1 and letter_id = $2 and purpose = $3 and channel = $4 and not is_over`,
    [organisationId, id, purpose, channel],
  );
}

export interface NewReport {
  readonly gateway: string;
  readonly ref: string;
  readonly state: 'delivered' | 'failed' | 'waiting' | 'unknown';
  readonly code: string | null;
}

/**
 * Keeps a report, whoever it is about, and makes what waits for it due. What has arrived, or failed, stays so whatever comes later or
 * again; ids begin anew some day, so a report of another month's message is written over.
 */
export async function saveReport(db: Queryable, { gateway, ref, state, code }: NewReport): Promise<void> {
  await db.query(
    `with kept as (
       insert into notice_report as r (gateway, ref, state, code) values ($1, $2, $3, $4)
       on conflict (gateway, ref) do update set state = excluded.state, code = excluded.code, at = now()
       where r.state in ('waiting', 'unknown') or r.at < now() - interval '${REPORT_DAYS} days'
       returning ref
     ), about as (
       select m.organisation_id, m.letter_id, m.purpose, m.channel
       from kept join notice_part p on p.gateway = $1 and p.ref = kept.ref
       join notice_message m on m.organisation_id = p.organisation_id and m.id = p.message_id and not m.is_over
     ), letters as (
       update letter l set due_at = now() from about a
       where a.purpose = 'notice' and l.organisation_id = a.organisation_id and l.id = a.letter_id
         and l.stage = 'confirm' and l.channel = a.channel and l.lease_id is null
     )
     update recipient_notice n set due_at = now() from about a
     where n.organisation_id = a.organisation_id and n.letter_id = a.letter_id and n.kind = a.purpose
       and n.stage = 'confirm' and n.channel = a.channel and n.lease_id is null`,
    [gateway, ref, state, code],
  );
}

/** Gateways report within days; after so many their ids may mean another message. */
const REPORT_DAYS = 30;

export interface MessageStanding {
  readonly parts: number | null;
  /** `failed` when one part failed, `delivered` when all arrived; undefined: not all is told. */
  readonly report: 'delivered' | 'failed' | undefined;
  /** Told that it is delayed, and goes on. */
  readonly isDelayed: boolean;
  readonly code: string | null;
}

/** What is reported of the letters' present messages, by letter id. */
export async function selectStandings(
  db: Queryable,
  letters: readonly LetterKey[],
  purpose: MessagePurpose,
  channel: Channel,
): Promise<Map<string, MessageStanding>> {
  const { rows } = await db.query<{
    letter_id: string;
    parts: number | null;
    total: number;
    arrived: number;
    failed: number;
    delayed: number;
    code: string | null;
  }>(
    `select m.letter_id, m.parts, count(*)::integer as total,
       count(*) filter (where r.state = 'delivered')::integer as arrived,
       count(*) filter (where r.state = 'failed')::integer as failed,
       count(*) filter (where r.state = 'waiting')::integer as delayed,
       max(r.code) filter (where r.state <> 'delivered') as code
     from unnest($1::uuid[], $2::uuid[]) as k (organisation_id, letter_id)
     join notice_message m on m.organisation_id = k.organisation_id and m.letter_id = k.letter_id and m.purpose = $3
       and m.channel = $4 and not m.is_over
     join notice_part p on p.organisation_id = m.organisation_id and p.message_id = m.id
     left join notice_report r on r.gateway = p.gateway and r.ref = p.ref and r.at >= m.created_at
     group by m.letter_id, m.parts`,
    [letters.map(({ organisationId }) => organisationId), letters.map(({ id }) => id), purpose, channel],
  );
  return new Map(
    rows.map(({ letter_id, parts, total, arrived, failed, delayed, code }) => [
      letter_id,
      {
        ...{ parts, code, isDelayed: delayed > 0 },
        report: failed > 0 ? ('failed' as const) : arrived === total ? ('delivered' as const) : undefined,
      },
    ]),
  );
}

/** A message of a letter, for its page. */
export interface StoryMessage {
  readonly id: string;
  readonly at: Date;
  readonly purpose: MessagePurpose;
  readonly channel: Channel;
  readonly answer: BegunMessage['answer'];
  readonly detail: string | null;
  readonly parts: number | null;
  /** The worst that is told of any part. */
  readonly report: NewReport['state'] | null;
}

const STORY_MESSAGES_MAX = 20;

export async function selectMessages(db: Queryable, { organisationId, id }: LetterKey): Promise<StoryMessage[]> {
  const { rows } = await db.query<StoryMessage>(
    `select m.id, m.created_at as at, m.purpose, m.channel, m.answer, m.detail, m.parts,
       (select r.state from notice_part p join notice_report r on r.gateway = p.gateway and r.ref = p.ref and r.at >= m.created_at
        where p.organisation_id = m.organisation_id and p.message_id = m.id
        order by array_position(array['failed', 'waiting', 'unknown', 'delivered'], r.state) limit 1) as report
     from notice_message m where m.organisation_id = $1 and m.letter_id = $2
     order by m.created_at desc, m.id desc limit $3`,
    [organisationId, id, STORY_MESSAGES_MAX],
  );
  return rows.reverse();
}

/** Reports older than any message that waits for one. @returns how many. */
export async function eraseReports(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `delete from notice_report where (gateway, ref) in (
       select gateway, ref from notice_report where at < now() - interval '${REPORT_DAYS} days' limit 500)`,
  );
  return rowCount ?? 0;
}
