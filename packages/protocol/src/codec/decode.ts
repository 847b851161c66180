/**
 * From parsed XML to values. Elements are known by namespace and local name; prefixes never matter (FACTS b.1).
 *
 * Documents have been judged by the schema before they come here. What the schema's judge does not see (broken base64)
 * is judged here, and what it has seen is not taken on trust: order, number and restrictions are checked too, so that a
 * decoded value is always what its type says. The first fault ends it.
 */
import type { XmlElement } from 'libxml2-wasm';
import { type ContractFault, contractFault, type FaultName } from '../faults.ts';
import type {
  Attribute,
  Field,
  GlobalElement,
  Infer,
  Lazy,
  RecordType,
  SimpleType,
  TextType,
  Type,
} from '../notation/types.ts';
import { resolve } from '../notation/types.ts';
import { XmlFragment } from '../notation/XmlFragment.ts';
import { canonicalXml } from '../xml/canonicalXml.ts';
import { nodeOf } from '../xml/nodeOf.ts';
import { XmlNode, XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { valueCheck } from './facets.ts';
import { SIMPLE_CODECS } from './simpleText.ts';
import { ValueFault } from './ValueFault.ts';

/**
 * The value of an element of a given type. Its own name is the caller's business.
 *
 * @throws ContractFault 5001, or 5005 for a list that is too long (FACTS b.9), with the path of the element, never its
 *   content
 */
export function decodeElement<T extends Type>(element: XmlElement | XmlNode, type: T): Infer<T> {
  return read(element, type) as Infer<T>;
}

/**
 * The value of a global element; the node must be that element.
 *
 * @throws ContractFault as above
 */
export function decodeGlobalElement<V>(source: XmlElement | XmlNode, element: GlobalElement<V>): V {
  if (!isElement(source, element)) throw contractFault('INVALID_INPUT', `${element.name} is expected`);
  return read(source, resolve(element.type)) as V;
}

/** Whether a node is a certain global element. */
export function isElement(node: XmlElement | XmlNode, element: GlobalElement): boolean {
  const namespace = node instanceof XmlNode ? node.namespace : node.namespaceUri;
  return node.name === element.name && namespace === element.schema.namespace;
}

/**
 * An element as it stands, in canonical prefix-free form.
 *
 * @throws ContractFault 5001 if it has what that form cannot carry: comments, attributes in a namespace
 */
export function toFragment(element: XmlElement | XmlNode): XmlFragment {
  return naming(element.name, () => fragmentOf(toNode(element)));
}

type Reader = (node: XmlNode) => unknown;
type Members = Record<string, unknown>;

/** Something that is wrong, on its way out: each element that it passes puts its name before the path. */
class Misread extends Error {
  readonly faultName: FaultName;
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string, options: { faultName?: FaultName; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.faultName = options.faultName ?? 'INVALID_INPUT';
    this.path = path;
    this.reason = reason;
  }

  within(element: string): Misread {
    const { faultName, cause } = this;
    return new Misread(`${element}${this.path && `/${this.path}`}`, this.reason, { faultName, cause });
  }

  toFault(): ContractFault {
    return contractFault(this.faultName, `${this.path} ${this.reason}`, { cause: this.cause });
  }
}

const toNode = (element: XmlElement | XmlNode): XmlNode => (element instanceof XmlNode ? element : nodeOf(element));

function read(element: XmlElement | XmlNode, type: Type): unknown {
  return naming(element.name, () => reader(type)(toNode(element)));
}

function naming<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw misread(error)?.within(name).toFault() ?? error;
  }
}

/** Undefined for what is no fault of the document. */
function misread(error: unknown): Misread | undefined {
  if (error instanceof Misread) return error;
  if (error instanceof ValueFault) return new Misread('', `is ${error.message}`);
  if (error instanceof XmlRefused) return new Misread('', `is not allowed: ${error.message}`, { cause: error });
  return undefined;
}

