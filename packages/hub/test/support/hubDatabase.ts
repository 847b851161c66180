import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createHubAdmin } from '../../src/admin.ts';
import { HUB_MIGRATIONS } from '../../src/migrations.ts';

export const API_KEY = 'bd_test_0123456789abcdef0123456789abcdef';
export const OTHER_API_KEY = 'bd_test_fedcba9876543210fedcba9876543210';
export const MUNICIPALITY = '162021004748' as OrganizationNumber;
export const OTHER_MUNICIPALITY = '162021003898' as OrganizationNumber;

/** A hub database with two organisations that know nothing of each other. */
export async function createHubDatabase(): Promise<
  TestDatabase & { organisationId: string; otherOrganisationId: string }
> {
  const database = await createTestDatabase({ party: 'hub', migrations: HUB_MIGRATIONS });
  const admin = createHubAdmin(database.pool);
  const common = {
    returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring kontaktcenter på 010-123 45 67.' },
    units: [{ code: 'bygg', name: 'Byggnadsnämnden' }],
    flows: [
      { code: 'beslut', name: 'Beslut', unit: 'bygg', channelPolicy: 'digitalFirst' },
      { code: 'sekretess', name: 'Bara digitalt', unit: 'bygg', channelPolicy: 'digitalOnly' },
      { code: 'papper', name: 'Bara papper', unit: 'bygg', channelPolicy: 'paperOnly' },
    ],
  } as const;
  const own = await admin.putOrganisation({
    ...common,
    organizationNumber: MUNICIPALITY,
    name: 'Kommun A',
    systems: [{ name: 'Ärendesystemet', apiKey: API_KEY }],
  });
  const other = await admin.putOrganisation({
    ...common,
    organizationNumber: OTHER_MUNICIPALITY,
    name: 'Kommun B',
    systems: [{ name: 'Grannens system', apiKey: OTHER_API_KEY }],
  });
  return { ...database, organisationId: own.id, otherOrganisationId: other.id };
}
