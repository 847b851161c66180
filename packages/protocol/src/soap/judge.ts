import type { XmlElement } from 'libxml2-wasm';
import { decodeGlobalElement } from '../codec/decode.ts';
import { ContractFault, contractFault, FAULTS } from '../faults.ts';
import { type Field, type GlobalElement, type Lazy, resolve, type Type } from '../notation/types.ts';
import { nodeOf } from '../xml/nodeOf.ts';
import { XmlNode } from '../xml/XmlNode.ts';
import { contractValidator } from '../xsd/contractValidator.ts';
import type { IncomingMessage } from './incomingMessage.ts';

/**
 * How many elements and attributes the schema's judge may be given. It tells every fault, and for each it counts the
 * siblings before: 200 000 faults took four seconds, 10 000 take a tenth of one.
 */
export const JUDGED_NODES_MAX = 10_000;

/**
 * Refuses a request that is not valid, in time that its size bounds.
 *
 * One clear fault: the first that the schema finds, with line and element; the others mostly follow from it. A list
 * longer than the contract allows has a code of its own (FACTS k, 5005). A document too large for the schema's judge is
 * judged by the reader, which stops at the first fault; that is all there is to judge unless parts of it stay XML. So
 * is Authority's, whose parameters some write with the namespace that the schema does not give them (FACTS b.1).
 *
 * @throws ContractFault 5001 or 5005
 */
export function refuseInvalid(payload: XmlElement, element: GlobalElement): void {
  if (!element.schema.qualified || isTooLarge(payload)) {
    decodeGlobalElement(payload, element);
    if (!keepsXml(element)) return;
    throw contractFault('MAX_EXCEEDED', `more than ${JUDGED_NODES_MAX} elements and attributes`);
  }
  const first = firstSchemaFault(payload);
  if (first === undefined) return;
  refuseTooMany(payload, element);
  throw contractFault('INVALID_INPUT', first);
}

/**
 * The value of a request, judged by the reader alone; undefined where parts of it stay XML: these `refuseInvalid` has judged, and
 * what reads them decodes them. The schema's judge is asked only to say what is wrong, with line and element.
 *
 * @throws ContractFault 5001 or 5005
 */
export function judgeRequest(message: IncomingMessage, element: GlobalElement): { value: unknown } | undefined {
  if (keepsXml(element)) {
    refuseInvalid(message.source, element);
    return undefined;
  }
  try {
    return { value: decodeGlobalElement(message.payload, element) };
  } catch (cause) {
    const isInvalid = cause instanceof ContractFault && cause.errorCode === FAULTS.INVALID_INPUT.code;
    if (!isInvalid || !element.schema.qualified || isLarge(message.payload)) throw cause;
    const first = firstSchemaFault(message.source);
    if (first === undefined) throw cause;
    throw contractFault('INVALID_INPUT', first, { cause });
  }
}

/**
 * The value of an answer. The reader judges it alone, save what stays XML: a differential test holds the reader to the
 * schema, and judging 1000 answers twice costs 3 ms. The schema's judge is asked to say what is wrong, with line and element.
 *
 * @throws ContractFault 5001 or 5005; its `cause` is the reader's
 */
export function readValid<V>(payload: XmlElement, element: GlobalElement<V>): V {
  if (keepsXml(element)) refuseInvalid(payload, element);
  try {
    return decodeGlobalElement(payload, element);
  } catch (cause) {
    const first = cause instanceof ContractFault && !isTooLarge(payload) ? firstSchemaFault(payload) : undefined;
    if (first === undefined) throw cause;
    throw new ContractFault(FAULTS.INVALID_INPUT.code, first, { cause });
  }
}

/**
 * The value of a right answer that the reader can judge alone; undefined for every other one, whose fault `readValid` names.
 */
export function readRight<V>(payload: XmlNode, element: GlobalElement<V>): { value: V } | undefined {
  if (keepsXml(element)) return undefined;
  try {
    return { value: decodeGlobalElement(payload, element) };
  } catch (cause) {
    if (cause instanceof ContractFault) return undefined;
    throw cause;
  }
}

const isLarge = (payload: XmlNode): boolean => nodesIn(payload, JUDGED_NODES_MAX) > JUDGED_NODES_MAX;

const isTooLarge = (payload: XmlElement): boolean => isLarge(nodeOf(payload));

function firstSchemaFault(payload: XmlElement): string | undefined {
  const [first] = contractValidator().validate(payload);
  return first && `line ${first.line}: ${first.message}`;
}

/** Counts elements and attributes, hardly further than `max`. */
function nodesIn({ attributes, content }: XmlNode, max: number): number {
  let count = 1 + attributes.length;
  for (const part of content) {
    if (count > max) break;
    if (part instanceof XmlNode) count += nodesIn(part, max - count);
  }
  return count;
}

function refuseTooMany(payload: XmlElement, element: GlobalElement): void {
  try {
    decodeGlobalElement(payload, element);
  } catch (error) {
    if (!(error instanceof ContractFault) || error.errorCode === FAULTS.MAX_EXCEEDED.code) throw error;
  }
}

const xmlKeepers = new WeakMap<Type, boolean>();

/** Whether values hold parts that the reader does not look into: signatures and foreign content. */
function keepsXml({ type }: GlobalElement): boolean {
  return typeKeepsXml(resolve(type));
}

function typeKeepsXml(type: Type): boolean {
  const known = xmlKeepers.get(type);
  if (known !== undefined) return known;
  // a type that contains itself: the answer comes from the rest of it
  xmlKeepers.set(type, false);
  const keeps = type.kind === 'opaque' || (type.kind === 'record' && type.fields.some(({ of }) => fieldKeepsXml(of)));
  xmlKeepers.set(type, keeps);
  return keeps;
}

function fieldKeepsXml(of: Field['of']): boolean {
  if (typeof of === 'object' && of.kind === 'wildcard') return true;
  const target = resolve(of as Lazy<Type | GlobalElement>);
  return target.kind === 'element' ? keepsXml(target) : typeKeepsXml(target);
}
