import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createPool, migrate, newId, provisionParty, systemClock } from '@brevduva/base';
import { testServerUrl } from '@brevduva/base/testing';
import { createRegister, FAR_MIGRATIONS, startFar } from '@brevduva/far';
import { createHubAdmin, HUB_MIGRATIONS, type HubOptions, startHub } from '@brevduva/hub';
import {
  createMailboxRegister,
  type FarSettings,
  MAILBOX_MIGRATIONS,
  type OperatorSettings,
  READ_STATUS_PATH,
  startMailbox,
} from '@brevduva/mailbox';
import type { OrganizationNumber, SoapEndpointOptions } from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import pg from 'pg';

export const MUNICIPALITY = '162021004748' as OrganizationNumber;
export const API_KEY = 'bd_test_0123456789abcdef0123456789abcdef';
const FAR_OWNER = '162021006883';

/** Everyone of the sample, by what happens to a letter to them. */
export const PEOPLE = {
  atFirst: '199001012385',
  atSecond: '199001022392',
  notRegistered: '199001032391',
  pending: '199001042390',
  optedOut: '199001052399',
} as const;

type Around = NonNullable<SoapEndpointOptions['around']>;
export type PartyName = 'far' | 'first' | 'second';

export const OPERATORS: Readonly<Record<'first' | 'second', OperatorSettings>> = {
  first: { organizationNumber: '165568402266', name: 'Första operatören', tellsReadStatus: true },
  second: { organizationNumber: '165591628135', name: 'Andra operatören', acceptHtml: false },
};

const log = createLog({ service: 'test', level: (process.env['TEST_LOG'] as 'info' | undefined) ?? 'silent' });
const noLogin = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' };

interface Running {
  close(): Promise<void>;
}

/**
 * The whole ecosystem in this process, on real PostgreSQL and real mutual TLS: FaR, two operators that differ, the hub. Parties can
 * be stopped and started, and their answers tampered with, one call at a time.
 */
export async function startEcosystem(options: { hub?: Partial<HubOptions>; withHub?: boolean } = {}) {
  const world = await prepareWorld();
  const running = new Map<PartyName | 'hub', Running>();
  const around = new Map<PartyName, Around>();
  const ports = new Map<PartyName, number>();
  const tamper =
    (party: PartyName): Around =>
    (call, next) =>
      (around.get(party) ?? ((_c, go) => go()))(call, next);

  async function startParty(party: PartyName): Promise<void> {
    const port = ports.get(party) ?? 0;
    const started =
      party === 'far'
        ? await world.startFar(port, tamper('far'))
        : await world.startOperator(party, port, tamper(party), farUrls());
    ports.set(party, Number(new URL(started.soapUrl).port));
    running.set(party, started);
  }
  async function stopParty(party: PartyName | 'hub'): Promise<void> {
    const found = running.get(party);
    running.delete(party);
    await found?.close();
  }

  const url = (party: PartyName) =>
    `https://localhost:${ports.get(party)}${party === 'far' ? '/webservice/Recipient/v3' : '/service/v3'}`;
  const farUrls = () => ({
    recipientUrl: url('far'),
    authorityUrl: `https://localhost:${ports.get('far')}/webservice/Authority`,
  });
  // The operators ask who is connected as soon as they start, and only the connected may ask.
  await startParty('far');
  await world.seedConnected();
  await Promise.all((['first', 'second'] as const).map(startParty));
  await world.seed({ first: url('first'), second: url('second') });
  const readStatus = (['first', 'second'] as const).map((party) => ({
    organizationNumber: OPERATORS[party].organizationNumber,
    url: new URL(READ_STATUS_PATH, url(party)).href,
  }));
  const hubOptions: HubOptions = { ...world.hubOptions(url('far')), readStatus, ...options.hub };
  let hubUrl = '';
  async function startTheHub(more: Partial<HubOptions> = {}): Promise<void> {
    const hub = await startHub({ ...hubOptions, ...more });
    hubUrl = hub.webUrl;
    running.set('hub', hub);
  }
  if (options.withHub !== false) await startTheHub();

  return {
    world,
    hubOptions,
    get hubUrl() {
      return hubUrl;
    },
    startHub: startTheHub,
    /** Where an operator receives. */
    operatorUrl: (party: 'first' | 'second') => url(party),
    startParty,
    stopParty,
    /** How the party's next calls are answered; undefined: honestly. */
    tamper(party: PartyName, how: Around | undefined) {
      if (how === undefined) around.delete(party);
      else around.set(party, how);
    },
    deliveriesTo: (recipient: string) => world.deliveriesTo(recipient),
    async close() {
      await Promise.all([...running.keys()].map(stopParty));
      await world.close();
    },
  };
}

