import { join } from 'node:path';
import { appError, BASE_ERRORS, type Clock, type Closers, createClosers, type Log } from '@brevduva/base';
import type { SoapCall } from '@brevduva/protocol';
import { createFaultSwitch } from '../dev/faultSwitch.ts';
import { startIdentityProvider } from '../dev/identityProvider.ts';
import { notDelivered } from '../dev/notDelivered.ts';
import { type FeaturedRecipients, featuredRecipients } from '../dev/sample/featured.ts';
import { SAMPLE_OPERATORS, SAMPLE_STAFF } from '../dev/sample/organizations.ts';
import { createSampleRecipients, type SampleRecipient } from '../dev/sample/recipients.ts';
import { createSampleRegisters, type SampleRegisters } from '../dev/sample/registers.ts';
import { type TestPerson, testPersons } from '../dev/sample/testPersons.ts';
import { readRunning, removeRunning, writeRunning } from '../installation.ts';
import { makeFolder } from '../makeFolder.ts';
import { openCertificates } from './certificates.ts';
import { openDatabase } from './database.ts';
import { startWithOutages } from './outage.ts';
import {
  identityClients,
  operatorAddresses,
  PAPER,
  type PartyParts,
  type Registers,
  startAddressSourceParty,
  startBankParty,
  startCompanyHubParty,
  startFarParty,
  startHubParty,
  startMessageGatewayParty,
  startOperatorParty,
  startPrintShopParty,
} from './parties.ts';
import { portsFrom } from './ports.ts';
import { registerCertificates } from './registerCertificates.ts';
import { sendSampleLetters } from './sampleLetters.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { seed, seedConnections } from './seed.ts';
import { TOPOLOGY_FACTS, type Topology, topologyOf } from './topology.ts';

/** The business system whose key the command line uses. */
const OWN_SYSTEM = 'utveckling';

