import type { Queryable } from '@brevduva/base';

/**
 * No code that a configuration file can give a system begins like this, so it never is one of the file's.
 */
export const CONSOLE_SYSTEM_CODE = '_konsolen';

/**
 * The system that staff hand mailings in as: made when first needed, with all flows in use. It counts as retired, so that it stands in
 * no configuration and no list, and no credential could ever open a door for it.
 */
export async function putConsoleSystem(
  db: Queryable,
  { organisationId, id, name }: { organisationId: string; id: string; name: string },
): Promise<{ id: string; flows: string[] }> {
  const { rows } = await db.query<{ id: string }>(
    `insert into business_system (organisation_id, id, code, name, is_active) values ($1, $2, $3, $4, false)
     on conflict (organisation_id, code) do update set name = excluded.name returning id`,
    [organisationId, id, CONSOLE_SYSTEM_CODE, name],
  );
  const systemId = rows[0]?.id ?? id;
  await db.query(
    `insert into system_flow (organisation_id, business_system_id, flow_id)
     select $1, $2, f.id from flow f where f.organisation_id = $1 and f.is_active on conflict do nothing`,
    [organisationId, systemId],
  );
  const flows = await db.query<{ code: string }>(
    'select code from flow where organisation_id = $1 and is_active order by name',
    [organisationId],
  );
  return { id: systemId, flows: flows.rows.map(({ code }) => code) };
}

/** The flows in use, for a list to choose from. */
export async function selectActiveFlows(
  db: Queryable,
  organisationId: string,
): Promise<{ code: string; name: string; approvalOver: number | null }[]> {
  const { rows } = await db.query<{ code: string; name: string; approvalOver: number | null }>(
    `select code, name, approval_over as "approvalOver" from flow
     where organisation_id = $1 and is_active order by name limit $2`,
    [organisationId, FLOWS_MAX],
  );
  return rows;
}

const FLOWS_MAX = 500;
