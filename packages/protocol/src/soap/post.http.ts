import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { SOAP_CONTENT_TYPE } from './envelope.ts';
import { SoapCallError } from './SoapCallError.ts';

export interface PostOptions {
  agent: Agent;
  /** From the socket's creation until the server has accepted us. */
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
 * A failure is `notSent` only if it comes before the first byte of the request is handed to the connection; from then on
 * bytes may be on their way, and every failure is `noAnswer`. One exception: an alert about our certificate on a new
 * connection says that the other side never finished its handshake.
 *
 * In TLS 1.3 our side is finished before the server has looked at our certificate, and a server that refuses it may close
 * the connection without a word (Node's does; measured). Nothing that comes, or does not come, afterwards tells
 * this from a server that read the request and died. So on a new connection the request is held back until the server's
 * first session ticket, which it sends when it has accepted us: if the connection ends before, nothing was sent.
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
    const exchange = new Exchange(request, body, options, reject);
    request.once('socket', (socket) => exchange.onSocket(socket as TLSSocket));
    request.once('response', (response) => exchange.onResponse(response, resolve));
    request.once('error', (error) => exchange.fail(error));
  });
}

/** A ticket comes one round trip after the handshake. A server that sends none is waited for once. */
const TICKET_WAIT_MS = 250;
const withoutTickets = new WeakSet<Agent>();

const ALERTS_ABOUT_US =
  /^ERR_SSL_.*ALERT_(?:CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|HANDSHAKE_FAILURE)$/;

/** One request and its answer: which clock runs, and what a failure means at this moment. */
class Exchange {
  readonly #request: ClientRequest;
  readonly #body: Buffer;
  readonly #options: PostOptions;
  readonly #reject: (error: SoapCallError) => void;
  #isSent = false;
  #isReused = false;
  #timer: NodeJS.Timeout | undefined;
  #ticketTimer: NodeJS.Timeout | undefined;

  constructor(request: ClientRequest, body: Buffer, options: PostOptions, reject: (error: SoapCallError) => void) {
    this.#request = request;
    this.#body = body;
    this.#options = options;
    this.#reject = reject;
  }

  onSocket(socket: TLSSocket): void {
    // `secureConnecting` is not in Node's types; were it missing, the worse of the two answers must come out
    const isSecure = (socket as { secureConnecting?: boolean }).secureConnecting !== true;
    this.#isReused = this.#request.reusedSocket;
    if (this.#isReused || isSecure) {
      this.#send();
      return;
    }
    this.#startTimer(this.#options.connectTimeoutMs, 'no connection');
    socket.once('secureConnect', () => this.#awaitTicket(socket));
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
    clearTimeout(this.#ticketTimer);
    this.#reject(new SoapCallError(this.#kindOf(error), error.message, { cause: error }));
  }

  #awaitTicket(socket: TLSSocket): void {
    const { agent } = this.#options;
    if (socket.getProtocol() !== 'TLSv1.3' || withoutTickets.has(agent)) {
      this.#send();
      return;
    }
    // not at once: the ticket is announced while OpenSSL still reads, and what is written then stays where it is
    socket.once('session', () => setImmediate(() => this.#send()));
    this.#ticketTimer = setTimeout(() => {
      withoutTickets.add(agent);
      this.#send();
    }, TICKET_WAIT_MS);
  }

  /** Nothing of the request has been written before this. */
  #send(): void {
    clearTimeout(this.#ticketTimer);
    if (this.#isSent || this.#request.destroyed) return;
    this.#isSent = true;
    this.#startTimer(this.#options.answerTimeoutMs, 'no answer');
    this.#request.end(this.#body);
  }

  #kindOf(error: Error & { code?: string }): 'notSent' | 'noAnswer' {
    if (!this.#isSent) return 'notSent';
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
