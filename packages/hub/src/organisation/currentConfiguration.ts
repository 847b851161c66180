import { inSnapshot, type Pool } from '@brevduva/base';
import { selectOrganisations } from '../sql/admin.ts';
import { selectConfiguration } from '../sql/configuration.ts';
import type { OrganisationConfiguration } from './configuration.ts';

/** The organisation's configuration as it is in force, or undefined when the hub has no such organisation. */
export async function currentConfiguration(
  pool: Pool,
  organizationNumber: string,
): Promise<OrganisationConfiguration | undefined> {
  const found = await inSnapshot(pool, (db) => selectConfiguration(db, organizationNumber));
  return found?.configuration;
}

/** Every organisation of the hub, by name. */
export function listOrganisations(pool: Pool): Promise<{ number: string; name: string }[]> {
  return selectOrganisations(pool);
}
