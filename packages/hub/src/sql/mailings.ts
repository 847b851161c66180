import type { Queryable } from '@brevduva/base';
import type { ChannelPolicy } from '../letter.ts';
import type { Mailing, MailingEventKind, MailingKey, MailingState } from '../mailing/mailing.ts';
import type { MailingText, TextFacts } from '../mailing/mailingText.ts';
import { DEFAULT_NOTICE, type NoticeSettings } from '../notices/noticeSettings.ts';
import type { LetterState } from '../states.ts';

export interface NewMailingRow extends MailingKey {
  readonly systemId: string;
  readonly flowId: string;
  readonly name: string;
  readonly key: string;
  readonly requestHash: Buffer;
  readonly createdBy: string;
  readonly createdBySubject: string | undefined;
  readonly subject: string;
  readonly language: string;
  readonly bodyContentType: string;
  readonly bodyHash: Buffer;
  readonly envelope: EnvelopeSize;
  readonly notBefore: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly channelPolicy: ChannelPolicy | undefined;
  readonly placeholders: TextFacts;
  /** What each letter's own PDF is made of. */
  readonly document: { readonly hash: Buffer; readonly filename: string; readonly pages: number } | undefined;
}

/**
 * Bytes of a letter's envelope without reference; with one, `reference` more and `perByte` for each byte of it. Of `base`, the attachments
 * that all get take `sharedAttachments`: a letter with content of its own has them too.
 */
export interface EnvelopeSize {
  readonly base: number;
  readonly reference: number;
  readonly perByte: number;
  readonly sharedAttachments: number;
}

export interface AttachmentRow {
  readonly filename: string;
  readonly contentType: string;
  readonly hash: Buffer;
  readonly plainBytes: number;
  readonly pages: number;
}

