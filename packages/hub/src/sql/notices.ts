import type { Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';
import type { SystemIdentity } from '../organisation/businessSystem.ts';
import type { LetterState } from '../states.ts';
import { FIRST_STATE } from './intake.ts';

export interface NewNotice {
  readonly id: string;
  /** The notification in its one form; its hash is the key. */
  readonly content: PreparedContent;
  readonly body: PreparedContent;
  readonly bodyContentType: string;
  readonly flowId: string;
  readonly lane: number;
  readonly lifetimeHours: number | undefined;
  readonly subject: string;
  readonly language: string;
  readonly reference: string | undefined;
  readonly envelopeBytes: number;
  /** Each once. */
  readonly recipients: readonly string[];
}

/**
 * Stores a notice with its content and a letter for each recipient with one statement: all of it, or nothing where the system has
 * handed in the same before, also in a transaction that commits while we wait.
 *
 * @returns whether it was stored.
 */
export async function insertNotice(db: Queryable, system: SystemIdentity, notice: NewNotice): Promise<boolean> {
  const contents = [notice.content, notice.body].sort((a, b) => Buffer.compare(a.hash, b.hash));
  const { rowCount } = await db.query(
    `with notice as (
       insert into notice (organisation_id, id, business_system_id, hash, content_hash) values ($1, $3, $2, $4, $4)
       on conflict do nothing returning id
     ), contents as (
       insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
       select $1, c.hash, c.content_type, c.plain_bytes, c.bytes
       from unnest($5::bytea[], $6::text[], $7::integer[], $8::bytea[]) as c (hash, content_type, plain_bytes, bytes)
       where exists (select from notice)
       on conflict do nothing
     ), letters as (
       insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, reference,
         body_content_type, body_hash, envelope_bytes, state, stage, lane, expires_at, notice_id)
       select $1, gen_random_uuid(), $2, $9, recipient, $10, $11, $12, $13, $14, $15, $16, 'resolve', $17,
         now() + $18::integer * interval '1 hour', notice.id
       from notice, unnest($19::text[]) as recipient
       returning id
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select $1, id, 'accepted', $20, '{}' from letters
     )
     select id from notice`,
    [
      system.organisationId,
      system.id,
      notice.id,
      notice.content.hash,
      contents.map((content) => content.hash),
      contents.map((content) => content.contentType),
      contents.map((content) => content.plainBytes),
      contents.map((content) => content.sealed),
      notice.flowId,
      notice.subject,
      notice.language,
      notice.reference ?? null,
      notice.bodyContentType,
      notice.body.hash,
      notice.envelopeBytes,
      FIRST_STATE,
      notice.lane,
      notice.lifetimeHours ?? null,
      notice.recipients,
      system.name,
    ],
  );
  return rowCount === 1;
}

/** The notice that the system has handed in with this content. */
export async function selectNoticeByHash(
  db: Queryable,
  { organisationId, id }: Pick<SystemIdentity, 'organisationId' | 'id'>,
  hash: Buffer,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    'select id from notice where organisation_id = $1 and business_system_id = $2 and hash = $3',
    [organisationId, id, hash],
  );
  return rows[0]?.id;
}

export interface NoticeRecipient {
  readonly recipient: string;
  readonly state: LetterState;
  /** As its operator said: `SMS`, `EMail`. */
  readonly channels: readonly string[];
}

/** How a notice stands with each of its recipients. */
export async function selectNoticeRecipients(
  db: Queryable,
  organisationId: string,
  noticeId: string,
): Promise<NoticeRecipient[]> {
  const { rows } = await db.query<NoticeRecipient>(
    `select l.recipient, l.state, coalesce(r.channels, '[]') as channels
     from letter l
     left join lateral (
       select proof -> 'notifiedByChannel' as channels from receipt
       where organisation_id = l.organisation_id and letter_id = l.id and channel = 'notification' and delivered
       order by id desc limit 1
     ) r on true
     where l.organisation_id = $1 and l.notice_id = $2
     order by l.recipient`,
    [organisationId, noticeId],
  );
  return rows;
}
