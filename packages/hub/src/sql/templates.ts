import type { Queryable } from '@brevduva/base';
import type { TemplateSettings } from '../organisation/configuration.ts';

type TemplateRow = Omit<TemplateSettings, 'document'> & { readonly document: string | null };

const TEMPLATE_COLUMNS =
  't.code, t.name, t.language, t.subject, t.content_type as "contentType", t.message, t.document';

function toTemplate(row: TemplateRow): TemplateSettings {
  return { ...row, document: row.document ?? undefined };
}

/** What is in force; retired ones are not in it. */
export async function selectTemplates(db: Queryable, organisationId: string): Promise<TemplateSettings[]> {
  const { rows } = await db.query<TemplateRow>(
    `select ${TEMPLATE_COLUMNS} from template t where t.organisation_id = $1 and t.is_active order by t.code`,
    [organisationId],
  );
  return rows.map(toTemplate);
}

/** The one in force with the code. */
export async function selectTemplate(
  db: Queryable,
  organisationId: string,
  code: string,
): Promise<TemplateSettings | undefined> {
  const { rows } = await db.query<TemplateRow>(
    `select ${TEMPLATE_COLUMNS} from template t where t.organisation_id = $1 and t.code = $2 and t.is_active`,
    [organisationId, code],
  );
  return rows.map(toTemplate)[0];
}

/** The one that the flow names for mailings without text of their own. */
export async function selectTemplateOfFlow(
  db: Queryable,
  organisationId: string,
  flowCode: string,
): Promise<TemplateSettings | undefined> {
  const { rows } = await db.query<TemplateRow>(
    `select ${TEMPLATE_COLUMNS}
     from flow f join template t on t.organisation_id = f.organisation_id and t.code = f.template_code
     where f.organisation_id = $1 and f.code = $2 and t.is_active`,
    [organisationId, flowCode],
  );
  return rows.map(toTemplate)[0];
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
