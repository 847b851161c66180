import type { Queryable } from '@brevduva/base';
import { distinctContents, type PreparedContent } from '../content.ts';
import type { ValidLetter } from '../intake/validate.ts';
import type { SystemIdentity } from '../organisation/businessSystem.ts';
import type { LetterState } from '../states.ts';
import { joinBytes } from './joinBytes.ts';

/** Where every letter begins. */
export const FIRST_STATE: LetterState = 'waiting';

export interface NewLetter {
  readonly letter: ValidLetter;
  readonly flowId: string;
  readonly lane: number;
  /** It expires so long after it was handed in. */
  readonly lifetimeHours?: number | undefined;
  /** Nothing is done with it earlier. */
  readonly notBefore?: Date | undefined;
  /** In place of the flow's lifetime. */
  readonly expiresAt?: Date | undefined;
  /** Number and address to tell the recipient at. */
  /** The invoice in UBL, where it was handed in so. */
  readonly invoiceXml?: PreparedContent | undefined;
  readonly sealedContact?: Buffer | undefined;
  readonly body: PreparedContent;
  readonly attachments: readonly { filename: string; contentType: string; pages: number; content: PreparedContent }[];
  /** The signed delivery, where it came signed. */
  readonly signed?: PreparedContent | undefined;
  readonly key: string;
  readonly requestHash: Buffer;
  /** The form that it answers. */
  readonly formId?: string | undefined;
}

/** A case of a hand-in that a person ends by handing the letter in. */
export interface ClosedByLetter {
  readonly handInCaseId: string;
  /** The person, as the audit trail names her. */
  readonly by: string;
}

/**
 * Stores letters with content, attachments, first event and idempotency key as one statement: all of a letter or nothing of it.
 * The key is taken first; a letter whose key is taken already (also by a transaction that commits while we wait) is not stored.
 * With `closes` the case is closed in the same statement, and nothing is stored when somebody has closed it.
 *
 * @returns the ids of the letters stored.
 */
export async function insertLetters(
  db: Queryable,
  system: SystemIdentity,
  letters: readonly NewLetter[],
  closes?: ClosedByLetter,
): Promise<string[]> {
  const contents = distinctContents(letters.flatMap(contentsOf));
  const { rows } = await db.query<{ id: string }>(
    `with input as (
       select * from jsonb_to_recordset($3::jsonb) as i (id uuid, flow_id uuid, recipient text, subject text, language text,
         reference text, address jsonb, protected_identity boolean, body_content_type text, body_hash text,
         envelope_bytes integer, lane smallint, lifetime_hours integer, not_before timestamptz,
         expires_at timestamptz, invoice jsonb, signed_hash text, form_message_id uuid, sealed_contact text, invoice_xml_hash text,
         warnings jsonb, key text, request_hash text)
     ), closing as (
       select id, reason from hand_in_case where organisation_id = $1 and id = $13 and closed_at is null for update
     ), keys as (
       insert into idempotency (organisation_id, business_system_id, key, request_hash, letter_id)
       select $1, $2, key, decode(request_hash, 'hex'), id from input
       where $13::uuid is null or exists (select from closing)
       on conflict do nothing returning letter_id
     ), closed as (
       update hand_in_case c set closed_at = clock_timestamp(), closed_by = $14, resolution = 'handedIn', letter_id = keys.letter_id
       from keys, closing where c.organisation_id = $1 and c.id = closing.id
     ), contents as (
       insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
       select $1, c.hash, c.content_type, c.plain_bytes, substring($12::bytea from c.start for c.length)
       from unnest($5::bytea[], $6::text[], $7::integer[], $10::integer[], $11::integer[])
         as c (hash, content_type, plain_bytes, start, length)
       where exists (select from keys)
       on conflict do nothing
     ), letters as (
       insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, reference, address,
         protected_identity, body_content_type, body_hash, envelope_bytes, state, stage, lane, due_at,
         expires_at, invoice, signed_hash, form_message_id, sealed_contact, invoice_xml_hash)
       select $1, id, $2, flow_id, recipient, subject, language, reference, address, protected_identity, body_content_type,
         decode(body_hash, 'hex'), envelope_bytes, $9, 'resolve', lane,
         greatest(now(), not_before), coalesce(expires_at, now() + lifetime_hours * interval '1 hour'), invoice, decode(signed_hash, 'hex'), form_message_id,
         decode(sealed_contact, 'base64'), decode(invoice_xml_hash, 'hex')
       from input join keys on keys.letter_id = input.id
       returning id
     ), attachments as (
       insert into attachment (organisation_id, letter_id, position, filename, content_type, hash, plain_bytes, pages)
       select $1, a.letter_id, a.position, a.filename, a.content_type, decode(a.hash, 'hex'), a.plain_bytes, a.pages
       from jsonb_to_recordset($4::jsonb) as a (letter_id uuid, position smallint, filename text, content_type text, hash text,
         plain_bytes integer, pages integer)
       join letters on letters.id = a.letter_id
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select $1, id, 'accepted', $8, '{}' from letters
       union all
       select $1, id, 'pdfNotAccessible', $8, jsonb_build_object('faults', warnings)
       from letters join input using (id) where warnings is not null
       union all
       select $1, letters.id, 'sortedOut', $14::text, jsonb_build_object('reason', closing.reason) from letters, closing
     )
     select id from letters`,
    [
      system.organisationId,
      system.id,
      JSON.stringify(letters.map(letterRow)),
      JSON.stringify(letters.flatMap(attachmentRows)),
      contents.map((content) => content.hash),
      contents.map((content) => content.contentType),
      contents.map((content) => content.plainBytes),
      system.name,
      FIRST_STATE,
      ...joinBytes(contents.map((content) => content.sealed)),
      closes?.handInCaseId ?? null,
      closes?.by ?? null,
    ],
  );
  return rows.map((row) => row.id);
}

