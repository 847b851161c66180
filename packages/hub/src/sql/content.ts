import { brokenReference, type Queryable } from '@brevduva/base';
import type { PreparedContent } from '../content.ts';
import { joinBytes } from './joinBytes.ts';

/**
 * Stores each content that the organisation does not have yet, and holds all of them until the caller's transaction ends, so that nobody
 * erases one before something refers to it. The same hash twice is one row.
 */
export async function insertContents(
  db: Queryable,
  organisationId: string,
  contents: readonly PreparedContent[],
): Promise<void> {
  const hashes = [...new Map(contents.map(({ hash }) => [hash.toString('hex'), hash])).values()];
  for (let tries = 1; tries <= STORE_TRIES_MAX; tries++) {
    await insertMissing(db, organisationId, contents);
    if ((await holdContents(db, organisationId, hashes)) === hashes.length) return;
  }
  throw new Error('content was erased again and again while it was stored');
}

const STORE_TRIES_MAX = 5;

/** @returns how many there are: one that was there a moment ago may have been erased. */
async function holdContents(db: Queryable, organisationId: string, hashes: readonly Buffer[]): Promise<number> {
  const { rowCount } = await db.query(
    'select hash from content where organisation_id = $1 and hash = any($2::bytea[]) order by hash for key share',
    [organisationId, hashes],
  );
  return rowCount ?? 0;
}

/**
 * Does work that stores content and refers to it in one statement. Content that was there when the statement looked for it may be erased
 * before the statement refers to it; done once more, it is stored anew.
 */
export async function onceMoreIfErased<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (brokenReference(error)?.endsWith(REFERENCE_TO_CONTENT) !== true) throw error;
    return work();
  }
}

/** Of every table that refers to content, and of no other reference. */
const REFERENCE_TO_CONTENT = 'hash_fkey';

async function insertMissing(
  db: Queryable,
  organisationId: string,
  contents: readonly PreparedContent[],
): Promise<void> {
  await db.query({
    name: 'insertMissingContents',
    text: `insert into content (organisation_id, hash, content_type, plain_bytes, bytes)
     select $1, c.hash, c.content_type, c.plain_bytes, substring($7::bytea from c.start for c.length)
     from unnest($2::bytea[], $3::text[], $4::integer[], $5::integer[], $6::integer[])
       as c (hash, content_type, plain_bytes, start, length)
     on conflict do nothing`,
    values: [
      organisationId,
      contents.map((content) => content.hash),
      contents.map((content) => content.contentType),
      contents.map((content) => content.plainBytes),
      ...joinBytes(contents.map((content) => content.sealed)),
    ],
  });
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

/** Erases those of the contents that nothing refers to any more; in a transaction. @returns which were erased. */
export async function deleteUnusedContents(
  db: Queryable,
  organisationId: string,
  hashes: readonly Buffer[],
): Promise<Buffer[]> {
  // Whoever is about to refer to one is waited for, and seen by the next statement; the other way round nobody can begin to.
  await db.query(
    'select from content where organisation_id = $1 and hash = any($2::bytea[]) order by hash for update',
    [organisationId, hashes],
  );
  const { rows } = await db.query<{ hash: Buffer }>(
    `delete from content c where c.organisation_id = $1 and c.hash = any($2::bytea[])
       and not exists (select from letter where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and signed_hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and print_hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and invoice_xml_hash = c.hash)
       and not exists (select from mailing_recipient where organisation_id = $1 and invoice_xml_hash = c.hash)
       and not exists (select from form_part where organisation_id = $1 and hash = c.hash)
       and not exists (select from notice where organisation_id = $1 and content_hash = c.hash)
       and not exists (select from letter where organisation_id = $1 and document_hash = c.hash)
       and not exists (select from mailing where organisation_id = $1 and document_hash = c.hash)
       and not exists (select from attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from mailing_attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing_recipient where organisation_id = $1 and body_hash = c.hash)
       and not exists (select from mailing_recipient_attachment where organisation_id = $1 and hash = c.hash)
       and not exists (select from print_document where organisation_id = $1 and hash = c.hash)
       and not exists (select from hand_in_case where organisation_id = $1 and hash = c.hash)
       and not exists (select from mailing_upload where organisation_id = $1 and hash = c.hash)
     returning c.hash`,
    [organisationId, hashes],
  );
  return rows.map(({ hash }) => hash);
}
