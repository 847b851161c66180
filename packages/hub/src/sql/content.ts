import type { Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';

/** Stores each content that the organisation does not have yet; the same hash twice is one row. */
export async function insertContents(
  db: Queryable,
  organisationId: string,
  contents: readonly PreparedContent[],
): Promise<void> {
  await db.query(
    `insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
     select $1, c.hash, c.content_type, c.plain_bytes, c.bytes
     from unnest($2::bytea[], $3::text[], $4::integer[], $5::bytea[]) as c (hash, content_type, plain_bytes, bytes)
     on conflict do nothing`,
    [
      organisationId,
      contents.map((content) => content.hash),
      contents.map((content) => content.contentType),
      contents.map((content) => content.plainBytes),
      contents.map((content) => content.sealed),
    ],
  );
}

/** @returns the ciphertexts found, in no particular order. */
export async function selectContents(
  db: Queryable,
  organisationId: string,
  hashes: readonly Buffer[],
): Promise<{ hash: Buffer; bytes: Buffer }[]> {
  const { rows } = await db.query<{ hash: Buffer; bytes: Buffer }>({
    name: 'selectContents',
    text: 'select hash, bytes from content where organisation_id = $1 and hash = any($2::bytea[])',
    values: [organisationId, hashes],
  });
  return rows;
}

/** Erases those of the contents that nothing refers to any more. */
export async function deleteUnusedContents(
  db: Queryable,
  organisationId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await db.query(
    `delete from content c where c.organisation_id = $1 and c.hash = any($2::bytea[])
       and not exists (select from letter where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and signed_hash = c.hash)
       and not exists (select from notice where organisation_id = $1 and hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and document_hash = c.hash)
       and not exists (select from mailing where organisation_id = $1 and document_hash = c.hash)
       and not exists (select from attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from mailing_attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing_recipient where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from mailing_recipient_attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from print_document where organisation_id = $1 and hash = c.hash)
       and not exists (select from hand_in_case where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing_upload where organisation_id = $1 and hash = c.hash)`,
    [organisationId, hashes],
  );
}
