import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@brevduva/base/testing';
import type { OrganizationNumber } from '@brevduva/protocol';
import type { SampleStaff } from '../../cli/src/dev/sample/organizations.ts';
import { createBrowser } from '../../cli/test/browserSession.ts';
import { CLIENT_SECRET, startStaffProvider } from '../../cli/test/staffProvider.ts';
import type { FarOptions } from '../src/index.ts';
import { MUNICIPALITY } from './sampleRegister.ts';
import { type SoapSetup, startSampleFar } from './soapSetup.ts';

export const OWNER = { organizationNumber: '162021006883' as OrganizationNumber, name: 'Digg (utveckling)' };

const own = { organizationNumber: OWNER.organizationNumber, organizationName: OWNER.name };

/** One who runs the register, one who may look, one of the owner's without a role here, one of another organisation. */
const STAFF: readonly SampleStaff[] = [
  { id: 'freja', name: 'Freja Öberg', roles: ['registerOwner'], ...own },
  { id: 'stellan', name: 'Stellan Åkesson', roles: ['reader'], ...own },
  { id: 'ulla', name: 'Ulla Utan', roles: ['caseworker'], ...own },
  {
    id: 'nils',
    name: 'Nils Granne',
    roles: ['registerOwner', 'reader'],
    organizationNumber: MUNICIPALITY,
    organizationName: 'Kommun A',
  },
];

export type Person = 'freja' | 'stellan' | 'ulla' | 'nils';
export const PERSON_NAMES = Object.fromEntries(STAFF.map(({ id, name }) => [id, name])) as Record<Person, string>;

export interface ConsoleSetup extends SoapSetup {
  /** The console's own address, as the browser sees it. */
  readonly origin: string;
  /** A browser of the quick kind; logs the person in and gives the page she lands on. */
  visit(person: Person, path?: string): Promise<Visit>;
}

export interface Visit {
  readonly status: number;
  readonly text: string;
  get(path: string): Promise<{ status: number; text: string; to: string }>;
  /** Posts a form with the session's token, as the pages do. */
  post(path: string, form?: Record<string, string>): Promise<{ status: number; text: string; to: string }>;
}

/** The register with its sample and a console that one can log in to through the development identity provider. */
export async function startFarConsole(options: Partial<FarOptions> = {}): Promise<ConsoleSetup> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-far-'));
  const provider = await startStaffProvider({ folder, origin, clientId: 'far', name: OWNER.name, staff: STAFF });
  const setup = await startSampleFar({
    web: { host: '127.0.0.1', port, publicUrl: origin },
    oidc: { issuer: provider.issuer, clientId: 'far', clientSecret: CLIENT_SECRET },
    owner: OWNER,
    isDevelopmentRegister: true,
    ...options,
  });
  return {
    ...setup,
    origin,
    visit: (person, path) => visit(origin, person, path),
    close: async () => {
      await setup.close();
      await provider.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function visit(origin: string, person: Person, path = '/console'): Promise<Visit> {
  const browser = createBrowser();
  const page = await browser.logIn(`${origin}/login?return=${encodeURIComponent(path)}`, { staffId: person });
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return {
    status: page.status,
    text: page.text,
    get: (to) => browser.go(`${origin}${to}`),
    post: (to, form = {}) => browser.go(`${origin}${to}`, { _csrf: csrf, ...form }),
  };
}
