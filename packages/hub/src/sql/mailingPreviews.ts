import type { Queryable } from '@brevduva/base';
import type { SupportInfo } from '../letter.ts';
import type { MailingKey } from '../mailing/mailing.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { AttachmentRow } from './mailings.ts';

/** A letter to be, as its recipient would get it. */
export interface LetterPreview {
  readonly organisationId: string;
  readonly id: string;
  readonly recipient: string;
  readonly reference: string | undefined;
  readonly subject: string;
  readonly bodyContentType: string;
  readonly bodyHash: Buffer;
  readonly sealedValues: Buffer | null;
  readonly address: PostalAddress | undefined;
  /** What its own PDF would be made of. */
  readonly document: { readonly hash: Buffer; readonly filename: string } | undefined;
  /** It is all there is, by SMS, e-mail or to a mailbox. */
  readonly isNotice: boolean;
  readonly sender: { readonly name: string; readonly support: SupportInfo };
  readonly attachments: readonly AttachmentRow[];
}

interface PreviewColumns extends Omit<LetterPreview, 'reference' | 'address' | 'document' | 'attachments'> {
  reference: string | null;
  address: PostalAddress | null;
  documentHash: Buffer | null;
  documentFilename: string | null;
  attachments: readonly { filename: string; contentType: string; hash: string; plainBytes: number; pages: number }[];
}

/** Which letters: some at random, that of a recipient, or one by its place (from 0) among those that are found. */
export type PreviewsWanted =
  | { readonly random: number }
  | { readonly recipientId: string }
  | { readonly nth: number; readonly search: string | undefined };

/**
 * Letters of a mailing that nobody has released yet. None to a protected person, for any of it may tell who and where she is. `search` is
 * a recipient's number or a reference, exact.
 */
export async function selectPreviews(
  db: Queryable,
  { organisationId, id }: MailingKey,
  which: PreviewsWanted,
): Promise<LetterPreview[]> {
  const { rows } = await db.query<PreviewColumns>(
    `select r.id, r.recipient, r.reference, coalesce(r.subject, m.subject) as subject,
       coalesce(r.body_content_type, m.body_content_type) as "bodyContentType", coalesce(r.body_hash, m.body_hash) as "bodyHash",
       r.organisation_id as "organisationId", r.sealed_values as "sealedValues", r.address,
       case when r.body_hash is null then m.document_hash end as "documentHash", m.document_filename as "documentFilename",
       jsonb_build_object('name', o.name, 'support', o.support) as sender, f.notification = 'noticeOnly' as "isNotice",
       (select coalesce(jsonb_agg(jsonb_build_object('filename', a.filename, 'contentType', a.content_type,
            'hash', encode(a.hash, 'hex'), 'plainBytes', a.plain_bytes, 'pages', a.pages) order by a.place, a.position), '[]')
        from (
          select 0 as place, position, filename, content_type, hash, plain_bytes, pages from mailing_recipient_attachment
          where organisation_id = $1 and mailing_id = $2 and recipient_id = r.id
          union all
          select 1, position, filename, content_type, hash, plain_bytes, pages from mailing_attachment
          where organisation_id = $1 and mailing_id = $2
        ) a) as attachments
     from (
       select * from mailing_recipient where organisation_id = $1 and mailing_id = $2 and not protected_identity
         and ($3::uuid is null or id = $3) and ($5::text is null or recipient = $5 or reference = $5)
       order by case when $6::integer is null then random() end, id limit $4 offset coalesce($6, 0)
     ) r
     join mailing m on m.organisation_id = r.organisation_id and m.id = r.mailing_id
     join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     join organisation o on o.id = r.organisation_id`,
    [
      organisationId,
      id,
      'recipientId' in which ? which.recipientId : null,
      'random' in which ? which.random : 1,
      'nth' in which ? (which.search ?? null) : null,
      'nth' in which ? which.nth : null,
    ],
  );
  return rows.map(({ documentHash, documentFilename, ...row }) => ({
    ...row,
    reference: row.reference ?? undefined,
    address: row.address ?? undefined,
    document: documentHash === null ? undefined : { hash: documentHash, filename: documentFilename ?? '' },
    attachments: row.attachments.map((file) => ({ ...file, hash: Buffer.from(file.hash, 'hex') })),
  }));
}

/** How many of them there are to step through. */
export async function countPreviews(
  db: Queryable,
  { organisationId, id }: MailingKey,
  search: string | undefined,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from mailing_recipient where organisation_id = $1 and mailing_id = $2 and not protected_identity
       and ($3::text is null or recipient = $3 or reference = $3)`,
    [organisationId, id, search ?? null],
  );
  return rows[0]?.count ?? 0;
}
