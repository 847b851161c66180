import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { SOAP_CONTENT_TYPE } from './envelope.ts';
import { SoapCallError } from './SoapCallError.ts';

export interface PostOptions {
  agent: Agent;
  /** From the socket's creation until TLS is up. */
  connectTimeoutMs: number;
  /** From then until the whole answer is here. */
  answerTimeoutMs: number;
  answerBytesMax: number;
}

export interface PostAnswer {
  status: number;
  body: Buffer;
}

export interface AgentOptions {
  tls: { key: string; cert: string; ca: string | string[] };
  connectionsMax: number;
}

/**
 * All TLS options stand on the agent, none on the request: an option on the request makes Node 22 and later open a
 * connection for each (tech.md 12, measured: 15 000 requests a second became 655).
 */
export function createAgent({ tls, connectionsMax }: AgentOptions): Agent {
  return new Agent({ ...tls, keepAlive: true, maxSockets: connectionsMax, minVersion: 'TLSv1.2' });
}

/**
 * Posts one SOAP message.
 *
 * A failure is `notSent` only until TLS is up on a new connection: Node writes nothing of the request before, so
 * nothing can have been read. From then on, and always on a connection that is used again, bytes may be on their way,
 * and every failure is `noAnswer`. One exception: an alert about our certificate on a new connection. In TLS 1.3 it comes
 * after our side of the handshake, and it says that the other side never finished its own.
 *
 * @throws SoapCallError notSent, noAnswer, or badAnswer for an answer over `answerBytesMax`
 */
export function post(url: URL, body: Buffer, options: PostOptions): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, {
      agent: options.agent,
      method: 'POST',
      headers: { 'content-type': SOAP_CONTENT_TYPE, 'content-length': body.length, soapaction: '""' },
    });
    const exchange = new Exchange(request, options, reject);
    request.once('socket', (socket) => exchange.onSocket(socket as TLSSocket));
    request.once('response', (response) => exchange.onResponse(response, resolve));
    request.once('error', (error) => exchange.fail(error));
    request.end(body);
  });
}

const ALERTS_ABOUT_US =
  /^ERR_SSL_.*ALERT_(?:CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|HANDSHAKE_FAILURE)$/;

/** One request and its answer: which clock runs, and what a failure means at this moment. */
class Exchange {
  readonly #request: ClientRequest;
  readonly #options: PostOptions;
  readonly #reject: (error: SoapCallError) => void;
  #mayHaveArrived = false;
  #isReused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: ClientRequest, options: PostOptions, reject: (error: SoapCallError) => void) {
    this.#request = request;
    this.#options = options;
    this.#reject = reject;
  }

  onSocket(socket: TLSSocket): void {
    // `secureConnecting` is not in Node's types; were it missing, the worse of the two answers must come out
    const isSecure = (socket as { secureConnecting?: boolean }).secureConnecting !== true;
    this.#isReused = this.#request.reusedSocket;
    if (this.#isReused || isSecure) {
      this.#connected();
      return;
    }
    this.#startTimer(this.#options.connectTimeoutMs, 'no connection');
    socket.once('secureConnect', () => this.#connected());
  }

  onResponse(response: IncomingMessage, resolve: (answer: PostAnswer) => void): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#options.answerBytesMax) this.#refuseLarge(response);
      else chunks.push(chunk);
    });
    response.once('end', () => {
      clearTimeout(this.#timer);
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
    });
    // the connection broke inside the answer: `end` does not come
    response.once('error', (error) => this.fail(error));
  }

  fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#reject(new SoapCallError(this.#kindOf(error), error.message, { cause: error }));
  }

  #connected(): void {
    this.#mayHaveArrived = true;
    this.#startTimer(this.#options.answerTimeoutMs, 'no answer');
  }

  #kindOf(error: Error & { code?: string }): 'notSent' | 'noAnswer' {
    if (!this.#mayHaveArrived) return 'notSent';
    return !this.#isReused && ALERTS_ABOUT_US.test(error.code ?? '') ? 'notSent' : 'noAnswer';
  }

  #startTimer(delayMs: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#request.destroy(new Error(`${what} within ${delayMs} ms`)), delayMs);
  }

  #refuseLarge(response: IncomingMessage): void {
    clearTimeout(this.#timer);
    const httpStatus = response.statusCode ?? 0;
    const message = `the answer is larger than ${this.#options.answerBytesMax} bytes`;
    this.#reject(new SoapCallError('badAnswer', message, { httpStatus }));
    this.#request.destroy();
  }
}