function fragmentOf(node: XmlNode): XmlFragment {
  return new XmlFragment(node.namespace, node.name, canonicalXml(node));
}

const readers = new WeakMap<Type, Reader>();

function reader(type: Type): Reader {
  const known = readers.get(type);
  if (known !== undefined) return known;
  const made = makeReader(type);
  readers.set(type, made);
  return made;
}

function makeReader(type: Type): Reader {
  switch (type.kind) {
    case 'simple':
      return simpleReader(type);
    case 'opaque':
      return fragmentOf;
    case 'text':
      return textReader(type);
    case 'record':
      return recordReader(type);
  }
}

function simpleReader(type: SimpleType): Reader {
  const content = contentReader(type);
  return (node) => {
    if (node.attributes.length > 0) refuseAttributes(node, []);
    return content(node);
  };
}

function contentReader(type: SimpleType): Reader {
  const readValue = valueReader(type);
  const { readBytes } = SIMPLE_CODECS[type.builtIn];
  return (node) => {
    const bytes = readBytes === undefined ? undefined : node.largeBytes;
    if (readBytes !== undefined && bytes !== undefined) return readBytes(bytes);
    const { text } = node;
    if (text === undefined) throw new Misread('', 'holds an element where text is expected');
    return readValue(text);
  };
}

/** @throws ValueFault */
function valueReader(type: SimpleType): (text: string) => unknown {
  const codec = SIMPLE_CODECS[type.builtIn];
  const check = valueCheck(type);
  if (check === undefined) return codec.read;
  return (text) => {
    const value = codec.read(text);
    const fault = check(value);
    if (fault !== undefined) throw new ValueFault(fault);
    return value;
  };
}

function textReader(type: TextType): Reader {
  const content = contentReader(type.content);
  const readAttributes = attributesReader(type.attributes);
  return (node) => {
    const value: Members = { content: content(node) };
    readAttributes(node, value);
    return value;
  };
}

interface Member {
  readonly field: Field;
  /** Where it stands in the sequence. */
  readonly index: number;
  readonly namespace: string;
  /** Also accepted: Authority's parameters are in no namespace, but some senders qualify them (FACTS b.1). */
  readonly tolerated: string;
  readonly read: Reader;
}

interface Plan {
  readonly type: RecordType;
  readonly byName: ReadonlyMap<string, Member>;
  readonly wildcard: Member | undefined;
  /** Lists with a limit. They are counted before they are read: too many is a fault of its own (5005). */
  readonly limited: readonly Field[];
}

function recordReader(type: RecordType): Reader {
  let plan: Plan | undefined;
  const lists = type.fields.filter(({ occurs }) => occurs === 'many').map(({ name }) => name);
  const readAttributes = attributesReader(type.attributes);
  return (node) => {
    plan ??= planOf(type);
    const value: Members = {};
    for (const name of lists) value[name] = [];
    readChildren(node, plan, value);
    readAttributes(node, value);
    finish(type, value);
    return value;
  };
}

function planOf(type: RecordType): Plan {
  const members = type.fields.map((field, index) => memberOf(type, field, index));
  const isWildcard = ({ field: { of } }: Member) => typeof of === 'object' && of.kind === 'wildcard';
  const named = members.filter((member) => !isWildcard(member));
  return {
    type,
    byName: new Map(named.map((member) => [member.field.name, member])),
    wildcard: members.find(isWildcard),
    limited: type.fields.filter(({ occurs, max }) => occurs === 'many' && Number.isFinite(max)),
  };
}

function memberOf({ schema }: RecordType, field: Field, index: number): Member {
  const { localNamespace, namespace } = schema;
  const { of } = field;
  if (typeof of === 'object' && of.kind === 'wildcard') {
    return { field, index, namespace, tolerated: namespace, read: fragmentOf };
  }
  const target = resolve(of as Lazy<Type | GlobalElement>);
  if (target.kind === 'element') {
    const own = target.schema.namespace;
    return { field, index, namespace: own, tolerated: own, read: reader(resolve(target.type)) };
  }
  return { field, index, namespace: localNamespace, tolerated: namespace, read: reader(target) };
}

