import type { Queryable } from '@brevduva/base';

/** Every organisation that the register knows, by name. */
export async function selectOrganizationNames(db: Queryable): Promise<{ number: string; name: string }[]> {
  const { rows } = await db.query<{ number: string; name: string }>(
    `select organization_number::text as number, name from organization order by name, organization_number`,
  );
  return rows;
}
