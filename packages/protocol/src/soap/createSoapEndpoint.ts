import { randomUUID, X509Certificate } from 'node:crypto';
import type { XmlElement } from 'libxml2-wasm';
import { checkGlobalElement } from '../codec/checkValue.ts';
import { decodeGlobalElement, isElement } from '../codec/decode.ts';
import { EncodeFault } from '../codec/EncodeFault.ts';
import { type Encodable, encodeGlobalElement } from '../codec/encode.ts';
import { ContractFault, contractFault } from '../faults.ts';
import type { OrganizationNumber } from '../identity.ts';
import type { Operation, OperationName, RequestOf, ResponseOf, ServiceContract } from '../notation/index.ts';
import { organizationOf } from '../signature/certificate.ts';
import type { XmlNode } from '../xml/XmlNode.ts';
import { EnvelopeRefused, writeEnvelope } from './envelope.ts';
import { writeFault } from './fault.ts';
import { IncomingMessage } from './incomingMessage.ts';
import { judgeRequest } from './judge.ts';

/** A request as the HTTP server got it. `SOAPAction` and `Content-Type` decide nothing (FACTS b.1). */
export interface SoapRequest {
  body: Buffer;
  /** The TLS client certificate. Give it only when the TLS server has verified its chain. */
  peerCertificateDer?: Buffer;
}

/** What to answer; `hangUp`: close the connection without an answer. */
export type SoapReply = { status: number; body: Buffer } | { hangUp: true };

/** One call, from the moment when its operation is known. */
export interface SoapCall {
  /** Sent with a fault, and to be written in the log: the two find each other by it. */
  callId: string;
  operation: string;
  /** The organisation of the client certificate (FACTS j). */
  caller: OrganizationNumber;
  /** The request element, valid until the handler's promise settles. `verifySealedDelivery` takes it as it is. */
  source: XmlElement;
  /** The whole message exactly as it came. */
  requestBytes: Buffer;
}

type Answer<O extends Operation> = Promise<Encodable<ResponseOf<O>>>;
/** Gets the decoded request. */
export type SoapHandler<O extends Operation> = (request: RequestOf<O>, call: SoapCall) => Answer<O>;
/** Reads the request itself, from `call.source`: a letter that is verified is decoded there, once. */
export interface SourceHandler<O extends Operation> {
  fromSource: (call: SoapCall) => Answer<O>;
}
/** One per operation; an operation without one is answered with a fault. */
export type SoapHandlers<S extends ServiceContract> = {
  [K in OperationName<S>]?: SoapHandler<S['operations'][K]> | SourceHandler<S['operations'][K]>;
};

/** What became of a request, for the log. Holds no content and no personal number. */
export interface CallRecord {
  callId: string;
  /** Absent if the request was refused before. */
  operation?: string;
  caller?: OrganizationNumber;
  durationMs: number;
  outcome: 'answered' | 'fault' | 'hangUp';
  errorCode?: number;
  /** What went wrong on our side; the caller was told only the CallId. */
  error?: unknown;
}

export interface SoapEndpointOptions {
  /** Larger requests get fault 5005. */
  requestBytesMax: number;
  /**
   * Requests with more start tags, end tags and comments get fault 5005, before anything is parsed: what a service takes that
   * is large is long texts, not many elements.
   */
  requestTagsMax?: number;
  /**
   * Who may call what. It runs as soon as caller and operation are known, before the schema and anything else that
   * costs: a stranger gets its ContractFault (5002, say), whatever is wrong with the request besides.
   */
  admit?: (caller: OrganizationNumber, operation: string) => Promise<void>;
  /**
   * Check our own answers by the contract; default true, in production too. An invalid one becomes fault 5000: a wrong
   * answer of FaR would be stored by hundreds of senders, and a fault is seen. It costs 1.5 ms for
   * 1000 recipients, because values are checked before they are written; to parse the answer again for the schema took 8.
   */
  validateResponses?: boolean;
  /** Stands around every call: development faults delay, drop or change a reply here. */
  around?: (call: SoapCall, next: () => Promise<SoapReply>) => Promise<SoapReply>;
  onCall?: (record: CallRecord) => void;
}

export type SoapEndpoint = (request: SoapRequest) => Promise<SoapReply>;

/**
 * The server side of one service of the contract, without HTTP.
 *
 * A request is refused with the fault of FACTS b.9 (Authority's own form in Authority) and HTTP status 500: 5002 no
 * certificate or one without organisation; 5005 too large, or a list that is too long; 5001 not XML, not an envelope, not an operation, not valid by the schema (with the element's name), not
 * implemented; a handler's own ContractFault; 5000 for everything that we did not foresee.
 */
export function createSoapEndpoint<S extends ServiceContract>(
  contract: S,
  handlers: SoapHandlers<S>,
  options: SoapEndpointOptions,
): SoapEndpoint {
  const endpoint = new Endpoint(contract, handlers as Readonly<Record<string, AnyHandler | undefined>>, options);
  return (request) => endpoint.answer(request);
}

/** The reply that an endpoint gives for a value, for use in `around`. */
export function soapReply<O extends Operation>(operation: O, value: Encodable<ResponseOf<O>>): SoapReply {
  return { status: 200, body: writeEnvelope(encodeGlobalElement(operation.response, value)) };
}

/**
 * The reply to a request that was refused before it came to an endpoint: too large for the HTTP server, say. With the
 * operation's own form of fault if the operation is known, and the given CallId, to be written in the log.
 */
export function soapFaultReply(
  fault: ContractFault,
  options: { callId?: string; operation?: Operation } = {},
): SoapReply {
  const callId = options.callId ?? fault.callId ?? randomUUID();
  const { operation } = options;
  return { status: 500, body: writeFault(fault, { callId, ...(operation && { element: operation.fault }) }) };
}