/** What an earlier submission with the key became. */
export interface KnownKey {
  readonly letterId: string;
  readonly requestHash: Buffer;
  readonly state: LetterState;
  /** Its flow is one of notices. */
  readonly isNotice: boolean;
}

export async function selectByKey(db: Queryable, system: SystemIdentity, key: string): Promise<KnownKey | undefined> {
  const { rows } = await db.query<KnownKey>(
    `select i.letter_id as "letterId", i.request_hash as "requestHash", l.state,
       f.notification = 'noticeOnly' as "isNotice"
     from idempotency i join letter l on l.organisation_id = i.organisation_id and l.id = i.letter_id
     join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     where i.organisation_id = $1 and i.business_system_id = $2 and i.key = $3`,
    [system.organisationId, system.id, key],
  );
  return rows[0];
}

function contentsOf({ body, attachments, signed, invoiceXml }: NewLetter): PreparedContent[] {
  const others = [signed, invoiceXml].filter((each) => each !== undefined);
  return [body, ...attachments.map((each) => each.content), ...others];
}

function letterRow({
  letter,
  flowId,
  lane,
  lifetimeHours,
  notBefore,
  expiresAt,
  signed,
  sealedContact,
  invoiceXml,
  body,
  key,
  requestHash,
  formId,
}: NewLetter): Record<string, unknown> {
  return {
    id: letter.id,
    flow_id: flowId,
    recipient: letter.recipient,
    subject: letter.subject,
    language: letter.language,
    reference: letter.reference ?? null,
    address: letter.address ?? null,
    protected_identity: letter.protectedIdentity,
    body_content_type: letter.body.contentType,
    body_hash: body.hash.toString('hex'),
    envelope_bytes: letter.envelopeBytes,
    lane,
    lifetime_hours: lifetimeHours ?? null,
    not_before: notBefore ?? null,
    expires_at: expiresAt ?? null,
    invoice: letter.invoice ?? null,
    signed_hash: signed?.hash.toString('hex') ?? null,
    form_message_id: formId ?? null,
    invoice_xml_hash: invoiceXml?.hash.toString('hex') ?? null,
    sealed_contact: sealedContact?.toString('base64') ?? null,
    warnings: letter.warnings ?? null,
    key,
    request_hash: requestHash.toString('hex'),
  };
}

function attachmentRows({ letter, attachments }: NewLetter): Record<string, unknown>[] {
  return attachments.map(({ filename, contentType, pages, content }, position) => ({
    letter_id: letter.id,
    position,
    filename,
    content_type: contentType,
    hash: content.hash.toString('hex'),
    plain_bytes: content.plainBytes,
    pages,
  }));
}
