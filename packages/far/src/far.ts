import type { Clock, Log } from '@brevduva/base';
import { appError, createPool, createWebServer, listen, migrate, startWorker, type Worker } from '@brevduva/base';
import { authorityService, createTrustStore, recipientService, type SoapEndpointOptions } from '@brevduva/protocol';
import { type AccountStatisticsSource, createAccountStatistics } from './accountStatistics.ts';
import { createActors } from './actors/actors.ts';
import { admittingSteps, type RegisterEnvironment } from './actors/environment.ts';
import { createAuthorityEndpoint } from './authorityEndpoint.ts';
import type { CertificateRule } from './caller.ts';
import { registerConformance } from './conformance/conformance.http.ts';
import { registerConsole } from './console/console.http.ts';
import { type OidcSettings, type RegisterOwner, registerStaffLogin } from './console/login.http.ts';
import { LOGIN_HREF } from './console/paths.ts';
import { AUTHORITY_PATH, RECIPIENT_PATH } from './contractDocuments.ts';
import { ERRORS } from './errors.ts';
import type { AccountContext } from './recipient/accountContext.ts';
import { type AccountRules, DEFAULT_ACCOUNT_RULES } from './recipient/accountRules.ts';
import type { CompanyRegister } from './recipient/companyRegister.ts';
import { createTablePopulationRegister, type PopulationRegister } from './recipient/populationRegister.ts';
import { createTableCompanyRegister } from './recipient/tableCompanyRegister.ts';
import { createRecipientEndpoint } from './recipientEndpoint.ts';
import { createRequestLogWriter } from './requestLogWriter.ts';
import { registerSoap } from './soap.http.ts';
import { refreshAdmission } from './sql/admission.ts';
import { FAR_MIGRATIONS } from './sql/migrations.ts';
import type { Pool } from './sql/pool.ts';
import { createStatisticsWork, REQUEST_LOG_DAYS, STATISTICS_IDLE_MS } from './statistics/statisticsWork.ts';
import { createErrorPages, registerWeb } from './web.http.ts';

export interface FarOptions {
  /** The register's own role, whose search_path is its own schema (`provisionParty`). */
  databaseUrl: string;
  soap: {
    host: string;
    /** 0: a free one. */
    port: number;
    /** PEM. `ca`: issuers whose client certificates are trusted. */
    tls: { key: string; cert: string; ca: string | string[] };
    /** What callers use, where it is not host and port; without path. */
    publicUrl?: string;
  };
  web: {
    host: string;
    port: number;
    /** What people see. Needed where staff logs in: the identity provider sends them back there. */
    publicUrl?: string;
  };
  clock: Clock;
  log: Log;
  /** Development faults: stands around every SOAP call. */
  around?: SoapEndpointOptions['around'];
  /**
   * Refuse who asks for a sender that it neither is nor dispatches for (6005). Default true, the safer reading of what
   * the contract does not say (FACTS d).
   */
  callerMustServeSender?: boolean;
  /**
   * PEM certificates of the issuers of e-ID whose signatures count: explicit, and not those who issue certificates to
   * organisations. Without any, no signature counts, and no account can be registered or changed.
   */
  eIdTrust?: readonly string[];
  /** How what the contract leaves open is read; DEFAULT_ACCOUNT_RULES for what is not given. */
  accountRules?: Partial<AccountRules>;
  /** Bolagsverket or what stands for it; the register's own tables of sample data unless given. */
  companies?: CompanyRegister;
  /** SPAR or what stands for it; the register's own table of sample data unless given. */
  population?: PopulationRegister;
  /** Say on every page that this is no real register. Default false. */
  isDevelopmentRegister?: boolean;
  /**
   * In `test` an actor is let in from the step of its technical test on, in `production` first when it is in production.
   * Default: `test` for a development register, else `production`.
   */
  environment?: RegisterEnvironment;
  /** Which client certificates are let in; default `issuer`. A retired one never is. */
  certificateRule?: CertificateRule;
  /** Staff login, which opens the console; needs `owner` and `web.publicUrl`. Without it there is only the public page. */
  oidc?: OidcSettings;
  /**
   * How many days a line of the request log is kept at least (it is given up with the rest of its month); 400 unless given.
   * What was counted from it stays.
   */
  requestLogDays?: number;
  /** Who runs the register: its staff, and nobody else's, may log in. */
  owner?: RegisterOwner;
}

export interface Far {
  /** Address of Recipient v3, path included. */
  soapUrl: string;
  /** Address of Authority, path included; the same listener. */
  authorityUrl: string;
  webUrl: string;
  /** Lets calls under way end, then closes listeners and database. */
  close(): Promise<void>;
}