type AnyHandler = SoapHandler<Operation> | SourceHandler<Operation>;

/** Where a call stands; filled in as it becomes known, and read when it is recorded. */
interface Progress {
  callId: string;
  caller?: OrganizationNumber;
  operation?: { name: string; operation: Operation };
  errorCode?: number;
  error?: unknown;
}

class Endpoint {
  readonly #operations: [string, Operation][];
  readonly #handlers: Readonly<Record<string, AnyHandler | undefined>>;
  readonly #options: SoapEndpointOptions;

  constructor(
    contract: ServiceContract,
    handlers: Readonly<Record<string, AnyHandler | undefined>>,
    options: SoapEndpointOptions,
  ) {
    this.#operations = Object.entries(contract.operations);
    this.#handlers = handlers;
    this.#options = options;
  }

  async answer(request: SoapRequest): Promise<SoapReply> {
    const startedMs = performance.now();
    const progress: Progress = { callId: randomUUID() };
    const reply = await this.#guarded(progress, () => this.#serve(request, progress));
    const { callId, caller, operation, errorCode, error } = progress;
    this.#options.onCall?.({
      callId,
      ...(operation === undefined ? {} : { operation: operation.name }),
      ...(caller === undefined ? {} : { caller }),
      durationMs: performance.now() - startedMs,
      outcome: 'hangUp' in reply ? 'hangUp' : errorCode === undefined ? 'answered' : 'fault',
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(error === undefined ? {} : { error }),
    });
    return reply;
  }

  async #serve({ body, peerCertificateDer }: SoapRequest, progress: Progress): Promise<SoapReply> {
    progress.caller = callerOf(peerCertificateDer);
    const { requestBytesMax: bytesMax, requestTagsMax: tagsMax } = this.#options;
    const message = new IncomingMessage(body, { bytesMax, ...(tagsMax === undefined ? {} : { tagsMax }) });
    try {
      progress.operation = this.#operationOf(message.payload);
      const { callId, caller, operation } = progress;
      await this.#options.admit?.(caller, operation.name);
      const judged = judgeRequest(message, operation.operation.request);
      const call: SoapCall = {
        ...{ callId, operation: operation.name, caller, requestBytes: body },
        get source() {
          return message.source;
        },
      };
      const next = () => this.#guarded(progress, () => this.#handle(call, operation, judged));
      return await (this.#options.around?.(call, next) ?? next());
    } finally {
      message.dispose();
    }
  }

  #operationOf(payload: XmlNode): { name: string; operation: Operation } {
    const found = this.#operations.find(([, operation]) => isElement(payload, operation.request));
    if (found === undefined) throw contractFault('INVALID_INPUT', 'the body holds no operation of this service');
    const [name, operation] = found;
    return { name, operation };
  }

  async #handle(
    call: SoapCall,
    { name, operation }: { name: string; operation: Operation },
    judged: { value: unknown } | undefined,
  ): Promise<SoapReply> {
    const handler = this.#handlers[name];
    if (handler === undefined) throw contractFault('INVALID_INPUT', `${name} is not implemented here`);
    const value =
      typeof handler === 'function'
        ? await handler((judged ?? { value: decodeGlobalElement(call.source, operation.request) }).value, call)
        : await handler.fromSource(call);
    const xml = encodeGlobalElement(operation.response, value);
    if (this.#options.validateResponses ?? true) assertValid(operation, value);
    return { status: 200, body: writeEnvelope(xml) };
  }

  /** Turns whatever is thrown into a fault: a caller always gets an answer in the contract's form. */
  async #guarded(progress: Progress, work: () => Promise<SoapReply>): Promise<SoapReply> {
    try {
      return await work();
    } catch (error) {
      const isForeseen = error instanceof ContractFault;
      const fault = isForeseen ? error : contractFault('UNKNOWN');
      progress.errorCode = fault.errorCode;
      if (!isForeseen) progress.error = error;
      const element = progress.operation?.operation.fault;
      const body = writeFault(fault, {
        callId: progress.callId,
        ...(element === undefined ? {} : { element }),
        ...(error instanceof EnvelopeRefused ? { faultCode: error.faultCode } : {}),
      });
      return { status: 500, body };
    }
  }
}

function callerOf(certificateDer: Buffer | undefined): OrganizationNumber {
  if (certificateDer === undefined) throw contractFault('ACCESS_DENIED', 'no client certificate');
  const organization = organizationOfDer(certificateDer);
  if (organization === undefined) {
    throw contractFault('ACCESS_DENIED', 'the client certificate names no organisation (subject serialNumber)');
  }
  return organization;
}

/** By the certificate's bytes: a partner comes with the same one every time, and reading it takes 80 µs. */
const organizations = new Map<string, OrganizationNumber | undefined>();
const ORGANIZATIONS_MAX = 1000;

function organizationOfDer(der: Buffer): OrganizationNumber | undefined {
  const key = der.toString('latin1');
  if (organizations.has(key)) return organizations.get(key);
  const organization = readOrganization(der);
  if (organizations.size >= ORGANIZATIONS_MAX) organizations.clear();
  organizations.set(key, organization);
  return organization;
}

function readOrganization(der: Buffer): OrganizationNumber | undefined {
  try {
    return organizationOf(new X509Certificate(der));
  } catch (cause) {
    throw contractFault('ACCESS_DENIED', 'the client certificate cannot be read', { cause });
  }
}

function assertValid<O extends Operation>({ response }: O, value: Encodable<ResponseOf<O>>): void {
  try {
    checkGlobalElement(response, value);
  } catch (cause) {
    if (!(cause instanceof EncodeFault)) throw cause;
    throw new Error(`our own answer is not valid: ${cause.message}`, { cause });
  }
}