/** Stores a mailing and what all its recipients get. @returns false when its key is taken. */
export async function insertMailing(
  db: Queryable,
  row: NewMailingRow,
  attachments: readonly AttachmentRow[],
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into mailing (organisation_id, id, business_system_id, flow_id, name, state, key, request_hash, created_by,
       created_by_subject, subject, language, body_content_type, body_hash, envelope_base_bytes, envelope_reference_bytes,
       envelope_per_byte, not_before, expires_at, channel_policy, shared_attachment_bytes, placeholders,
       document_hash, document_filename, document_pages)
     values ($1, $2, $3, $4, $5, 'filling', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
       $24)
     on conflict (organisation_id, business_system_id, key) do nothing`,
    [
      row.organisationId,
      row.id,
      row.systemId,
      row.flowId,
      row.name,
      row.key,
      row.requestHash,
      row.createdBy,
      row.createdBySubject ?? null,
      row.subject,
      row.language,
      row.bodyContentType,
      row.bodyHash,
      row.envelope.base,
      row.envelope.reference,
      row.envelope.perByte,
      row.notBefore?.toISOString() ?? null,
      row.expiresAt?.toISOString() ?? null,
      row.channelPolicy ?? null,
      row.envelope.sharedAttachments,
      JSON.stringify(row.placeholders),
      row.document?.hash ?? null,
      row.document?.filename ?? null,
      row.document?.pages ?? 0,
    ],
  );
  if (rowCount !== 1) return false;
  await db.query(
    `insert into mailing_attachment (organisation_id, mailing_id, position, filename, content_type, hash, plain_bytes, pages)
     select $1, $2, a.position - 1, a.filename, a.content_type, a.hash, a.plain_bytes, a.pages
     from unnest($3::text[], $4::text[], $5::bytea[], $6::integer[], $7::integer[]) with ordinality
       as a (filename, content_type, hash, plain_bytes, pages, position)`,
    [
      row.organisationId,
      row.id,
      attachments.map((each) => each.filename),
      attachments.map((each) => each.contentType),
      attachments.map((each) => each.hash),
      attachments.map((each) => each.plainBytes),
      attachments.map((each) => each.pages),
    ],
  );
  return true;
}

export async function insertMailingEvent(
  db: Queryable,
  { organisationId, id }: MailingKey,
  event: { kind: MailingEventKind; actor: string; detail?: Readonly<Record<string, unknown>> },
): Promise<void> {
  await db.query(
    'insert into mailing_event (organisation_id, mailing_id, kind, actor, detail) values ($1, $2, $3, $4, $5)',
    [organisationId, id, event.kind, event.actor, JSON.stringify(event.detail ?? {})],
  );
}

/** The id of the mailing's latest event. */
export async function selectLastEvent(db: Queryable, { organisationId, id }: MailingKey): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    'select id::text from mailing_event where organisation_id = $1 and mailing_id = $2 order by id desc limit 1',
    [organisationId, id],
  );
  return rows[0]?.id;
}

export async function selectMailingByKey(
  db: Queryable,
  system: { organisationId: string; id: string },
  key: string,
): Promise<{ id: string; requestHash: Buffer } | undefined> {
  const { rows } = await db.query<{ id: string; requestHash: Buffer }>(
    `select id, request_hash as "requestHash" from mailing
     where organisation_id = $1 and business_system_id = $2 and key = $3`,
    [system.organisationId, system.id, key],
  );
  return rows[0];
}

/** What is needed to judge and store recipients; the mailing stays as it is until the transaction ends. */
export interface FillFacts {
  readonly state: MailingState;
  readonly envelope: EnvelopeSize;
  readonly channelPolicy: ChannelPolicy;
  /** Undefined: the mailing was made before there were placeholders. */
  readonly text: MailingText | undefined;
  /** Rules of what its values may say, where it is a flow of notices. */
  readonly notice: NoticeSettings | undefined;
}

/** `share`: others may fill too, but nobody may release or cancel it meanwhile. */
export async function lockMailingForFill(
  db: Queryable,
  { organisationId, id }: MailingKey,
): Promise<FillFacts | undefined> {
  const { rows } = await db.query<{
    state: MailingState;
    base: number;
    reference: number;
    per_byte: number;
    shared: number;
    policy: ChannelPolicy;
    subject: string;
    content_type: string;
    placeholders: TextFacts | null;
    is_notice: boolean;
    notice: NoticeSettings | null;
  }>(
    `select m.state, m.envelope_base_bytes as base, m.envelope_reference_bytes as reference, m.envelope_per_byte as per_byte,
       m.shared_attachment_bytes as shared,
       coalesce(m.channel_policy, f.channel_policy) as policy, m.subject, m.body_content_type as content_type, m.placeholders,
       f.notification = 'noticeOnly' as is_notice, f.notice
     from mailing m join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.organisation_id = $1 and m.id = $2 for share of m`,
    [organisationId, id],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { base, reference, per_byte: perByte, shared: sharedAttachments } = row;
  const envelope = { base, reference, perByte, sharedAttachments };
  const { subject, content_type: contentType, placeholders: facts } = row;
  const text = facts === null ? undefined : { subject, contentType, facts };
  const notice = row.is_notice ? { ...DEFAULT_NOTICE, ...row.notice } : undefined;
  return { state: row.state, envelope, channelPolicy: row.policy, text, notice };
}

export interface KnownBatch {
  readonly requestHash: Buffer;
  readonly answer: unknown;
}

export async function selectBatch(
  db: Queryable,
  { organisationId, id }: MailingKey,
  key: string,
): Promise<KnownBatch | undefined> {
  const { rows } = await db.query<KnownBatch>(
    `select request_hash as "requestHash", answer from mailing_batch where organisation_id = $1 and mailing_id = $2 and key = $3`,
    [organisationId, id, key],
  );
  return rows[0];
}

/** Keeps the answer of a bunch. @returns false when its key was taken by another at the same instant. */
export async function insertBatch(
  db: Queryable,
  { organisationId, id }: MailingKey,
  batch: { key: string; requestHash: Buffer; answer: unknown },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into mailing_batch (organisation_id, mailing_id, key, request_hash, answer) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [organisationId, id, batch.key, batch.requestHash, JSON.stringify(batch.answer)],
  );
  return rowCount === 1;
}

/** State and owner, held for a change of state. */
export async function lockMailing(
  db: Queryable,
  { organisationId, id }: MailingKey,
): Promise<{ state: MailingState; approvalOver: number | null; createdBySubject: string | null } | undefined> {
  const { rows } = await db.query<{
    state: MailingState;
    approvalOver: number | null;
    createdBySubject: string | null;
  }>(
    `select m.state, f.approval_over as "approvalOver", m.created_by_subject as "createdBySubject"
     from mailing m join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.organisation_id = $1 and m.id = $2 for update of m`,
    [organisationId, id],
  );
  return rows[0];
}

export async function setMailingState(
  db: Queryable,
  { organisationId, id }: MailingKey,
  state: 'filling' | 'awaitingApproval',
): Promise<void> {
  await db.query('update mailing set state = $3 where organisation_id = $1 and id = $2', [organisationId, id, state]);
}

interface MailingColumns {
  organisation_id: string;
  id: string;
  business_system_id: string;
  flow_id: string;
  flow_code: string;
  flow_name: string;
  name: string;
  state: MailingState;
  subject: string;
  created_at: Date;
  created_by: string;
  created_by_subject: string | null;
  touched_at: Date;
  not_before: Date | null;
  expires_at: Date | null;
  channel_policy: ChannelPolicy | null;
  approval_over: number | null;
  recipients: number;
  approved_by: string | null;
  committed_at: Date | null;
  letters: Partial<Record<LetterState, number>> | null;
  warnings: Mailing['warnings'] | null;
  sent_before: { id: string; name: string; at: string } | null;
}

/** Of mailing m. An event's or recipient's time is later than the mailing's own. */
export const TOUCHED_AT = `greatest(m.created_at, m.not_before,
    (select max(at) from mailing_event e where e.organisation_id = m.organisation_id and e.mailing_id = m.id),
    (select max(added_at) from mailing_recipient r where r.organisation_id = m.organisation_id and r.mailing_id = m.id))`;

const MAILING_COLUMNS = `m.organisation_id, m.id, m.business_system_id, m.flow_id, f.code as flow_code, f.name as flow_name, m.name,
  m.state, m.subject, m.created_at, m.created_by, m.created_by_subject, ${TOUCHED_AT} as touched_at, m.not_before, m.expires_at, m.channel_policy, f.approval_over,
  coalesce(m.recipients, (select count(*)::integer from mailing_recipient r
    where r.organisation_id = m.organisation_id and r.mailing_id = m.id)) as recipients,
  m.approved_by, m.committed_at,
  (select jsonb_object_agg(s.state, s.count) from (select l.state, count(*) from letter l
    where l.organisation_id = m.organisation_id and l.mailing_id = m.id group by l.state) s) as letters,
  (select e.detail -> 'warnings' from mailing_event e where e.organisation_id = m.organisation_id and e.mailing_id = m.id
    and e.kind = 'created' order by e.id limit 1) as warnings,
  (select jsonb_build_object('id', e.id, 'name', e.name, 'at', e.committed_at) from mailing e
    where e.organisation_id = m.organisation_id and e.list_hash = m.list_hash and e.state = 'committed' and e.id <> m.id
    order by e.committed_at desc limit 1) as sent_before`;

/** The mailing, of any system of the organisation, or of one. */
export async function selectMailing(
  db: Queryable,
  { organisationId, id }: MailingKey,
  systemId?: string,
): Promise<Mailing | undefined> {
  const { rows } = await db.query<MailingColumns>(
    `select ${MAILING_COLUMNS} from mailing m join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.organisation_id = $1 and m.id = $2 and ($3::uuid is null or m.business_system_id = $3)`,
    [organisationId, id, systemId ?? null],
  );
  return rows.map(toMailing)[0];
}

/** The organisation's mailings, the newest first. */
export async function selectMailings(
  db: Queryable,
  organisationId: string,
  { state, max, offset }: { state?: MailingState; max: number; offset: number },
): Promise<Mailing[]> {
  const { rows } = await db.query<MailingColumns>(
    `select ${MAILING_COLUMNS} from mailing m join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.organisation_id = $1 and ($2::text is null or m.state = $2)
     order by m.created_at desc, m.id desc limit $3 offset $4`,
    [organisationId, state ?? null, max, offset],
  );
  return rows.map(toMailing);
}

function toMailing(row: MailingColumns): Mailing {
  const { sent_before: sentBefore } = row;
  return {
    organisationId: row.organisation_id,
    id: row.id,
    systemId: row.business_system_id,
    flowId: row.flow_id,
    flowCode: row.flow_code,
    flowName: row.flow_name,
    name: row.name,
    state: row.state,
    subject: row.subject,
    createdAt: row.created_at,
    createdBy: row.created_by,
    createdBySubject: row.created_by_subject ?? undefined,
    touchedAt: row.touched_at,
    notBefore: row.not_before ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    channelPolicy: row.channel_policy ?? undefined,
    approvalOver: row.approval_over ?? undefined,
    recipients: row.recipients,
    approvedBy: row.approved_by ?? undefined,
    committedAt: row.committed_at ?? undefined,
    letters: row.letters ?? {},
    warnings: row.warnings ?? [],
    sentBefore: sentBefore === null ? undefined : { ...sentBefore, at: new Date(sentBefore.at) },
  };
}
