import { Agent, request as httpsRequest } from 'node:https';
import { createLog, systemClock } from '@brevduva/base';
import { createSoapClient, type SoapClient } from '@brevduva/protocol';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { type Far, type FarOptions, startFar } from '../src/index.ts';
import { createFarDatabase } from './database.ts';
import { fillSampleRegister, MUNICIPALITY } from './sampleRegister.ts';

export interface Tls {
  key: string;
  cert: string;
  ca: string;
}

export interface SoapSetup {
  far: Far;
  database: Awaited<ReturnType<typeof createFarDatabase>>;
  /** Every line that the register wrote to its log. */
  logLines: string[];
  /** Certificate of the trusted authority for an organisation. */
  tlsOf(organizationNumber: string | undefined, validity?: { days: number; notBefore: Date }): Promise<Tls>;
  /** Certificate of an authority that the register does not trust. */
  foreignTls(): Promise<Tls>;
  client(tls: Tls): SoapClient;
  close(): Promise<void>;
}

/** The register as it really runs, with the sample in it: PostgreSQL, two listeners, mutual TLS. */
export async function startSampleFar(options: Partial<FarOptions> = {}): Promise<SoapSetup> {
  const authority = await createTestAuthority({ name: 'Utfärdaren' });
  const foreign = await createTestAuthority({ name: 'Främlingen' });
  const database = await createFarDatabase();
  await fillSampleRegister(database.pool);
  const logLines: string[] = [];
  const own = await authority.issue({ organizationNumber: '162021006883', commonName: 'far' });
  const far = await startFar({
    databaseUrl: database.url,
    soap: { host: '127.0.0.1', port: 0, tls: { key: own.keyPem, cert: own.certPem, ca: authority.caPem } },
    web: { host: '127.0.0.1', port: 0 },
    clock: systemClock,
    log: createLog({ service: 'far', level: 'info', destination: { write: (line) => logLines.push(line) } }),
    ...options,
  });
  const clients: SoapClient[] = [];
  return {
    far,
    database,
    logLines,
    tlsOf: async (organizationNumber, validity) => {
      const subject = organizationNumber === undefined ? {} : { organizationNumber };
      const issued = await authority.issue({ ...subject, commonName: 'caller', ...validity });
      return { key: issued.keyPem, cert: issued.certPem, ca: authority.caPem };
    },
    foreignTls: async () => {
      const issued = await foreign.issue({ organizationNumber: MUNICIPALITY, commonName: 'caller' });
      return { key: issued.keyPem, cert: issued.certPem, ca: authority.caPem };
    },
    client: (tls) => {
      const client = createSoapClient({
        tls,
        connectTimeoutMs: 5000,
        answerTimeoutMs: 20_000,
        answerBytesMax: 4_000_000,
      });
      clients.push(client);
      return client;
    },
    close: async () => {
      for (const client of clients) client.close();
      await far.close();
      await database.close();
    },
  };
}

export interface RawAnswer {
  status: number;
  contentType: string | undefined;
  text: string;
}

/** Posts any bytes, as no honest client would. */
export function post(
  url: string,
  tls: Tls,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  return exchange(url, tls, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    body,
  });
}

export function get(url: string, tls: Partial<Tls>, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return exchange(url, tls, { method: 'GET', headers });
}

function exchange(
  url: string,
  tls: Partial<Tls>,
  { method, headers, body }: { method: string; headers: Record<string, string>; body?: string | Buffer },
): Promise<RawAnswer> {
  const agent = new Agent({ ...tls, keepAlive: false });
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'],
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** What a v3 fault says, read without our own reader. */
export function faultOf(answer: RawAnswer): { code: number; description: string; callId: string } {
  const read = (name: string) =>
    new RegExp(`<${name}(?: xmlns="[^"]*")?>([^<]*)</${name}>`).exec(answer.text)?.[1] ?? '';
  return { code: Number(read('ErrorCode')), description: read('Description'), callId: read('CallId') };
}
