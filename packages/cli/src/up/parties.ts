import { join } from 'node:path';
import { type Clock, type Log, parseMailAddress } from '@brevduva/base';
import { startFar } from '@brevduva/far';
import { shopSecretsIn, startHub } from '@brevduva/hub';
import { type AlertSettings, READ_STATUS_PATH, SERVICE_PATH, SMS_STATUS_PATH, startMailbox } from '@brevduva/mailbox';
import type { SoapCall } from '@brevduva/protocol';
import { startSampleAddressSource } from '../dev/addressSource.ts';
import { startEInvoiceBank } from '../dev/eInvoiceBank.ts';
import type { FaultSwitch } from '../dev/faultSwitch.ts';
import type { IdentityClient } from '../dev/identityProvider.ts';
import { developmentSmsGateway } from '../dev/messageGateway/gateway.http.ts';
import { startMessageGateway } from '../dev/messageGateway.ts';
import { startPrintShop } from '../dev/printShop.ts';
import { sampleEInvoiceWishes } from '../dev/sample/eInvoiceWishes.ts';
import { featuredRecipients } from '../dev/sample/featured.ts';
import {
  REGISTER_OWNER,
  SAMPLE_OPERATORS,
  SAMPLE_ORGANISATIONS,
  type SampleOperator,
  SERVICE_COMPANY,
} from '../dev/sample/organizations.ts';
import type { SampleRecipient } from '../dev/sample/recipients.ts';
import type { SampleRegisters } from '../dev/sample/registers.ts';
import type { Certificates } from './certificates.ts';
import type { Database } from './database.ts';
import { HUB_BOUNCE_DOMAIN, hubMessaging } from './hubMessaging.ts';
import type { Ports } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { sftpHostKey } from './sftpHostKey.ts';
import type { Topology } from './topology.ts';
import { TOPOLOGY_FACTS } from './topology.ts';

/** Everything listens on this machine only; people and certificates say `localhost`. */
const HOST = '127.0.0.1';
/** Parties that are only trying out are let in too, so that connecting one can be rehearsed. */
export const REGISTER_ENVIRONMENT = 'test';
const webUrl = (port: number) => `http://localhost:${port}`;