export type Ecosystem = Awaited<ReturnType<typeof startEcosystem>>;

/** Database, certificates, folders: what outlives every process. */
async function prepareWorld() {
  const database = await createWorldDatabase();
  const authority = await createTestAuthority({ name: 'Test CA' });
  const keys = await issueKeys(authority);
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-ecosystem-'));
  const pools = {
    hub: database.pool('hub'),
    far: database.pool('far'),
    first: database.pool('first'),
    second: database.pool('second'),
  };
  await migrate(pools.hub, HUB_MIGRATIONS, { log });
  await migrate(pools.far, FAR_MIGRATIONS, { log });
  await migrate(pools.first, MAILBOX_MIGRATIONS, { log });
  await migrate(pools.second, MAILBOX_MIGRATIONS, { log });
  const host = '127.0.0.1';
  const tls = (own: IssuedCertificate) => ({ key: own.keyPem, cert: own.certPem, ca: authority.caPem });
  const contentKey = randomBytes(32);
  const common = { clock: systemClock, log };
  return {
    pools,
    dir,
    authority,
    keys,
    paperDir: join(dir, 'paper'),
    startFar: (port: number, around: Around) =>
      startFar({
        ...common,
        databaseUrl: database.url('far'),
        soap: { host, port, tls: tls(keys.far) },
        web: { host, port: 0 },
        around,
      }),
    startOperator: (name: 'first' | 'second', port: number, around: Around, far: FarSettings) =>
      startMailbox({
        ...common,
        databaseUrl: database.url(name),
        operator: OPERATORS[name],
        soap: { host, port, tls: tls(keys[name]), trust: [authority.caPem] },
        web: { host, port: 0 },
        oidc: noLogin,
        far,
        contentKey,
        around,
      }),
    hubOptions: (farUrl: string): HubOptions => ({
      ...common,
      databaseUrl: database.url('hub'),
      node: 'test',
      web: { host, port: 0, publicUrl: 'http://localhost' },
      oidc: noLogin,
      farUrl,
      dispatcher: keys.municipality,
      senders: [{ organizationNumber: MUNICIPALITY, ...keys.municipality }],
      caPem: authority.caPem,
      contentKey,
      paperDir: join(dir, 'paper'),
    }),
    /** A place in the database for one party more. @returns its connection string. */
    async addParty(party: string): Promise<string> {
      await database.add(party);
      return database.url(party);
    },
    seedConnected: () => seedConnected(pools.far),
    seed: (addresses: { first: string; second: string }) => seed(pools, addresses),
    /** How many letters the operators hold for the recipient: what the citizen sees. */
    async deliveriesTo(recipient: string): Promise<number> {
      const counts = await Promise.all(
        [pools.first, pools.second].map((pool) =>
          pool.query<{ count: number }>(
            `select count(*)::integer as count from letter join account on account.id = letter.account_id
             where account.recipient_id = $1`,
            [recipient],
          ),
        ),
      );
      return counts.reduce((sum, { rows }) => sum + (rows[0]?.count ?? 0), 0);
    },
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function createWorldDatabase() {
  const serverUrl = await testServerUrl();
  const name = `world_${newId().replaceAll('-', '')}`;
  await adminQuery(serverUrl, `create database ${name}`);
  const adminUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const urls: Record<string, string> = {};
  // Roles belong to the server, so they carry the world's own name and go with it.
  const add = async (party: string) => {
    urls[party] = await provisionParty({ adminUrl, party: `${party}_${name}`, password: 'test' });
  };
  for (const party of ['hub', 'far', 'first', 'second']) await add(party);
  const url = (party: string): string => urls[party] ?? '';
  return {
    url,
    add,
    pool: (party: string) =>
      createPool({ connectionString: url(party), applicationName: 'test', allowExitOnIdle: true }),
    async drop() {
      await adminQuery(serverUrl, `drop database ${name} with (force)`);
      for (const party of Object.keys(urls)) await adminQuery(serverUrl, `drop role ${party}_${name}`);
    },
  };
}

async function adminQuery(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function issueKeys(authority: TestAuthority) {
  const [far, first, second, municipality] = await Promise.all([
    authority.issue({ organizationNumber: FAR_OWNER, commonName: 'FaR' }),
    authority.issue({ organizationNumber: OPERATORS.first.organizationNumber, commonName: 'Första' }),
    authority.issue({ organizationNumber: OPERATORS.second.organizationNumber, commonName: 'Andra' }),
    authority.issue({ organizationNumber: MUNICIPALITY, commonName: 'Kommun A' }),
  ]);
  return { far, first, second, municipality };
}

/** Who is connected; the operators learn it from FaR. */
async function seedConnected(far: pg.Pool): Promise<void> {
  const register = createRegister(far);
  await register.addSender(MUNICIPALITY, 'Kommun A');
  await register.addDispatcher(MUNICIPALITY, 'Kommun A', [MUNICIPALITY]);
  for (const key of ['first', 'second'] as const) {
    const { organizationNumber, name } = OPERATORS[key];
    // The address is known when the operator listens.
    const serviceAddress = 'https://localhost/service/v3';
    await register.addOperator({ organizationNumber, name, domain: `${key}.example`, serviceAddress });
  }
}

async function seed(
  pools: Record<'hub' | 'far' | 'first' | 'second', pg.Pool>,
  addresses: { first: string; second: string },
): Promise<void> {
  const register = createRegister(pools.far);
  for (const key of ['first', 'second'] as const) {
    const { organizationNumber, name } = OPERATORS[key];
    await register.addOperator({ organizationNumber, name, domain: `${key}.example`, serviceAddress: addresses[key] });
  }
  const registeredAt = new Date('2024-03-01T08:00:00Z');
  const first = OPERATORS.first.organizationNumber;
  await register.addAccounts([
    { recipientId: PEOPLE.atFirst, operator: first, registeredAt },
    { recipientId: PEOPLE.atSecond, operator: OPERATORS.second.organizationNumber, registeredAt },
    { recipientId: PEOPLE.pending, operator: first, pending: true, registeredAt },
    { recipientId: PEOPLE.optedOut, operator: first, registeredAt },
  ]);
  await register.blockSender(PEOPLE.optedOut, MUNICIPALITY);
  await createMailboxRegister(pools.first).addAccounts([
    { recipientId: PEOPLE.atFirst },
    { recipientId: PEOPLE.pending, pending: true },
    { recipientId: PEOPLE.optedOut },
  ]);
  await createMailboxRegister(pools.second).addAccounts([{ recipientId: PEOPLE.atSecond }]);
  await createHubAdmin(pools.hub).putOrganisation({
    organizationNumber: MUNICIPALITY,
    name: 'Kommun A',
    returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring kontaktcenter på 010-123 45 67.' },
    units: [{ code: 'bygg', name: 'Byggnadsnämnden' }],
    flows: [
      { code: 'beslut', name: 'Beslut', unit: 'bygg', channelPolicy: 'digitalFirst' },
      { code: 'digitalt', name: 'Bara digitalt', unit: 'bygg', channelPolicy: 'digitalOnly' },
      { code: 'papper', name: 'Bara papper', unit: 'bygg', channelPolicy: 'paperOnly' },
    ],
    systems: [{ name: 'Ärendesystemet', apiKey: API_KEY }],
  });
}
