import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';

export interface JsonCallerOptions {
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** PEM: our certificate and key, and whose certificates are believed, for mutual TLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
  readonly answerTimeoutMs?: number;
  readonly answerBytesMax?: number;
}

export interface JsonCall {
  readonly method: 'GET' | 'POST';
  /** After the configured address. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the answer is no JSON. */
  readonly json: unknown;
}

/** `notSent`: nothing of the request had left; `noAnswer`: it may have arrived. The message names nobody. */
export class JsonCallError extends Error {
  override readonly name = 'JsonCallError';
  readonly kind: 'notSent' | 'noAnswer';

  constructor(kind: JsonCallError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

const ANSWER_TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const CONNECTIONS_MAX = 4;

/** Calls one service over HTTP whose answers are JSON, with limits of time and size. */
export function createJsonCaller(options: JsonCallerOptions): {
  /** @throws JsonCallError */
  call(call: JsonCall): Promise<JsonAnswer>;
  close(): void;
} {
  const isTls = new URL(options.url).protocol === 'https:';
  const common = { keepAlive: true, maxSockets: CONNECTIONS_MAX };
  const agent = isTls ? new HttpsAgent({ ...common, ...(options.tls ?? {}) }) : new HttpAgent(common);
  return { call: (call) => exchange(call, agent, options), close: () => agent.destroy() };
}

function exchange(call: JsonCall, agent: HttpAgent, options: JsonCallerOptions): Promise<JsonAnswer> {
  const { method, path = '', headers = {}, body } = call;
  const { url, token, answerTimeoutMs = ANSWER_TIMEOUT_MS, answerBytesMax = ANSWER_BYTES_MAX } = options;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    let isSent = false;
    const fail = (error: Error) => reject(new JsonCallError(isSent ? 'noAnswer' : 'notSent', error.message, error));
    const request = send(`${url}${path}`, {
      method,
      agent,
      signal: AbortSignal.timeout(answerTimeoutMs),
      headers: {
        ...headers,
        ...(body && { 'content-length': body.length }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    // Nothing is written before the connection stands; from then on every failure may have come after the whole request.
    request.once('socket', (socket) => {
      const begin = () => {
        isSent = true;
        request.end(body);
      };
      if (!socket.connecting && (socket as Partial<TLSSocket & Connecting>).secureConnecting !== true) begin();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', begin);
    });
    request.once('error', fail);
    request.once('response', (response) =>
      collect(response, answerBytesMax, (error) => request.destroy(error), resolve, fail),
    );
  });
}

interface Connecting {
  readonly secureConnecting: boolean;
}

function collect(
  response: IncomingMessage,
  bytesMax: number,
  stop: (error: Error) => void,
  resolve: (answer: JsonAnswer) => void,
  fail: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bytesMax) stop(new Error('the answer is too large'));
    else chunks.push(chunk);
  });
  response.on('error', fail);
  response.on('end', () => resolve({ status: response.statusCode ?? 0, json: parsed(Buffer.concat(chunks)) }));
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What an answer without JSON means is for who asked to say: for some the status is enough.
    return undefined;
  }
}
