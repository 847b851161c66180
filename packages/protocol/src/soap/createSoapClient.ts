import type { Agent } from 'node:https';
import type { XmlDocument } from 'libxml2-wasm';
import { checkGlobalElement } from '../codec/checkValue.ts';
import { isElement } from '../codec/decode.ts';
import { type Encodable, encodeGlobalElement } from '../codec/encode.ts';
import type { isReachable, isReachableResponse, isRegistered, isRegisteredResponse } from '../contract/recipient-v3.ts';
import { messageService } from '../contract/service/message.ts';
import { recipientService } from '../contract/service/recipient.ts';
import { serviceService } from '../contract/service/service.ts';
import type { DeliveryResult } from '../contract/service.ts';
import { ContractFault } from '../faults.ts';
import type { Infer, Operation, RequestOf, ResponseOf } from '../notation/index.ts';
import { parseXml } from '../xml/parseXml.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { readEnvelope, rememberPayload, writeEnvelope } from './envelope.ts';
import { isFault, readFault } from './fault.ts';
import { plainPayload } from './incomingMessage.ts';
import { readRight, readValid } from './judge.ts';
import { createAgent, type PostAnswer, post } from './post.http.ts';
import { SoapCallError } from './SoapCallError.ts';

export interface SoapClientOptions {
  /** PEM. `ca` is the whole of what is trusted; the system's authorities are not. */
  tls: { key: string; cert: string; ca: string | string[] };
  /** Until the server has accepted us. FACTS g: clients use 5 s. */
  connectTimeoutMs: number;
  /** From then until the whole answer is here. FACTS g: clients use 120 s. */
  answerTimeoutMs: number;
  answerBytesMax: number;
  /** Connections to one partner at the same time; further calls wait their turn. */
  connectionsMax?: number;
  /** Whether `call` checks a request by the contract before it sends it; default true. */
  validateRequests?: boolean;
}

export interface SoapClient {
  isReachable(url: string, request: Encodable<Infer<typeof isReachable>>): Promise<Infer<typeof isReachableResponse>>;
  isRegistered(
    url: string,
    request: Encodable<Infer<typeof isRegistered>>,
  ): Promise<Infer<typeof isRegisteredResponse>>;
  /**
   * Any operation of the contract: `call(authorityService.operations.getSenders, url, {})`. Never retries itself.
   *
   * @throws EncodeFault if the request is not valid; nothing was sent
   */
  call<O extends Operation>(operation: O, url: string, request: Encodable<RequestOf<O>>): Promise<ResponseOf<O>>;
  /** Sends the bytes of `deliverSecureRequest`, unchanged: a second try is the same delivery. Never retries itself. */
  deliverSecure(url: string, requestBytes: Buffer): Promise<DeliveryResult>;
  /** Sends the bytes of `distributeSecureRequest`, unchanged, and gives the distribution's id. Never retries itself. */
  distributeSecure(url: string, requestBytes: Buffer): Promise<string>;
  /** Closes the connections; calls under way fail. */
  close(): void;
}

const CONNECTIONS_MAX = 16;
/** A thousand recipients have 0.7 MB, and nothing that libxml2 would have to look at. */
const ANSWER_PLAIN_BYTES_MAX = 2_097_152;

/**
 * The client side of the contract over mutual TLS: one long-lived agent with keep-alive for each partner (tech.md 12).
 *
 * Every call throws SoapCallError, see there for what each kind means. Answers are judged by the schema.
 */
