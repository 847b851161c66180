import type { XmlElement } from 'libxml2-wasm';
import { decodeGlobalElement, isElement } from '../codec/decode.ts';
import { applicationFault } from '../contract/common-v3.ts';
import { ContractFault } from '../faults.ts';
import type { GlobalElement, Operation, ResponseOf } from '../notation/index.ts';
import { readEnvelope } from '../soap/envelope.ts';
import { isFault } from '../soap/fault.ts';
import { childElements } from '../xml/children.ts';
import { parseXml } from '../xml/parseXml.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { contractValidator } from '../xsd/contractValidator.ts';

/** A SOAP fault as it stood on the wire, right or not. */
export interface WireFault {
  readonly kind: 'fault';
  /** The first element in `detail`, `{namespace}name`; absent where there is none. */
  readonly detail?: string;
  readonly errorCode?: number;
  readonly description?: string;
  readonly callId?: string;
  /** What keeps it from being the contract's fault (FACTS b.9); empty when it is. Quotes no values. */
  readonly wrong: readonly string[];
}

/** What an answer is, judged more closely than a client that only wants to go on would. */
export type WireAnswer<V = unknown> =
  | { readonly kind: 'answer'; readonly value: V }
  | WireFault
  /** Neither the operation's answer nor a fault; `reason` quotes no values. */
  | { readonly kind: 'bad'; readonly reason: string };

/** Reads the body of an answer to `operation`. Throws nothing about the answer: everything wrong with it is in the result. */
export function readWireAnswer<O extends Operation>(body: Buffer, operation: O): WireAnswer<ResponseOf<O>> {
  try {
    const document = parseXml(body, { bytesMax: body.length });
    try {
      return readRoot(document.root, operation) as WireAnswer<ResponseOf<O>>;
    } finally {
      document.dispose();
    }
  } catch (error) {
    if (error instanceof XmlRefused) return bad(error.message);
    throw error;
  }
}

function readRoot(root: XmlElement, { response, fault }: Operation): WireAnswer {
  const envelope = readEnvelope(root);
  if (!envelope.ok) return bad(envelope.reason);
  const { payload } = envelope;
  if (isFault(payload)) return readWireFault(payload, [applicationFault, fault]);
  const { schema, name } = response;
  if (!isElement(payload, response)) {
    return bad(`{${schema.namespace}}${name} is expected, {${payload.namespaceUri}}${payload.name} came`);
  }
  const [first] = contractValidator().validate(payload);
  if (first !== undefined) return bad(first.message);
  return decoded(payload, response);
}

function decoded(payload: XmlElement, response: GlobalElement): WireAnswer {
  try {
    return { kind: 'answer', value: decodeGlobalElement(payload, response) };
  } catch (error) {
    // the schema's judge does not see broken base64, the decoder does
    if (error instanceof ContractFault) return bad(error.description);
    throw error;
  }
}

function readWireFault(payload: XmlElement, allowed: readonly GlobalElement[]): WireFault {
  const detail = childElements(payload).find(({ name, namespaceUri }) => name === 'detail' && namespaceUri === '');
  const element = detail === undefined ? undefined : childElements(detail)[0];
  if (element === undefined) return { kind: 'fault', wrong: ['detail is missing or empty'] };
  const name = `{${element.namespaceUri}}${element.name}`;
  const wrong = allowed.some((one) => isElement(element, one))
    ? contractValidator()
        .validate(element)
        .map(({ message }) => message)
    : [`${name} is not the fault of the operation`];
  return { kind: 'fault', detail: name, ...fieldsOf(element), wrong };
}

/** Leniently, by local name: a fault with something wrong still tells its code. */
function fieldsOf(element: XmlElement): Pick<WireFault, 'errorCode' | 'description' | 'callId'> {
  const text = (name: string) => childElements(element).find((child) => child.name === name)?.content;
  const code = text('ErrorCode')?.trim();
  const [description, callId] = [text('Description'), text('CallId')];
  return {
    ...(code !== undefined && /^\d{1,4}$/.test(code) ? { errorCode: Number(code) } : {}),
    ...(description === undefined ? {} : { description }),
    ...(callId === undefined ? {} : { callId }),
  };
}

const bad = (reason: string): { kind: 'bad'; reason: string } => ({ kind: 'bad', reason });
