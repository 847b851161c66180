import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@brevduva/base/testing';
import { createHubAdmin } from '@brevduva/hub';
import type { OrganizationNumber } from '@brevduva/protocol';
import type { SampleStaff } from '../../packages/cli/src/dev/sample/organizations.ts';
import { CLIENT_SECRET, startStaffProvider } from '../../packages/cli/test/staffProvider.ts';
import { type Ecosystem, MUNICIPALITY, startEcosystem } from './ecosystem.ts';

export const NEIGHBOUR = '162021003898' as OrganizationNumber;
export const NEIGHBOUR_API_KEY = 'bd_test_fedcba9876543210fedcba9876543210';

const own = { organizationNumber: MUNICIPALITY, organizationName: 'Kommun A' };

/** Who can log in: two who handle cases, one who approves, one who only looks, one of another municipality, one of nobody we know. */
export const STAFF: readonly SampleStaff[] = [
  { id: 'maja', name: 'Maja Lilja', roles: ['caseworker'], ...own },
  { id: 'jussi', name: 'Jussi Mäkelä', roles: ['caseworker', 'administrator'], ...own },
  { id: 'gunilla', name: 'Gunilla Sjögren', roles: ['approver'], ...own },
  { id: 'omar', name: 'Omar Haddad', roles: ['reader'], ...own },
  {
    id: 'nils',
    name: 'Nils Granne',
    roles: ['caseworker'],
    organizationNumber: NEIGHBOUR,
    organizationName: 'Kommun B',
  },
  {
    id: 'freja',
    name: 'Freja Öberg',
    roles: ['registerOwner'],
    organizationNumber: '162021006883' as OrganizationNumber,
    organizationName: 'Digg (utveckling)',
  },
];

export interface ConsoleWorld {
  readonly world: Ecosystem;
  /** The hub's own address, as the browser sees it. */
  readonly origin: string;
  readonly issuer: string;
  close(): Promise<void>;
}

/** The ecosystem with a hub that one can log in to through the development identity provider, and a second municipality. */
export async function startConsoleWorld(): Promise<ConsoleWorld> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-console-'));
  const provider = await startStaffProvider({ folder, origin, clientId: 'hub', name: 'Brevduva', staff: STAFF });
  const world = await startEcosystem({
    hub: {
      web: { host: '127.0.0.1', port, publicUrl: origin },
      oidc: { issuer: provider.issuer, clientId: 'hub', clientSecret: CLIENT_SECRET },
    },
  });
  await createHubAdmin(world.world.pools.hub).putOrganisation({
    organizationNumber: NEIGHBOUR,
    name: 'Kommun B',
    returnAddress: { name: 'Kommun B', lines: ['Gatan 2'], postalCode: '543 21', city: 'Byn' },
    support: { text: 'Ring växeln.' },
    units: [{ code: 'skola', name: 'Skolnämnden' }],
    flows: [{ code: 'beslut', name: 'Beslut', unit: 'skola', channelPolicy: 'digitalFirst' }],
    systems: [{ name: 'Grannens system', apiKey: NEIGHBOUR_API_KEY }],
  });
  return {
    world,
    origin,
    issuer: provider.issuer,
    async close() {
      await world.close();
      await provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The sample municipality's site plan: a PDF that looks like one. */
export function sitePlanPdf(): Promise<Buffer> {
  return readFile(new URL('../../packages/cli/src/dev/sample/situationsplan.pdf', import.meta.url));
}