export function createSoapClient(options: SoapClientOptions): SoapClient {
  const agents = new Map<string, Agent>();

  function agentOf({ origin }: URL): Agent {
    const known = agents.get(origin);
    if (known !== undefined) return known;
    const agent = createAgent({ tls: options.tls, connectionsMax: options.connectionsMax ?? CONNECTIONS_MAX });
    agents.set(origin, agent);
    return agent;
  }

  async function send<O extends Operation>(address: string, body: Buffer, operation: O): Promise<ResponseOf<O>> {
    const url = urlOf(address);
    const answer = await post(url, body, { ...options, agent: agentOf(url) });
    return readAnswer(answer, operation, options.answerBytesMax);
  }

  return {
    isReachable: (url, request) => ask(send, url, recipientService.operations.isReachable, request),
    isRegistered: (url, request) => ask(send, url, recipientService.operations.isRegistered, request),
    async call(operation, url, request) {
      if (options.validateRequests ?? true) checkGlobalElement(operation.request, request);
      return send(url, requestOf(operation, request), operation);
    },
    async deliverSecure(url, requestBytes) {
      return (await send(url, requestBytes, serviceService.operations.deliverSecure)).return;
    },
    async distributeSecure(url, requestBytes) {
      return (await send(url, requestBytes, messageService.operations.distributeSecure)).return;
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

type Send = <O extends Operation>(address: string, body: Buffer, operation: O) => Promise<ResponseOf<O>>;

/**
 * A question changes nothing, so it is asked again, once, when the connection was reset: the partner may have closed an
 * idle connection at the very moment when we used it again.
 */
async function ask<O extends Operation>(
  send: Send,
  url: string,
  operation: O,
  request: Encodable<RequestOf<O>>,
): Promise<ResponseOf<O>> {
  const body = requestOf(operation, request);
  try {
    return await send(url, body, operation);
  } catch (error) {
    if (!(error instanceof SoapCallError) || !isReset(error)) throw error;
    return send(url, body, operation);
  }
}

function requestOf<O extends Operation>(operation: O, request: Encodable<RequestOf<O>>): Buffer {
  return writeEnvelope(encodeGlobalElement(operation.request, request));
}

function isReset({ kind, cause }: SoapCallError): boolean {
  const code = (cause as { code?: string } | undefined)?.code;
  return kind === 'noAnswer' && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** FaR gives the address (FACTS d): what is wrong with it is a failure of this call, not of this program. */
function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:') throw new SoapCallError('notSent', 'the address is not an https address');
  return url;
}

function readAnswer<O extends Operation>(
  { status, body }: PostAnswer,
  { response, fault }: O,
  bytesMax: number,
): ResponseOf<O> {
  const plain = status === 200 ? plainPayload(body, ANSWER_PLAIN_BYTES_MAX) : undefined;
  const right = plain !== undefined && isElement(plain, response) ? readRight(plain, response) : undefined;
  if (right !== undefined) return right.value as ResponseOf<O>;
  const document = parsed(body, status, bytesMax);
  try {
    const envelope = readEnvelope(document.root);
    if (!envelope.ok) throw badAnswer(status, envelope.reason);
    const { payload } = envelope;
    if (isFault(payload)) throw faultError(readFault(payload, fault), status);
    if (status !== 200) throw badAnswer(status, 'an answer with another status than 200 that is no fault');
    if (!isElement(payload, response)) throw badAnswer(status, `${response.name} is expected`);
    rememberPayload(payload, body);
    return readValid(payload, response) as ResponseOf<O>;
  } catch (error) {
    if (error instanceof ContractFault) throw badAnswer(status, error.description, error);
    throw error;
  } finally {
    document.dispose();
  }
}

function parsed(body: Buffer, status: number, bytesMax: number): XmlDocument {
  try {
    return parseXml(body, { bytesMax });
  } catch (cause) {
    if (cause instanceof XmlRefused) throw badAnswer(status, cause.message, cause);
    throw cause;
  }
}

function faultError(fault: ContractFault | undefined, httpStatus: number): SoapCallError {
  if (fault === undefined) return badAnswer(httpStatus, 'a SOAP fault without the detail of the contract');
  return new SoapCallError('fault', fault.message, { fault, httpStatus });
}

function badAnswer(httpStatus: number, reason: string, cause?: unknown): SoapCallError {
  return new SoapCallError('badAnswer', `HTTP ${httpStatus}: ${reason}`, { httpStatus, cause });
}
