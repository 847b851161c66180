import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createPool, migrate, provisionParty, startEmbeddedPostgres } from '@brevduva/base';
import { createRegister, FAR_MIGRATIONS } from '@brevduva/far';
import { createHubAdmin, HUB_MIGRATIONS } from '@brevduva/hub';
import { createMailboxRegister, MAILBOX_MIGRATIONS } from '@brevduva/mailbox';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createTestAuthority, type IssuedCertificate } from '@brevduva/protocol/testing';
import type { Pool } from 'pg';
import type { Tls } from './parties.ts';
import { people } from './people.ts';
import { type Party, startParty } from './startParty.ts';

export const API_KEY = 'bd_bench_0123456789abcdef0123456789abcdef';
export const FLOW = 'beslut';
const MUNICIPALITY = '162021004748' as OrganizationNumber;
const FAR_OWNER = '162021006883';
const OPERATORS = {
  first: { organizationNumber: '165568402266', name: 'Första operatören' },
  second: { organizationNumber: '165591628135', name: 'Andra operatören' },
} as const;
/** Half of them at each operator; letters go round among them. */
const RECIPIENTS = 1_000;

type Name = 'hub' | 'far' | 'first' | 'second';

/** The whole ecosystem: one PostgreSQL that really writes, FaR, two operators and two hub nodes, each in a process of its own. */
export interface World {
  readonly pools: Readonly<Record<Name, Pool>>;
  readonly recipients: readonly string[];
  /** Takes letters in and does nothing else. */
  readonly intakeNode: Party;
  /** Takes letters in and runs the pipeline. */
  readonly fullNode: Party;
  readonly far: Party;
  readonly operators: readonly Party[];
  readonly postgresPid: number;
  /** The municipality's key: it is sender and dispatcher. */
  readonly keyPem: string;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Persons with a mailbox; half of them at each operator. */
  readonly recipients?: number;
  /** Does the second hub node run the pipeline? Default true. */
  readonly runsPipeline?: boolean;
}

/** Starts all of it. A start that fails leaves nothing behind. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  try {
    return { ...(await build((one) => closing.push(one), options)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type AtClose = (close: () => Promise<unknown>) => void;

async function build(
  atClose: AtClose,
  { recipients: count = RECIPIENTS, runsPipeline = true }: WorldOptions,
): Promise<Omit<World, 'close'>> {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-bench-'));
  atClose(() => rm(dir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), port: 0 });
  atClose(() => postgres.stop());
  const { pools, urls } = await createSchemas(postgres.adminUrl, atClose);
  const { keys, tls, caPem } = await issueKeys();
  const running = async (start: Parameters<typeof startParty>[0]) => {
    const party = await startParty(start);
    atClose(() => party.stop());
    return party;
  };
  const contentKey = randomBytes(32);
  const far = await running({ party: 'far', databaseUrl: urls.far, tls: tls(keys.far) });
  const operator = (name: 'first' | 'second') =>
    running({
      party: 'operator',
      databaseUrl: urls[name],
      tls: tls(keys[name]),
      operator: OPERATORS[name],
      contentKey,
    });
  const [first, second] = [await operator('first'), await operator('second')];
  const recipients = people(count);
  await seed(pools, { first: first.url, second: second.url }, recipients);
  const hub = (node: string, runsPipeline: boolean) =>
    running({
      party: 'hub',
      databaseUrl: urls.hub,
      node,
      farUrl: far.url,
      keys: keys.municipality,
      sender: MUNICIPALITY,
      caPem,
      contentKey,
      paperDir: join(dir, 'paper'),
      runsPipeline,
    });
  const [intakeNode, fullNode] = [await hub('intake', false), await hub('full', runsPipeline)];
  const { keyPem } = keys.municipality;
  return {
    pools,
    recipients,
    intakeNode,
    fullNode,
    far,
    operators: [first, second],
    postgresPid: postgres.pid,
    keyPem,
  };
}

async function createSchemas(adminUrl: string, atClose: AtClose) {
  const create = async (party: Name, migrations: Parameters<typeof migrate>[1]) => {
    const url = await provisionParty({ adminUrl, party, password: randomBytes(16).toString('hex') });
    const pool = createPool({ connectionString: url, applicationName: 'bench', max: 2 });
    atClose(() => pool.end());
    await migrate(pool, migrations, { log: createLog({ service: 'bench', level: 'silent' }) });
    return { url, pool };
  };
  const hub = await create('hub', HUB_MIGRATIONS);
  const far = await create('far', FAR_MIGRATIONS);
  const first = await create('first', MAILBOX_MIGRATIONS);
  const second = await create('second', MAILBOX_MIGRATIONS);
  return {
    pools: { hub: hub.pool, far: far.pool, first: first.pool, second: second.pool },
    urls: { hub: hub.url, far: far.url, first: first.url, second: second.url },
  };
}

async function issueKeys() {
  const authority = await createTestAuthority({ name: 'Bench CA' });
  const issue = (organizationNumber: string, commonName: string) => authority.issue({ organizationNumber, commonName });
  const keys = {
    far: await issue(FAR_OWNER, 'FaR'),
    first: await issue(OPERATORS.first.organizationNumber, OPERATORS.first.name),
    second: await issue(OPERATORS.second.organizationNumber, OPERATORS.second.name),
    municipality: await issue(MUNICIPALITY, 'Kommunen'),
  };
  const tls = (own: IssuedCertificate): Tls => ({ key: own.keyPem, cert: own.certPem, ca: authority.caPem });
  return { keys, tls, caPem: authority.caPem };
}

async function seed(
  pools: World['pools'],
  addresses: { first: string; second: string },
  recipients: readonly string[],
): Promise<void> {
  const register = createRegister(pools.far);
  await register.addSender(MUNICIPALITY, 'Kommunen');
  await register.addDispatcher(MUNICIPALITY, 'Kommunen', [MUNICIPALITY]);
  for (const [n, key] of (['first', 'second'] as const).entries()) {
    const { organizationNumber, name } = OPERATORS[key];
    const own = recipients.filter((_, index) => index % 2 === n);
    await register.addOperator({ organizationNumber, name, domain: `${key}.example`, serviceAddress: addresses[key] });
    await register.addAccounts(
      own.map((recipientId) => ({ recipientId, operator: organizationNumber, registeredAt: new Date(0) })),
    );
    const mailbox = createMailboxRegister(pools[key]);
    await mailbox.addSenders([{ organizationNumber: MUNICIPALITY, name: 'Kommunen' }]);
    await mailbox.addDispatchers([{ organizationNumber: MUNICIPALITY, name: 'Kommunen', senders: [MUNICIPALITY] }]);
    await mailbox.addAccounts(own.map((recipientId) => ({ recipientId })));
  }
  await createHubAdmin(pools.hub).putOrganisation({
    organizationNumber: MUNICIPALITY,
    name: 'Kommunen',
    returnAddress: { name: 'Kommunen', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring kontaktcenter på 010-123 45 67.' },
    units: [{ code: 'bygg', name: 'Byggnadsnämnden' }],
    flows: [{ code: FLOW, name: 'Beslut', unit: 'bygg', channelPolicy: 'digitalFirst' }],
    systems: [{ name: 'Ärendesystemet', apiKey: API_KEY }],
  });
}