export interface InstallationOptions {
  readonly folder: string;
  readonly portBase: number;
  /** Undefined: the folder's own, or `a`. */
  readonly topology?: Topology | undefined;
  /** Hand in the example letters, once. */
  readonly withSampleLetters: boolean;
  readonly databaseUrl: string | undefined;
  /** Where keys and passwords to print shops lie; `print-secrets` in the data folder unless given. */
  readonly printSecrets?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Installation {
  readonly topology: Topology;
  /** None where each system connects by itself. */
  readonly hub: string | undefined;
  /** Of the company that dispatches for the municipality. */
  readonly companyHub: string | undefined;
  readonly far: string;
  /** Where the e-invoices of the development bank are seen. */
  readonly bank: string;
  readonly identityProvider: string;
  readonly mailboxes: readonly { readonly name: string; readonly url: string }[];
  /** Where the hub hands over to print shops that fetch from a folder. */
  readonly paper: string;
  /** The development print shop's page. */
  readonly printShop: string;
  /** The page that shows the e-mail and SMS that were sent. */
  readonly messages: string;
  /** The hub's, for Prometheus. */
  readonly metrics: string | undefined;
  readonly apiKey: string;
  readonly featured: FeaturedRecipients;
  readonly registers: SampleRegisters;
  /** Lets what is under way end, then stops everyone, the database last. */
  close(): Promise<void>;
}

/** The whole ecosystem in this process, each party meeting the others over the contract alone. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const closers = createClosers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function start(options: InstallationOptions, closers: Closers): Promise<Installation> {
  const { folder } = options;
  await prepareFolder(folder);
  const recipients = createSampleRecipients();
  const featured = featuredRecipients(recipients);
  const registers = createSampleRegisters(recipients);
  const topology = await topologyOf(folder, options.topology);
  const persons = testPersons(recipients, featured, registers);
  const parts = await openParts({ ...options, topology }, persons, closers);
  const running = await startParties(parts, { recipients, registers }, closers);
  const apiKey = apiKeyOf(parts.secrets, OWN_SYSTEM);
  const farDatabaseUrl = parts.database.urls.far;
  const hubDatabaseUrl = parts.database.urls.hub;
  const { hub, farUrl } = running;
  const ofHub = hub === undefined ? {} : { hub, apiKey, hubDatabaseUrl };
  await writeRunning(folder, { pid: process.pid, farUrl, farDatabaseUrl, ...ofHub });
  closers.add(() => removeRunning(folder));
  if (options.withSampleLetters && hub !== undefined) await sendSampleLetters({ url: hub, apiKey, featured });
  return {
    ...running,
    topology,
    identityProvider: parts.issuer,
    paper: join(folder, PAPER),
    apiKey,
    featured,
    registers,
    close: () => closers.closeAll(),
  };
}

/** One installation per folder. (Of two that start at the same instant the database lets one in.) */
async function prepareFolder(folder: string): Promise<void> {
  if ((await readRunning(folder)) !== undefined) {
    throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_IN_USE', { values: { folder } });
  }
  await makeFolder(folder).catch((cause: unknown) => {
    throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_UNREACHABLE', { values: { folder }, cause });
  });
}

/** What the parties stand on: certificates, secrets, database, e-ID, faults. */
async function openParts(
  {
    folder,
    portBase,
    topology,
    databaseUrl,
    printSecrets,
    clock,
    log,
  }: InstallationOptions & { readonly topology: Topology },
  persons: readonly TestPerson[],
  closers: Closers,
): Promise<PartyParts> {
  const ports = portsFrom(portBase);
  const now = () => clock.now();
  const secrets = await openSecrets(join(folder, 'secret'));
  const certificates = await openCertificates(join(folder, 'certificates'), now);
  const database = await openDatabase({ folder, databaseUrl, port: ports.postgres, secrets, log });
  closers.add(database.close);
  const identityProvider = await startIdentityProvider({
    keyFile: join(folder, 'identity-provider.json'),
    signingFolder: join(folder, 'e-id'),
    port: ports.identityProvider,
    clients: identityClients(ports, secrets),
    persons,
    staff: SAMPLE_STAFF,
    now,
    log: log.child({ party: 'identityProvider' }),
  });
  closers.add(identityProvider.close);
  const sleep = (delayMs: number) => clock.sleep(delayMs);
  const faults = await createFaultSwitch<SoapCall>({ folder, sleep, notDelivered });
  const { issuer, eIdCaPem } = identityProvider;
  const parties = { folder, printSecrets: printSecrets ?? join(folder, 'print-secrets'), ports, secrets, database };
  return { ...parties, topology, certificates, issuer, eIdCaPem, faults, clock, log };
}

interface SampleData {
  readonly recipients: readonly SampleRecipient[];
  readonly registers: SampleRegisters;
}

async function startParties(parts: PartyParts, sample: SampleData, closers: Closers) {
  const far = await startWithOutages({ ...parts, party: 'far', start: () => startFarParty(parts) });
  closers.add(far.close);
  const addresses = operatorAddresses(parts.ports);
  await seedConnections(parts.database, addresses, parts.topology);
  await registerCertificates(parts);
  const messages = await startMessageGatewayParty(parts);
  closers.add(messages.close);
  for (const operator of SAMPLE_OPERATORS) {
    const start = () => startOperatorParty(operator, far, parts);
    const mailbox = await startWithOutages({ ...parts, party: operator.key, start });
    closers.add(mailbox.close);
  }
  const addressSource = await startWithOutages({
    ...parts,
    party: 'folkbokforing',
    start: () => startAddressSourceParty(parts, sample),
  });
  closers.add(addressSource.close);
  const bank = await startWithOutages({ ...parts, party: 'banken', start: () => startBankParty(parts, sample) });
  closers.add(bank.close);
  const printShop = await startPrintShopParty(parts);
  closers.add(printShop.close);
  const urls = { farUrl: far.soapUrl, addressSourceUrl: addressSource.url, bankUrl: bank.url };
  const hubs = await startHubs(urls, parts, closers);
  const { secrets } = parts;
  await seed({ ...parts, ...sample, apiKeyOf: (code) => apiKeyOf(secrets, code) });
  return {
    ...hubs,
    farUrl: far.soapUrl,
    far: far.webUrl,
    bank: `http://localhost:${parts.ports.bank}`,
    printShop: `http://localhost:${parts.ports.printShop}`,
    messages: messages.url,
    mailboxes: SAMPLE_OPERATORS.map(({ key, name }) => ({ name, url: addresses[key].webUrl })),
  };
}

/** The hubs that the topology has. */
async function startHubs(registers: Registers, parts: PartyParts, closers: Closers) {
  const { hubOf, hasCompanyHub } = TOPOLOGY_FACTS[parts.topology];
  if (hasCompanyHub) closers.add((await startCompanyHubParty(registers, parts)).close);
  if (hubOf !== undefined) closers.add((await startHubParty(registers, parts)).close);
  const webOf = (isThere: boolean, port: number) => (isThere ? `http://localhost:${port}` : undefined);
  return {
    hub: webOf(hubOf !== undefined, parts.ports.hub),
    companyHub: webOf(hasCompanyHub, parts.ports.companyHub.web),
    metrics: hubOf === undefined ? undefined : `http://localhost:${parts.ports.metrics}/metrics`,
  };
}

function apiKeyOf(secrets: Secrets, systemCode: string): string {
  return `bd_${secrets.text(`api key ${systemCode}`)}`;
}