export interface PartyParts {
  readonly topology: Topology;
  readonly folder: string;
  /** Where keys and passwords to print shops lie. */
  readonly printSecrets: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly certificates: Certificates;
  readonly issuer: string;
  /** PEM. Issuer of the certificates that persons sign with. */
  readonly eIdCaPem: string;
  readonly faults: FaultSwitch<SoapCall>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who may send people to the development e-ID, and where they come back to. */
export function identityClients(ports: Ports, secrets: Secrets): IdentityClient[] {
  const client = (clientId: string, port: number) => ({
    clientId,
    clientSecret: secrets.text(`client ${clientId}`),
    redirectUris: [`${webUrl(port)}/login/callback`],
    postLogoutRedirectUris: [`${webUrl(port)}/`],
  });
  return [
    { ...client('hub', ports.hub), name: 'Brevduva', audience: 'staff' },
    { ...client('hub_service', ports.companyHub.web), name: SERVICE_COMPANY.name, audience: 'staff' },
    { ...client('far', ports.farWeb), name: REGISTER_OWNER.name, audience: 'staff' },
    ...SAMPLE_OPERATORS.map(
      ({ key, name }): IdentityClient => ({
        ...client(key, ports.operators[key].web),
        name,
        audience: 'citizen',
        operator: key,
      }),
    ),
  ];
}

export function startFarParty(parts: PartyParts) {
  const { ports, database, certificates, eIdCaPem, faults, clock, log } = parts;
  return startFar({
    databaseUrl: database.urls.far,
    soap: {
      host: HOST,
      port: ports.farSoap,
      tls: certificates.tlsOf('far'),
      publicUrl: `https://localhost:${ports.farSoap}`,
    },
    web: { host: HOST, port: ports.farWeb, publicUrl: webUrl(ports.farWeb) },
    eIdTrust: [eIdCaPem],
    around: faults.around('far'),
    isDevelopmentRegister: true,
    environment: REGISTER_ENVIRONMENT,
    oidc: oidc('far', parts),
    owner: REGISTER_OWNER,
    clock,
    log: log.child({ party: 'far' }),
  });
}

/** Where the operators answer, told before they do: FaR must know them when they start. */
export function operatorAddresses({ operators }: Ports) {
  const addressesOf = (key: SampleOperator['key']) => ({
    soapUrl: `https://localhost:${operators[key].soap}${SERVICE_PATH}`,
    webUrl: webUrl(operators[key].web),
  });
  return { brevladan: addressesOf('brevladan'), posthornan: addressesOf('posthornan') };
}

/** Where FaR answers, as the operators are told. */
export type FarAddresses = Pick<Awaited<ReturnType<typeof startFar>>, 'soapUrl' | 'authorityUrl'>;

/** One does and one does not: hub must do with both. */
function tellsReadStatus({ key }: Pick<SampleOperator, 'key'>): boolean {
  return key === 'brevladan';
}

export function startOperatorParty(operator: SampleOperator, far: FarAddresses, parts: PartyParts) {
  const { ports, database, certificates, secrets, faults, clock, log } = parts;
  const { key, organizationNumber, name, domain, acceptHtml, delayMs, theme } = operator;
  return startMailbox({
    databaseUrl: database.urls[`mailbox_${key}`],
    operator: {
      ...{ organizationNumber, name, domain, acceptHtml, delayMs, brand: { theme } },
      tellsReadStatus: tellsReadStatus(operator),
    },
    soap: {
      host: HOST,
      port: ports.operators[key].soap,
      tls: certificates.tlsOf(key),
      trust: [certificates.caPem],
    },
    web: { host: HOST, port: ports.operators[key].web, publicUrl: webUrl(ports.operators[key].web) },
    oidc: oidc(key, parts),
    far: { recipientUrl: far.soapUrl, authorityUrl: far.authorityUrl },
    // The e-ID knows the operator by the same name for signatures as for login.
    signing: oidc(key, parts),
    contentKey: secrets.key(`content ${key}`),
    alerts: alertSettings(operator, parts),
    around: faults.around(key),
    clock,
    log: log.child({ party: key }),
  });
}

/** What stands in place of mail servers and SMS gateways, for everybody. */
export function startMessageGatewayParty({ folder, ports, secrets, faults, clock, log }: PartyParts) {
  const bouncePorts = new Map<string, number>([
    ...SAMPLE_OPERATORS.map(({ key }) => [bounceDomain(key), ports.bounces[key]] as const),
    [HUB_BOUNCE_DOMAIN, ports.hubBounces],
  ]);
  return startMessageGateway({
    folder,
    ports: ports.messages,
    token: secrets.text(MESSAGE_GATEWAY_TOKEN),
    smppPassword: smppPassword(secrets),
    takeFault: (party) => faults.take(party),
    bouncePort: (domain) => bouncePorts.get(domain),
    clock,
    log: log.child({ party: 'messages' }),
  });
}

/** Both operators tell their holders of new mail: one over HTTP, the other over SMPP. */
function alertSettings({ key, name }: SampleOperator, { ports, secrets, certificates }: PartyParts): AlertSettings {
  const domain = `${key}.example`;
  const from = key === 'brevladan' ? 'Brevladan' : 'Posthornan';
  const gateway = developmentSmsGateway({
    url: webUrl(ports.messages.web),
    token: secrets.text(MESSAGE_GATEWAY_TOKEN),
    statusUrl: `${webUrl(ports.operators[key].web)}${SMS_STATUS_PATH}`,
  });
  const password = secrets.text('smpp').slice(0, SMPP_PASSWORD_CHARACTERS);
  return {
    joinMs: ALERT_JOIN_MS,
    mail: {
      ...{ host: HOST, port: ports.messages.smtp, tls: 'none' },
      from: { address: parseMailAddress(`post@${domain}`), name },
      dkim: { domain, selector: 'brev', privateKeyPem: certificates.of(key).keyPem },
      bounces: { key: secrets.key(`bounces ${key}`), localPart: 'retur', domain: bounceDomain(key) },
    },
    bounceListener: { host: HOST, port: ports.bounces[key] },
    sms:
      key === 'brevladan'
        ? { kind: 'http', gateway, from }
        : { kind: 'smpp', host: HOST, port: ports.messages.smpp, tls: 'none', systemId: key, password, from },
  };
}

/** Long enough to see letters join, short enough to wait for. */
const ALERT_JOIN_MS = 10_000;
const MESSAGE_GATEWAY_TOKEN = 'message gateway';
/** SMPP 3.4: eight characters and the null. */
const SMPP_PASSWORD_CHARACTERS = 8;
const smppPassword = (secrets: Secrets) => secrets.text('smpp').slice(0, SMPP_PASSWORD_CHARACTERS);
const bounceDomain = (key: SampleOperator['key']) => `studs.${key}.example`;

/** The development register of addresses, for persons to whom no system has given one. */
export function startAddressSourceParty(
  { ports, secrets, clock, log }: PartyParts,
  { recipients, registers }: { readonly recipients: readonly SampleRecipient[]; readonly registers: SampleRegisters },
) {
  return startSampleAddressSource({
    ...{ host: HOST, port: ports.addressSource, token: secrets.text(ADDRESS_SOURCE_TOKEN), recipients, clock },
    persons: registers.persons,
    log: log.child({ party: 'folkbokforing' }),
  });
}

const ADDRESS_SOURCE_TOKEN = 'address source';
const BANK_TOKEN = 'bank';

/** The development bank: who wants e-invoices, who takes them, and where they are seen. */
export function startBankParty(
  { folder, ports, secrets, faults, clock, log }: PartyParts,
  { recipients }: { readonly recipients: readonly SampleRecipient[] },
) {
  return startEInvoiceBank({
    ...{ host: HOST, port: ports.bank, token: secrets.text(BANK_TOKEN), folder: join(folder, 'bank'), clock },
    wishes: sampleEInvoiceWishes(recipients, featuredRecipients(recipients)),
    takeFault: () => faults.take('banken'),
    log: log.child({ party: 'banken' }),
  });
}

/** The development print shop, for every organisation of both hubs that has it. */
export function startPrintShopParty({ folder, ports, faults, clock, log }: PartyParts) {
  return startPrintShop({
    ...{ host: HOST, port: ports.printShop, folder, roots: [join(folder, PAPER), join(folder, COMPANY_PAPER)], clock },
    takeFault: () => faults.take('tryckeriet'),
    log: log.child({ party: 'tryckeriet' }),
  });
}

/** A shop on the same machine is asked as often as a person looks. */
const RECEIPTS_EVERY_MS = 1_000;

/** Where a hub asks. */
export interface Registers {
  readonly farUrl: string;
  readonly addressSourceUrl: string;
  readonly bankUrl: string;
}

/** The hub that business systems hand in to, run by whom the topology says. */
export async function startHubParty({ farUrl, addressSourceUrl, bankUrl }: Registers, parts: PartyParts) {
  const { folder, ports, database, certificates, secrets, printSecrets, clock, log, topology } = parts;
  const owner = TOPOLOGY_FACTS[topology].hubOf ?? 'municipality';
  return startHub({
    databaseUrl: database.urls.hub,
    node: 'up',
    web: { host: HOST, port: ports.hub, publicUrl: webUrl(ports.hub) },
    oidc: oidc('hub', parts),
    farUrl,
    readStatus: SAMPLE_OPERATORS.filter(tellsReadStatus).map(({ key, organizationNumber }) => ({
      organizationNumber,
      url: new URL(READ_STATUS_PATH, operatorAddresses(ports)[key].soapUrl).href,
    })),
    addressSource: { url: addressSourceUrl, token: secrets.text(ADDRESS_SOURCE_TOKEN) },
    eInvoice: {
      registry: { url: `${bankUrl}/registry`, token: secrets.text(BANK_TOKEN) },
      sender: { url: `${bankUrl}/invoices`, token: secrets.text(BANK_TOKEN) },
    },
    dispatcher: certificates.of(owner),
    senders: SAMPLE_ORGANISATIONS.map(({ key, organizationNumber }) => ({
      organizationNumber,
      ...certificates.of(key),
    })),
    systems: { host: HOST, port: ports.systems, tls: certificates.tlsOf(owner) },
    caPem: certificates.caPem,
    contentKey: secrets.key('content hub'),
    messaging: hubMessaging({
      ...{ host: HOST, smppPassword: smppPassword(secrets), bounceKey: secrets.key('bounces hub'), clock, log },
      ports: { ...ports.messages, bounces: ports.hubBounces },
    }),
    paperDir: join(folder, PAPER),
    printShopSecretOf: shopSecretsIn(printSecrets),
    printShopReceiptsEveryMs: RECEIPTS_EVERY_MS,
    metrics: { host: HOST, port: ports.metrics },
    dropFolder: { root: join(folder, 'drop') },
    sftp: { host: HOST, port: ports.sftp, hostKey: await sftpHostKey(folder) },
    clock,
    log: log.child({ party: 'hub' }),
  });
}

/** The company's hub, for organisations that sign by themselves: it has nobody's key but its own. */
export function startCompanyHubParty({ farUrl, addressSourceUrl }: Registers, parts: PartyParts) {
  const { folder, ports, database, certificates, secrets, clock, log } = parts;
  const { web, systems } = ports.companyHub;
  return startHub({
    databaseUrl: database.urls.hub_service,
    node: 'up',
    web: { host: HOST, port: web, publicUrl: webUrl(web) },
    oidc: oidc('hub_service', parts),
    cookieName: 'brevduva_hub_service',
    farUrl,
    addressSource: { url: addressSourceUrl, token: secrets.text(ADDRESS_SOURCE_TOKEN) },
    dispatcher: certificates.of('service'),
    senders: [],
    systems: { host: HOST, port: systems, tls: certificates.tlsOf('service') },
    caPem: certificates.caPem,
    contentKey: secrets.key('content hub_service'),
    paperDir: join(folder, COMPANY_PAPER),
    printShopReceiptsEveryMs: RECEIPTS_EVERY_MS,
    clock,
    log: log.child({ party: 'hub_service' }),
  });
}

/** In the data folder. */
export const PAPER = 'paper';
export const COMPANY_PAPER = 'paper-utskicksbolaget';

function oidc(clientId: string, { issuer, secrets }: PartyParts) {
  return { issuer, clientId, clientSecret: secrets.text(`client ${clientId}`) };
}
