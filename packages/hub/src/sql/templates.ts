import type { Queryable } from '@brevduva/base';
import type { TemplateSettings } from '../organisation/configuration.ts';

/** What is in force; retired ones are not in it. */
export async function selectTemplates(db: Queryable, organisationId: string): Promise<TemplateSettings[]> {
  const { rows } = await db.query<Omit<TemplateSettings, 'document'> & { document: string | null }>(
    `select code, name, language, subject, content_type as "contentType", message, document
     from template where organisation_id = $1 and is_active order by code`,
    [organisationId],
  );
  return rows.map((row) => ({ ...row, document: row.document ?? undefined }));
}

/** Brings the organisation's templates to these: those that are not among them are retired. */
export async function putTemplates(
  db: Queryable,
  organisationId: string,
  templates: readonly TemplateSettings[],
): Promise<void> {
  await db.query(
    `with wanted as (
       select * from jsonb_to_recordset($2) as w (code text, name text, language text, subject text, "contentType" text, message text,
         document text)
     ), retired as (
       update template set is_active = false
       where organisation_id = $1 and is_active and code not in (select code from wanted)
     )
     insert into template (organisation_id, code, name, language, subject, content_type, message, document)
     select $1, code, name, language, subject, "contentType", message, document from wanted
     on conflict (organisation_id, code) do update set name = excluded.name, language = excluded.language, subject = excluded.subject,
       content_type = excluded.content_type, message = excluded.message, document = excluded.document, is_active = true`,
    [organisationId, JSON.stringify(templates)],
  );
}
