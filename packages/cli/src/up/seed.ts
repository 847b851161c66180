import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPool } from '@brevduva/base';
import { createRegister } from '@brevduva/far';
import { MESSAGE_PATH } from '@brevduva/hub';
import { createMailboxRegister } from '@brevduva/mailbox';
import {
  SAMPLE_MUNICIPALITY,
  SAMPLE_OPERATORS,
  SAMPLE_ORGANISATIONS,
  type SampleOperator,
  SERVICE_COMPANY,
} from '../dev/sample/organizations.ts';
import type { SampleRecipient } from '../dev/sample/recipients.ts';
import type { SampleRegisters } from '../dev/sample/registers.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';
import type { Certificates } from './certificates.ts';
import type { Database, PartyRole } from './database.ts';
import type { Ports } from './ports.ts';
import { seedCustomer, seedOrganisations } from './seedOrganisations.ts';
import { TOPOLOGY_FACTS, type Topology } from './topology.ts';

type Holder = SampleRecipient & { mailbox: NonNullable<SampleRecipient['mailbox']> };

/** Where each operator answers: ports may be others than last time. */
export type OperatorAddresses = Readonly<Record<SampleOperator['key'], { soapUrl: string; webUrl: string }>>;

const { organizationNumber: MUNICIPALITY, name: MUNICIPALITY_NAME } = SAMPLE_MUNICIPALITY;

/**
 * Connects everyone to FaR, every time. Before the operators start: the first thing they ask is who may send.
 */
export async function seedConnections(
  database: Pick<Database, 'urls'>,
  addresses: OperatorAddresses,
  topology: Topology = 'a',
): Promise<void> {
  const { hubOf, hasCompanyHub } = TOPOLOGY_FACTS[topology];
  await withPool(database, 'far', async (pool) => {
    const register = createRegister(pool);
    for (const { organizationNumber, name } of SAMPLE_ORGANISATIONS) await register.addSender(organizationNumber, name);
    const served = SAMPLE_ORGANISATIONS.map((one) => one.organizationNumber);
    if (hubOf !== 'service') await register.addDispatcher(MUNICIPALITY, MUNICIPALITY_NAME, served);
    if (hubOf === 'service' || hasCompanyHub) {
      await register.addDispatcher(SERVICE_COMPANY.organizationNumber, SERVICE_COMPANY.name, served);
    }
    for (const { key, organizationNumber, name, domain } of SAMPLE_OPERATORS) {
      const { soapUrl, webUrl } = addresses[key];
      await register.addOperator({ organizationNumber, name, domain, serviceAddress: soapUrl, uiAddress: webUrl });
    }
  });
}

/**
 * Fills the parties' own registers, each only the first time for a database, or people's own changes would be undone at
 * every start. Interrupted, it does all again:
 * everything can be repeated.
 */
export async function seed(options: {
  folder: string;
  database: Database;
  recipients: readonly SampleRecipient[];
  registers: SampleRegisters;
  certificates: Certificates;
  apiKeyOf: (systemCode: string) => string;
  topology: Topology;
  ports: Ports;
}): Promise<void> {
  const { folder, database, recipients, registers } = options;
  const marker = join(folder, 'seeded.json');
  const done = await seededParts(marker, database);
  const configurations = await seedHubs(options, done);
  if (!done.includes('accounts')) await seedAccounts(database, recipients.filter(isHolder));
  if (!done.includes('registers')) await seedRegisters(database, registers);
  const parts = [...PARTS, ...configurations];
  if (parts.some((part) => !done.includes(part))) {
    await writeFileAtomic(marker, `${JSON.stringify({ database: database.name, parts })}\n`);
  }
}

async function seedHubs(options: Parameters<typeof seed>[0], done: readonly string[]): Promise<string[]> {
  const { hubOf, hasCompanyHub } = TOPOLOGY_FACTS[options.topology];
  const { database, ports } = options;
  if (hubOf === undefined) return [];
  const dispatcherUrl = hasCompanyHub ? `https://localhost:${ports.companyHub.systems}${MESSAGE_PATH}` : undefined;
  const own = await withPool(database, 'hub', (pool) => seedOrganisations({ ...options, pool, done, dispatcherUrl }));
  if (!hasCompanyHub) return own;
  return [...own, await withPool(database, 'hub_service', (pool) => seedCustomer({ ...options, pool, done }))];
}

const PARTS = ['accounts', 'registers'];

/** A marker without parts was written when there were only accounts. */
async function seededParts(marker: string, database: Database): Promise<readonly string[]> {
  const text = await readFile(marker, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const { database: seeded, parts = ['accounts'] } = JSON.parse(text) as { database?: string; parts?: string[] };
  return seeded === database.name ? parts : [];
}

async function seedRegisters(database: Database, { persons, companies, consents }: SampleRegisters): Promise<void> {
  await withPool(database, 'far', async (pool) => {
    const register = createRegister(pool);
    await register.addPersons(persons);
    await register.addCompanies(companies);
    await register.grantConsents(consents);
  });
}

async function seedAccounts(database: Database, holders: readonly Holder[]): Promise<void> {
  const numbers = new Map(SAMPLE_OPERATORS.map((operator) => [operator.key, operator.organizationNumber]));
  for (const { key } of SAMPLE_OPERATORS) {
    const here = holders.filter((one) => one.mailbox.operator === key);
    await withPool(database, `mailbox_${key}`, (pool) =>
      createMailboxRegister(pool).addAccounts(
        here.map(({ id, mailbox }) => ({ recipientId: id, pending: mailbox.pending, openedAt: mailbox.registeredAt })),
      ),
    );
  }
  await withPool(database, 'far', async (pool) => {
    const register = createRegister(pool);
    await register.addAccounts(
      holders.map(({ id, mailbox }) => ({
        recipientId: id,
        operator: numbers.get(mailbox.operator) ?? '',
        pending: mailbox.pending,
        registeredAt: mailbox.registeredAt,
      })),
    );
    const optedOut = holders.filter((one) => one.mailbox.optedOut);
    await register.blockSenders(optedOut.map(({ id }) => ({ recipientId: id, sender: MUNICIPALITY })));
  });
}

function isHolder(recipient: SampleRecipient): recipient is Holder {
  return recipient.mailbox !== undefined;
}

type Pool = ReturnType<typeof createPool>;

async function withPool<T>(
  database: Pick<Database, 'urls'>,
  party: PartyRole,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool({ connectionString: database.urls[party], applicationName: 'brevduva seed', max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
