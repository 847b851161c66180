import { Agent, type RequestOptions, request } from 'node:https';
import { connect, type SecureVersion } from 'node:tls';

export interface ClientTls {
  /** Absent: no client certificate is shown. */
  readonly key?: string;
  readonly cert?: string;
  /** The whole of what is trusted; absent: what Node trusts. */
  readonly ca?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The connection failed or broke: no answer, or none that was whole. `code` is the system's or OpenSSL's. */
export class NoAnswer extends Error {
  readonly code: string;

  constructor(error: Error) {
    super(error.message, { cause: error });
    this.name = 'NoAnswer';
    this.code = (error as { code?: string }).code ?? error.message;
  }
}

export interface Wire {
  post(url: URL, body: Buffer, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  get(url: URL): Promise<HttpAnswer>;
  close(): void;
}

const ANSWER_BYTES_MAX = 32_000_000;
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** HTTPS with one certificate. Nothing is judged here and nothing tried again. */
export function createWire(tls: ClientTls, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }): Wire {
  const agent = new Agent({ ...tls, keepAlive: true, maxSockets: 2, minVersion: 'TLSv1.2' });
  const options = { agent, timeout: timeoutMs, signal };
  return {
    post: (url, body, headers = { soapaction: '""' }) =>
      exchange(
        url,
        {
          ...options,
          method: 'POST',
          headers: { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length, ...headers },
        },
        body,
      ),
    get: (url) => exchange(url, { ...options, method: 'GET' }),
    close: () => agent.destroy(),
  };
}

function exchange(url: URL, options: RequestOptions, body?: Buffer): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new NoAnswer(error));
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > ANSWER_BYTES_MAX) response.destroy(new Error(`more than ${ANSWER_BYTES_MAX} bytes`));
      });
      response.once('error', fail);
      response.once('end', () => {
        const contentType = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, contentType, body: Buffer.concat(chunks) });
      });
    });
    // A server that refuses a long message may answer before it is sent and then close: the answer counts.
    asked.once('error', (error) => setImmediate(fail, error));
    asked.once('timeout', () => asked.destroy(new Error('timeout')));
    asked.end(body);
  });
}

export interface Handshake {
  /** For instance `TLSv1.3`. */
  readonly version: string;
  readonly subject: string;
  readonly validTo: string;
}

/** Makes a TLS connection and closes it. Throws NoAnswer. */
export function handshake(
  url: URL,
  tls: ClientTls,
  versions: { min: SecureVersion; max: SecureVersion },
): Promise<Handshake> {
  const isOld = versions.max === 'TLSv1' || versions.max === 'TLSv1.1';
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...tls,
      host: url.hostname,
      port: Number(url.port || 443),
      ...(/^[\d.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
      minVersion: versions.min,
      maxVersion: versions.max,
      // OpenSSL 3 offers the old versions only below its security level 1.
      ...(isOld ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    });
    const fail = (error: Error) => {
      socket.destroy();
      reject(new NoAnswer(error));
    };
    socket.setTimeout(HANDSHAKE_TIMEOUT_MS, () => fail(new Error('timeout')));
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      const { subject, valid_to: validTo } = socket.getPeerCertificate();
      const seen = { version: socket.getProtocol() ?? '', subject: String(subject?.CN ?? ''), validTo };
      socket.destroy();
      resolve(seen);
    });
  });
}
