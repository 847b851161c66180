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