function readChildren(node: XmlNode, plan: Plan, value: Members): void {
  for (const field of plan.limited) refuseTooMany(node, field);
  let reached = NOWHERE;
  for (const child of node.content) {
    if (child instanceof XmlNode) reached = readChild(child, plan, value, reached);
    else if (child instanceof XmlText && !child.isWhiteSpace) {
      throw new Misread('', 'holds text where elements are expected');
    }
  }
}

function refuseTooMany(node: XmlNode, { name, max }: Field): void {
  let count = 0;
  for (const child of node.content) if (child instanceof XmlNode && child.name === name) count += 1;
  if (count > max) throw new Misread(name, `occurs more than ${max} times`, { faultName: 'MAX_EXCEEDED' });
}

const NOWHERE = -1;

/** Returns how far the sequence has come, or what has been chosen. */
function readChild(child: XmlNode, { type, byName, wildcard }: Plan, value: Members, reached: number): number {
  const named = byName.get(child.name);
  const isNamed = named !== undefined && (child.namespace === named.namespace || child.namespace === named.tolerated);
  const member = isNamed ? named : wildcard;
  try {
    // a wildcard stands for other namespaces than the schema's own, and for none that is empty
    if (member === undefined || (!isNamed && (child.namespace === '' || child.namespace === type.schema.namespace))) {
      throw new Misread('', 'is not expected');
    }
    const isLate = type.group === 'choice' ? reached !== NOWHERE && member.index !== reached : member.index < reached;
    if (isLate) throw new Misread('', 'is not expected here');
    readMember(child, member, value);
    return member.index;
  } catch (error) {
    throw misread(error)?.within(child.name) ?? error;
  }
}

function readMember(child: XmlNode, { field: { name, occurs }, read: readValue }: Member, value: Members): void {
  if (occurs !== 'many') {
    if (value[name] !== undefined) throw new Misread('', 'occurs twice');
    value[name] = readValue(child);
    return;
  }
  (value[name] as unknown[]).push(readValue(child));
}

/** Checks the counts; a wildcard without content and the alternatives not chosen stay absent. */
function finish(type: RecordType, value: Members): void {
  for (const { name, occurs, min, of } of type.fields) {
    const found = value[name];
    if (occurs === 'many') {
      const { length } = found as unknown[];
      if (length === 0 && typeof of === 'object' && of.kind === 'wildcard') delete value[name];
      if (length < min) throw new Misread(name, `occurs ${length} times`);
    } else if (occurs === 'one' && found === undefined && type.group === 'sequence') {
      throw new Misread(name, 'is missing');
    }
  }
}

function attributesReader(attributes: readonly Attribute[]): (node: XmlNode, value: Members) => void {
  if (attributes.length === 0) {
    return (node) => {
      if (node.attributes.length > 0) refuseAttributes(node, attributes);
    };
  }
  return (node, value) => {
    refuseAttributes(node, attributes);
    for (const { name, type, required } of attributes) {
      const text = node.attributes.find((found) => found.name === name && found.namespace === '')?.value;
      if (text !== undefined) value[name] = readAttribute(name, resolve(type), text);
      else if (required) throw new Misread(`@${name}`, 'is missing');
    }
  };
}

function readAttribute(name: string, type: SimpleType, text: string): unknown {
  try {
    return valueReader(type)(text);
  } catch (error) {
    throw misread(error)?.within(`@${name}`) ?? error;
  }
}

/** What XSD allows on every element (`xsi:schemaLocation`) says nothing about its value. */
function refuseAttributes(node: XmlNode, attributes: readonly Attribute[]): void {
  for (const { namespace, name } of node.attributes) {
    const isKnown = namespace === '' && attributes.some((attribute) => attribute.name === name);
    if (!isKnown && namespace !== XSI_NAMESPACE) throw new Misread(`@${name}`, 'is not expected');
  }
}

const XSI_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';
