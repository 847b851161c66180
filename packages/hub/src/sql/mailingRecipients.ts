import type { Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type { MailingKey } from '../mailing/mailing.ts';
import { joinBytes } from './joinBytes.ts';
import type { AttachmentRow } from './mailings.ts';

/** A recipient of a mailing: the letter to be, under the id that it will have. */
export interface RecipientRow {
  readonly id: string;
  readonly recipient: string;
  readonly reference: string | undefined;
  readonly address: unknown;
  readonly protectedIdentity: boolean;
  readonly invoice?: Invoice | undefined;
  /** The invoice in UBL, as it was handed in. */
  readonly invoiceXmlHash?: Buffer | undefined;
  readonly envelopeBytes: number;
  /** Its own, or the mailing's filled with its values; undefined: the mailing's. */
  readonly subject?: string | undefined;
  /** What the mailing's text is filled with. */
  readonly sealedValues?: Buffer | undefined;
  /** Number and address to tell the recipient at. */
  readonly sealedContact?: Buffer | undefined;
  /** Content of its own, in place of the mailing's. */
  readonly own?: OwnContent;
}

export interface OwnContent {
  readonly bodyContentType: string;
  readonly bodyHash: Buffer;
  /** Before those that all get. */
  readonly attachments: readonly AttachmentRow[];
}

/**
 * Adds recipients to a mailing, in one statement with the contents that they have of their own. Contents are to be distinct and sorted
 * by hash.
 * @returns the ids added: those not returned are in the mailing already, under these ids or as the same recipient and reference.
 */
export async function insertRecipients(
  db: Queryable,
  { organisationId, id }: MailingKey,
  recipients: readonly RecipientRow[],
  contents: readonly PreparedContent[] = [],
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    `with contents as (
       insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
       select $1, c.hash, c.content_type, c.plain_bytes, substring($10::bytea from c.start for c.length)
       from unnest($5::bytea[], $6::text[], $7::integer[], $8::integer[], $9::integer[])
         as c (hash, content_type, plain_bytes, start, length)
       on conflict do nothing
     ), added as (
       insert into mailing_recipient (organisation_id, mailing_id, id, recipient, reference, address, protected_identity, envelope_bytes,
         invoice, subject, body_content_type, body_hash, sealed_values, sealed_contact, invoice_xml_hash)
       select $1, $2, r.id, r.recipient, r.reference, r.address, r.protected_identity, r.envelope_bytes, r.invoice, r.subject,
         r.body_content_type, decode(r.body_hash, 'hex'), decode(r.sealed_values, 'base64'), decode(r.sealed_contact, 'base64'),
         decode(r.invoice_xml_hash, 'hex')
       from jsonb_to_recordset($3::jsonb) as r (id uuid, recipient text, reference text, address jsonb, protected_identity boolean,
         envelope_bytes integer, invoice jsonb, subject text, body_content_type text, body_hash text, sealed_values text,
         sealed_contact text, invoice_xml_hash text)
       order by r.recipient, r.reference
       on conflict do nothing returning id
     ), attachments as (
       insert into mailing_recipient_attachment (organisation_id, mailing_id, recipient_id, position, filename, content_type, hash,
         plain_bytes, pages)
       select $1, $2, a.recipient_id, a.position, a.filename, a.content_type, decode(a.hash, 'hex'), a.plain_bytes, a.pages
       from jsonb_to_recordset($4::jsonb) as a (recipient_id uuid, position smallint, filename text, content_type text, hash text,
         plain_bytes integer, pages integer)
       join added on added.id = a.recipient_id
     )
     select id from added`,
    [
      organisationId,
      id,
      JSON.stringify(recipients.map(recipientJson)),
      JSON.stringify(recipients.flatMap(attachmentJson)),
      contents.map((content) => content.hash),
      contents.map((content) => content.contentType),
      contents.map((content) => content.plainBytes),
      ...joinBytes(contents.map((content) => content.sealed)),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

function recipientJson({ own, ...row }: RecipientRow): Record<string, unknown> {
  return {
    id: row.id,
    recipient: row.recipient,
    reference: row.reference ?? null,
    address: row.address ?? null,
    protected_identity: row.protectedIdentity,
    envelope_bytes: row.envelopeBytes,
    invoice: row.invoice ?? null,
    subject: row.subject ?? null,
    sealed_values: row.sealedValues?.toString('base64') ?? null,
    invoice_xml_hash: row.invoiceXmlHash?.toString('hex') ?? null,
    sealed_contact: row.sealedContact?.toString('base64') ?? null,
    ...(own && {
      body_content_type: own.bodyContentType,
      body_hash: own.bodyHash.toString('hex'),
    }),
  };
}

function attachmentJson({ id, own }: RecipientRow): Record<string, unknown>[] {
  return (own?.attachments ?? []).map((attachment, position) => ({
    recipient_id: id,
    position,
    filename: attachment.filename,
    content_type: attachment.contentType,
    hash: attachment.hash.toString('hex'),
    plain_bytes: attachment.plainBytes,
    pages: attachment.pages,
  }));
}
