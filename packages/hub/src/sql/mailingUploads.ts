import type { Queryable } from '@brevduva/base';
import { deleteUnusedContents } from './content.ts';

export interface UploadOwner {
  readonly organisationId: string;
  /** The person's, at the identity provider. */
  readonly subject: string;
}

export interface MailingUpload {
  readonly id: string;
  readonly filename: string;
  readonly hash: Buffer;
  readonly columns: unknown;
  readonly skipsFaulty: boolean;
  /** The template that the mailing is to be made of; null: text of its own. */
  readonly templateCode: string | null;
}

/** Keeps a file that has been stored as content; the person's last one must be gone ({@link deleteUploads}). */
export async function insertUpload(
  db: Queryable,
  { organisationId, subject }: UploadOwner,
  upload: { id: string; filename: string; hash: Buffer },
): Promise<void> {
  await db.query(
    'insert into mailing_upload (organisation_id, id, created_by_subject, filename, hash) values ($1, $2, $3, $4, $5)',
    [organisationId, upload.id, subject, upload.filename, upload.hash],
  );
}

/** The person's own; another's is not found. */
export async function selectUpload(
  db: Queryable,
  { organisationId, subject }: UploadOwner,
  id: string,
): Promise<MailingUpload | undefined> {
  const { rows } = await db.query<MailingUpload>(
    `select id, filename, hash, columns, skips_faulty as "skipsFaulty", template_code as "templateCode" from mailing_upload
     where organisation_id = $1 and created_by_subject = $2 and id = $3`,
    [organisationId, subject, id],
  );
  return rows[0];
}

export async function setUploadColumns(
  db: Queryable,
  { organisationId, subject }: UploadOwner,
  {
    id,
    columns,
    skipsFaulty,
    templateCode,
  }: { id: string; columns: unknown; skipsFaulty: boolean; templateCode: string | undefined },
): Promise<void> {
  await db.query(
    `update mailing_upload set columns = $4, skips_faulty = $5, template_code = $6
     where organisation_id = $1 and created_by_subject = $2 and id = $3`,
    [organisationId, subject, id, JSON.stringify(columns), skipsFaulty, templateCode ?? null],
  );
}

/** Takes the file for one mailing. @returns false when another request makes one of it already, or has made it. */
export async function takeUpload(
  db: Queryable,
  { organisationId, subject }: UploadOwner,
  id: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update mailing_upload set taken_until = now() + $4 * interval '1 second'
     where organisation_id = $1 and created_by_subject = $2 and id = $3 and (taken_until is null or taken_until < now())`,
    [organisationId, subject, id, TAKEN_SECONDS],
  );
  return rowCount === 1;
}

/** No mailing came of it: it may be taken again. */
export async function releaseUpload(
  db: Queryable,
  { organisationId, subject }: UploadOwner,
  id: string,
): Promise<void> {
  await db.query(
    'update mailing_upload set taken_until = null where organisation_id = $1 and created_by_subject = $2 and id = $3',
    [organisationId, subject, id],
  );
}

/** Far more than the making of the largest mailing takes. */
const TAKEN_SECONDS = 120;

/** Erases the person's files, and everybody's that have lain about for too long, with their content. */
export async function deleteUploads(db: Queryable, { organisationId, subject }: UploadOwner): Promise<void> {
  const { rows } = await db.query<{ hash: Buffer }>(
    `delete from mailing_upload where organisation_id = $1
       and (created_by_subject = $2 or created_at < now() - $3 * interval '1 hour') returning hash`,
    [organisationId, subject, UPLOAD_HOURS_MAX],
  );
  await deleteUnusedContents(
    db,
    organisationId,
    rows.map(({ hash }) => hash),
  );
}

const UPLOAD_HOURS_MAX = 24;
