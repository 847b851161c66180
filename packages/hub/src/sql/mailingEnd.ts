import type { Queryable } from '@brevduva/base';
import type { MailingKey } from '../mailing/mailing.ts';
import { deleteUnusedContents } from './content.ts';

/** Counts the recipients and notes which they are. The list's hash is of the sorted numbers, so that order does not matter. */
export async function noteRecipients(db: Queryable, { organisationId, id }: MailingKey): Promise<number> {
  const { rows } = await db.query<{ recipients: number }>(
    `update mailing m set recipients = r.count, list_hash = r.hash, commit_asked_at = now()
     from (
       select count(*)::integer as count, sha256(convert_to(coalesce(string_agg(recipient, ',' order by recipient), ''), 'UTF8')) as hash
       from mailing_recipient where organisation_id = $1 and mailing_id = $2
     ) r
     where m.organisation_id = $1 and m.id = $2 returning m.recipients`,
    [organisationId, id],
  );
  return rows[0]?.recipients ?? 0;
}

/** What a letter's `accepted` event says of where it came from. */
const FROM_MAILING = 'mailing';

/**
 * Makes every recipient a letter, with its content and its first event: all of them or none, at one instant. They fall due at once,
 * or when the mailing says.
 */
export async function releaseMailing(
  db: Queryable,
  { organisationId, id }: MailingKey,
  { approvedBy, lane }: { approvedBy: string | undefined; lane: number },
): Promise<number> {
  const { rows } = await db.query<{ letters: number }>(
    `with released as (
       update mailing set state = 'committed', committed_at = now(), approved_by = $3,
         approved_at = case when $3::text is not null then now() end
       where organisation_id = $1 and id = $2 returning *
     ), own as materialized (
       select r.*, m.business_system_id, m.flow_id, m.language, b.name as system_name,
         coalesce(r.subject, m.subject) as letter_subject,
         coalesce(r.body_content_type, m.body_content_type) as letter_body_type,
         coalesce(r.body_hash, m.body_hash) as letter_body_hash,
         case when r.body_hash is null then m.document_hash end as letter_document, m.document_filename,
         m.channel_policy, greatest(now(), m.not_before) as due_at,
         coalesce(m.expires_at, now() + f.lifetime_hours * interval '1 hour') as expires_at, m.name as mailing_name
       from released m
       join mailing_recipient r on r.organisation_id = m.organisation_id and r.mailing_id = m.id
       join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
       join business_system b on b.organisation_id = m.organisation_id and b.id = m.business_system_id
     ), letters as (
       insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, reference, address,
         protected_identity, body_content_type, body_hash, envelope_bytes, state, stage, lane, due_at, mailing_id, expires_at,
         channel_policy, invoice, invoice_xml_hash, sealed_values, sealed_contact, document_hash, document_filename)
       select organisation_id, id, business_system_id, flow_id, recipient, letter_subject, language, reference, address,
         protected_identity, letter_body_type, letter_body_hash, envelope_bytes, 'waiting', 'resolve', $4, due_at, mailing_id,
         expires_at, channel_policy, invoice, invoice_xml_hash, sealed_values, sealed_contact, letter_document, document_filename
       from own returning id
     ), shared_attachments as (
       insert into attachment (organisation_id, letter_id, position, filename, content_type, hash, plain_bytes, pages)
       select own.organisation_id, own.id, 1000 + a.position, a.filename, a.content_type, a.hash, a.plain_bytes, a.pages
       from own join mailing_attachment a on a.organisation_id = own.organisation_id and a.mailing_id = own.mailing_id
     ), own_attachments as (
       insert into attachment (organisation_id, letter_id, position, filename, content_type, hash, plain_bytes, pages)
       select organisation_id, recipient_id, position, filename, content_type, hash, plain_bytes, pages
       from mailing_recipient_attachment where organisation_id = $1 and mailing_id = $2
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select organisation_id, id, 'accepted', system_name, jsonb_build_object('${FROM_MAILING}', mailing_name) from own
     )
     select count(*)::integer as letters from letters`,
    [organisationId, id, approvedBy ?? null, lane],
  );
  return rows[0]?.letters ?? 0;
}

/** Clears the recipients of a mailing that has been released or cancelled. */
export async function deleteRecipients(db: Queryable, { organisationId, id }: MailingKey): Promise<void> {
  await db.query('delete from mailing_batch where organisation_id = $1 and mailing_id = $2', [organisationId, id]);
  await db.query('delete from mailing_recipient where organisation_id = $1 and mailing_id = $2', [organisationId, id]);
}

/** Ends a mailing; with its recipients gone, the content that nobody else has is erased. */
export async function cancelMailing(db: Queryable, key: MailingKey): Promise<void> {
  const { organisationId, id } = key;
  const { rows } = await db.query<{ hash: Buffer }>(
    `select body_hash as hash from mailing where organisation_id = $1 and id = $2 and body_hash is not null
     union select document_hash from mailing where organisation_id = $1 and id = $2 and document_hash is not null
     union select hash from mailing_attachment where organisation_id = $1 and mailing_id = $2
     union select body_hash from mailing_recipient where organisation_id = $1 and mailing_id = $2 and body_hash is not null
     union select invoice_xml_hash from mailing_recipient
       where organisation_id = $1 and mailing_id = $2 and invoice_xml_hash is not null
     union select hash from mailing_recipient_attachment where organisation_id = $1 and mailing_id = $2`,
    [organisationId, id],
  );
  await deleteRecipients(db, key);
  await db.query('delete from mailing_attachment where organisation_id = $1 and mailing_id = $2', [organisationId, id]);
  await db.query(
    `update mailing set state = 'cancelled', cancelled_at = now(), body_hash = null, document_hash = null,
       document_filename = null, subject = '', recipients = null, list_hash = null
     where organisation_id = $1 and id = $2`,
    [organisationId, id],
  );
  await deleteUnusedContents(
    db,
    organisationId,
    rows.map(({ hash }) => hash),
  );
}