/**
 * Starts the register: brings its schema up to date, then opens the SOAP listener (mutual TLS) and the web listener.
 * Throws what `migrate` and `listen` of @brevduva/base throw, and FAR_LOGIN_INCOMPLETE; nothing is left open then.
 */
export async function startFar(options: FarOptions): Promise<Far> {
  const { clock, log, soap, web, around, callerMustServeSender = true, isDevelopmentRegister = false } = options;
  const { certificateRule = 'issuer' } = options;
  const pool = createPool({ connectionString: options.databaseUrl, applicationName: 'brevduva far' });
  const soapApp = createWebServer({ name: 'far soap', log, clock, tls: { ...soap.tls, requestCert: true } });
  const webApp = createWebServer({ name: 'far web', log, clock, renderError: createErrorPages(options.owner) });
  const requestLog = createRequestLogWriter({ pool, log });
  let worker: Worker | undefined;
  const close = async () => {
    await Promise.all([soapApp.close(), webApp.close(), worker?.stop()]);
    await requestLog.close();
    await pool.end();
  };
  try {
    await migrate(pool, FAR_MIGRATIONS, { log });
    await refreshAdmission(pool, { steps: admittingSteps(environmentOf(options)), organizationNumber: null });
    const common = {
      requestLog,
      certificateRule,
      pool,
      clock,
      log,
      accounts: accountContext(pool, options),
      ...(around && { around }),
    };
    const recipient = createRecipientEndpoint({ ...common, callerMustServeSender });
    const authority = createAuthorityEndpoint(common);
    let soapOrigin = '';
    registerSoap(soapApp, {
      soapOrigin: () => soapOrigin,
      services: [
        { path: RECIPIENT_PATH, service: recipientService, endpoint: recipient },
        { path: AUTHORITY_PATH, service: authorityService, endpoint: authority },
      ],
    });
    registerConformance(soapApp, { pool, certificateRule, isDevelopmentRegister });
    soapOrigin = await listenAs(soapApp, soap);
    const soapUrl = `${soapOrigin}${RECIPIENT_PATH}`;
    const statistics = createAccountStatistics({ pool, clock });
    const loginHref = options.oidc && LOGIN_HREF;
    registerWeb(webApp, { pool, log, statistics, soapUrl, isDevelopmentRegister, loginHref });
    if (options.oidc) registerStaffPages(webApp, { ...options, oidc: options.oidc, pool, statistics });
    const webUrl = await listenAs(webApp, web);
    worker = startStatistics(pool, options);
    return { soapUrl, authorityUrl: `${soapOrigin}${AUTHORITY_PATH}`, webUrl, close };
  } catch (err) {
    await close();
    throw err;
  }
}

function startStatistics(pool: Pool, { clock, log, requestLogDays = REQUEST_LOG_DAYS }: FarOptions): Worker {
  const work = createStatisticsWork({ pool, log, requestLogDays });
  return startWorker({ name: 'statistics', runOnce: () => work(clock.now()), idleMs: STATISTICS_IDLE_MS, log, clock });
}

/** Login and console. @throws AppError FAR_LOGIN_INCOMPLETE */
function registerStaffPages(
  app: ReturnType<typeof createWebServer>,
  options: FarOptions & { oidc: OidcSettings; pool: Pool; statistics: AccountStatisticsSource },
): void {
  const { oidc, owner, pool, statistics, clock, log, isDevelopmentRegister = false } = options;
  const { publicUrl } = options.web;
  if (owner === undefined || publicUrl === undefined) throw appError(ERRORS, 'FAR_LOGIN_INCOMPLETE');
  registerStaffLogin(app, { oidc, owner, publicUrl, pool, clock, log });
  const actors = createActors({ pool, clock, environment: environmentOf(options), ca: options.soap.tls.ca });
  registerConsole(app, { pool, clock, log, owner, isDevelopmentRegister, statistics, actors });
}

function environmentOf({ environment, isDevelopmentRegister }: FarOptions): RegisterEnvironment {
  return environment ?? (isDevelopmentRegister ? 'test' : 'production');
}

function accountContext(pool: Pool, options: FarOptions): AccountContext {
  return {
    pool,
    clock: options.clock,
    rules: { ...DEFAULT_ACCOUNT_RULES, ...options.accountRules },
    eIdTrust: createTrustStore(options.eIdTrust ?? []),
    companies: options.companies ?? createTableCompanyRegister(pool),
    population: options.population ?? createTablePopulationRegister(pool),
  };
}

async function listenAs(
  app: ReturnType<typeof createWebServer>,
  { host, port, publicUrl }: { host: string; port: number; publicUrl?: string },
): Promise<string> {
  const url = await listen(app, { host, port });
  return publicUrl?.replace(/\/+$/, '') ?? url;
}
