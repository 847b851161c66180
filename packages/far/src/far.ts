import type { Clock, Log } from '@brevduva/base';
import { createPool, createWebServer, listen, migrate } from '@brevduva/base';
import type { SoapEndpointOptions } from '@brevduva/protocol';
import { RECIPIENT_PATH } from './contractDocuments.ts';
import { createRecipientEndpoint } from './recipientEndpoint.ts';
import { registerSoap } from './soap.http.ts';
import { FAR_MIGRATIONS } from './sql/migrations.ts';
import { registerWeb, renderError } from './web.http.ts';

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
  web: { host: string; port: number; publicUrl?: string };
  clock: Clock;
  log: Log;
  /** Development faults: stands around every SOAP call. */
  around?: SoapEndpointOptions['around'];
  /**
   * Refuse who asks for a sender that it neither is nor dispatches for (6005). Default true, the safer reading of what
   * the contract does not say (FACTS d).
   */
  callerMustServeSender?: boolean;
  /** Say on every page that this is no real register. Default false. */
  isDevelopmentRegister?: boolean;
}

export interface Far {
  /** Address of Recipient v3, path included. */
  soapUrl: string;
  webUrl: string;
  /** Lets calls under way end, then closes listeners and database. */
  close(): Promise<void>;
}

/**
 * Starts the register: brings its schema up to date, then opens the SOAP listener (mutual TLS) and the web listener.
 * Throws what `migrate` and `listen` of @brevduva/base throw; nothing is left open then.
 */
export async function startFar(options: FarOptions): Promise<Far> {
  const { clock, log, soap, web, around, callerMustServeSender = true, isDevelopmentRegister = false } = options;
  const pool = createPool({ connectionString: options.databaseUrl, applicationName: 'brevduva far' });
  const soapApp = createWebServer({ name: 'far soap', log, clock, tls: { ...soap.tls, requestCert: true } });
  const webApp = createWebServer({ name: 'far web', log, clock, renderError });
  const close = async () => {
    await Promise.all([soapApp.close(), webApp.close()]);
    await pool.end();
  };
  try {
    await migrate(pool, FAR_MIGRATIONS, { log });
    const endpoint = createRecipientEndpoint({ pool, clock, log, callerMustServeSender, ...(around && { around }) });
    let soapUrl = '';
    registerSoap(soapApp, { endpoint, soapUrl: () => soapUrl });
    soapUrl = `${await listenAs(soapApp, soap)}${RECIPIENT_PATH}`;
    registerWeb(webApp, { pool, clock, log, soapUrl, isDevelopmentRegister });
    const webUrl = await listenAs(webApp, web);
    return { soapUrl, webUrl, close };
  } catch (err) {
    await close();
    throw err;
  }
}

async function listenAs(
  app: ReturnType<typeof createWebServer>,
  { host, port, publicUrl }: { host: string; port: number; publicUrl?: string },
): Promise<string> {
  const url = await listen(app, { host, port });
  return publicUrl?.replace(/\/+$/, '') ?? url;
}
