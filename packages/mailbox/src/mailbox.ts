import { type Clock, createPool, type Log, listen, migrate } from '@brevduva/base';
import { createTrustStore, type SoapClientOptions, type SoapEndpointOptions } from '@brevduva/protocol';
import type { AlertSettings } from './alert/alertSettings.ts';
import { startAlerts } from './alert/alerts.ts';
import { createContentKeys } from './content/encryption.ts';
import type { Authority } from './deliver/authority.ts';
import { createSoapServer, SERVICE_PATH } from './deliver/soap.http.ts';
import { startAuthority } from './deliver/startAuthority.ts';
import { createFarClient, type FarClient, type FarSettings } from './farClient.ts';
import { type Membership, startMembership } from './membership/membership.ts';
import { createRegistry } from './membership/registry.ts';
import { missingDomain, type OperatorSettings, readOperator } from './settings.ts';
import { createSigningService } from './signing/signingService.http.ts';
import type { SigningSettings } from './signing/signingSettings.ts';
import { MAILBOX_MIGRATIONS } from './sql/migrations.ts';
import { actPath } from './web/paths.ts';
import { createWebMailbox, type OidcSettings } from './web/webMailbox.http.ts';

export interface MailboxOptions {
  /** The operator's own role and schema; migrated at start. */
  databaseUrl: string;
  operator: OperatorSettings;
  soap: {
    host: string;
    /** 0 takes any free port. */
    port: number;
    /** PEM. `ca`: the issuers of client certificates that are let in. Also what the operator calls FaR with. */
    tls: SoapClientOptions['tls'];
    /** PEM certificates of the issuers whose signatures are believed. */
    trust: readonly string[];
  };
  web: {
    host: string;
    port: number;
    /** Origin that people see; `http://localhost:<port>` unless given. */
    publicUrl?: string;
  };
  oidc: OidcSettings;
  /** The register owner; without it the operator knows only the senders and dispatchers that it has been given. */
  far?: FarSettings;
  /** Where persons sign; with `far` and `operator.domain` they open, move, set and close their mailboxes themselves. */
  signing?: SigningSettings;
  /** How holders are told of new mail, when they want to be; without it nothing is offered. */
  alerts?: AlertSettings;
  /** 32 bytes; encrypts letters at rest. Losing it loses the letters. */
  contentKey: Buffer;
  /** Keys used before this one, for letters already stored. */
  formerContentKeys?: readonly Buffer[];
  clock: Clock;
  log: Log;
  /** Development faults around every SOAP call. */
  around?: SoapEndpointOptions['around'];
}

export interface RunningMailbox {
  /** The ServiceAdress that FaR gives out. */
  soapUrl: string;
  webUrl: string;
  /** Answers what is under way, then stops. */
  close(): Promise<void>;
}

/**
 * Starts one mailbox operator: the SOAP service for dispatchers and the web mailbox for citizens.
 * @throws AppError MAILBOX_SETTINGS, MAILBOX_CONTENT_KEY_LENGTH, BASE_PORT_TAKEN, BASE_DATABASE_UNREACHABLE, …
 */
export async function startMailbox(options: MailboxOptions): Promise<RunningMailbox> {
  const { clock, log } = options;
  const operator = readOperator(options.operator);
  const contentKeys = createContentKeys([options.contentKey, ...(options.formerContentKeys ?? [])]);
  const pool = createPool({ connectionString: options.databaseUrl, applicationName: 'brevduva mailbox' });
  try {
    await migrate(pool, MAILBOX_MIGRATIONS, { log });
    const far = options.far && createFarClient(options.far, options.soap.tls);
    return await serve(options, { operator, contentKeys, pool, far, clock, log });
  } catch (err) {
    if (!pool.ended) await pool.end();
    throw err;
  }
}

type Shared = Pick<Parameters<typeof createSoapServer>[0], 'operator' | 'contentKeys' | 'pool' | 'clock' | 'log'> & {
  far: FarClient | undefined;
};

async function serve(options: MailboxOptions, shared: Shared): Promise<RunningMailbox> {
  const { host, port } = options.web;
  const publicUrl = options.web.publicUrl ?? `http://localhost:${port}`;
  const alerts = options.alerts && (await startAlerts(shared, options.alerts));
  const authority = startAuthority(shared);
  const soap = soapServer(options, { ...shared, authority });
  const membership = membershipOf(options, shared, publicUrl);
  const web = createWebMailbox({ ...shared, oidc: options.oidc, publicUrl, membership, alerts });
  const close = async () => {
    await Promise.all([soap.app.close(), web.close()]);
    shared.far?.close();
    await Promise.all([authority.stop(), membership?.close(), alerts?.close()]);
    await shared.pool.end();
  };
  try {
    const origin = await listen(soap.app, options.soap);
    soap.serviceUrl = `${origin.replace('127.0.0.1', 'localhost')}${SERVICE_PATH}`;
    const webUrl = await listen(web, { host, port });
    return { soapUrl: soap.serviceUrl, webUrl: options.web.publicUrl ?? webUrl, close };
  } catch (err) {
    await close();
    throw err;
  }
}

/** @throws AppError MAILBOX_SETTINGS when FaR could not be told who we are */
function membershipOf({ signing }: MailboxOptions, shared: Shared, publicUrl: string): Membership | undefined {
  const { far, clock, operator } = shared;
  if (far === undefined || signing === undefined) return undefined;
  const { organizationNumber, name, domain } = operator;
  if (domain === undefined) throw missingDomain();
  return startMembership({
    ...shared,
    registry: createRegistry(far, { organizationNumber, domain, clock }),
    signing: createSigningService(signing),
    operator: { name, domain },
    returnUrl: (orderId) => new URL(actPath(orderId), publicUrl).href,
  });
}

/** The WSDL tells the address, which is known only when a port has been taken. */
function soapServer(options: MailboxOptions, shared: Shared & { authority: Authority }) {
  const { around } = options;
  const holder = { serviceUrl: '' };
  const app = createSoapServer({
    ...shared,
    trust: createTrustStore(options.soap.trust),
    tls: { ...options.soap.tls, requestCert: true },
    serviceUrl: () => holder.serviceUrl,
    ...(around === undefined ? {} : { around }),
  });
  return Object.assign(holder, { app });
}
