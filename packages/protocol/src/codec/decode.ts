/**
 * From parsed XML to values. Elements are known by namespace and local name; prefixes never matter (FACTS b.1).
 *
 * Documents have been judged by the schema before they come here. What the schema's judge does not see (broken base64)
 * is judged here, and what it has seen is not taken on trust: a missing or foreign element is refused too, so that a
 * decoded value always has the shape that its TypeScript type says.
 */
import type { XmlElement } from 'libxml2-wasm';
import { contractFault } from '../faults.ts';
import type { Attribute, Field, GlobalElement, Infer, Lazy, RecordType, TextType, Type } from '../notation/types.ts';
import { resolve } from '../notation/types.ts';
import { XmlFragment } from '../notation/XmlFragment.ts';
import { canonicalXml } from '../xml/canonicalXml.ts';
import { nodeOf } from '../xml/nodeOf.ts';
import { largeBytesOf, textOf, XmlNode, XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import { SIMPLE_CODECS, type SimpleCodec } from './simpleText.ts';
import { ValueFault } from './ValueFault.ts';

/**
 * The value of an element of a given type. Its own name is the caller's business.
 *
 * @throws ContractFault 5001 (FACTS b.9) with the path of the element, never its content
 */
export function decodeElement<T extends Type>(element: XmlElement | XmlNode, type: T): Infer<T> {
  const node = toNode(element);
  return reader(type)(node, node.name) as Infer<T>;
}

/**
 * The value of a global element; the node must be that element.
 *
 * @throws ContractFault 5001
 */
export function decodeGlobalElement<V>(source: XmlElement | XmlNode, element: GlobalElement<V>): V {
  const node = toNode(source);
  if (!isElement(node, element)) throw contractFault('INVALID_INPUT', `${element.name} is expected`);
  return reader(resolve(element.type))(node, element.name) as V;
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
export function toFragment(element: XmlElement | XmlNode, path = element.name): XmlFragment {
  return guarded(path, () => {
    const node = element instanceof XmlNode ? element : nodeOf(element);
    return new XmlFragment(node.namespace, node.name, canonicalXml(node));
  });
}

type Reader = (node: XmlNode, path: string) => unknown;
type Members = Record<string, unknown>;

const toNode = (element: XmlElement | XmlNode): XmlNode =>
  element instanceof XmlNode ? element : guarded(element.name, () => nodeOf(element));

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    throw contractFault('INVALID_INPUT', `${path} is not allowed: ${error.message}`, { cause: error });
  }
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
    case 'simple': {
      const codec = SIMPLE_CODECS[type.builtIn];
      return (node, path) => readContent(codec, node, path);
    }
    case 'opaque':
      return toFragment;
    case 'text':
      return textReader(type);
    case 'record':
      return recordReader(type);
  }
}

function readContent({ read, readBytes }: SimpleCodec, node: XmlNode, path: string): unknown {
  const bytes = readBytes === undefined ? undefined : largeBytesOf(node);
  if (readBytes !== undefined && bytes !== undefined) return readText(readBytes, bytes, path);
  const text = textOf(node);
  if (text === undefined) throw contractFault('INVALID_INPUT', `${path} holds an element where text is expected`);
  return readText(read, text, path);
}

function readText<T>(read: (text: T) => unknown, text: T, path: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof ValueFault) throw contractFault('INVALID_INPUT', `${path} is ${error.message}`);
    throw error;
  }
}

function textReader(type: TextType): Reader {
  const codec = SIMPLE_CODECS[type.content.builtIn];
  return (node, path) => {
    const value: Members = { content: readContent(codec, node, path) };
    readAttributes(node, type.attributes, value, path);
    return value;
  };
}

interface Member {
  readonly field: Field;
  readonly namespace: string;
  /** Also accepted: Authority's parameters are in no namespace, but some senders qualify them (FACTS b.1). */
  readonly tolerated: string;
  readonly read: Reader;
}

interface Plan {
  readonly byName: ReadonlyMap<string, Member>;
  readonly wildcard: Field | undefined;
}

function recordReader(type: RecordType): Reader {
  let plan: Plan | undefined;
  return (node, path) => {
    plan ??= planOf(type);
    const value: Members = {};
    for (const { name, occurs } of type.fields) if (occurs === 'many') value[name] = [];
    readChildren(node, plan, value, path);
    if (type.attributes.length > 0) readAttributes(node, type.attributes, value, path);
    finish(type, value, path);
    return value;
  };
}

function planOf(type: RecordType): Plan {
  const byName = new Map<string, Member>();
  let wildcard: Field | undefined;
  for (const field of type.fields) {
    if (typeof field.of === 'object' && field.of.kind === 'wildcard') wildcard = field;
    else byName.set(field.name, memberOf(type, field));
  }
  return { byName, wildcard };
}

function memberOf(type: RecordType, field: Field): Member {
  const target = resolve(field.of as Lazy<Type | GlobalElement>);
  if (target.kind === 'element') {
    const { namespace } = target.schema;
    return { field, namespace, tolerated: namespace, read: reader(resolve(target.type)) };
  }
  const { localNamespace, namespace } = type.schema;
  return { field, namespace: localNamespace, tolerated: namespace, read: reader(target) };
}

function readChildren(node: XmlNode, plan: Plan, value: Members, path: string): void {
  for (const child of node.content) {
    if (child instanceof XmlNode) {
      const member = plan.byName.get(child.name);
      if (member !== undefined && belongs(child.namespace, member)) readMember(child, member, value, path);
      else readForeign(child, plan.wildcard, value, `${path}/${child.name}`);
    } else if (child instanceof XmlText && !child.isWhiteSpace) {
      throw contractFault('INVALID_INPUT', `${path} holds text where elements are expected`);
    }
  }
}

const belongs = (namespace: string, member: Member): boolean =>
  namespace === member.namespace || namespace === member.tolerated;

function readMember(child: XmlNode, { field, read }: Member, value: Members, path: string): void {
  const { name, occurs, max } = field;
  const childPath = `${path}/${name}`;
  if (occurs === 'many') {
    const list = value[name] as unknown[];
    if (list.length >= max) throw contractFault('MAX_EXCEEDED', `${childPath} occurs more than ${max} times`);
    list.push(read(child, childPath));
    return;
  }
  if (value[name] !== undefined) throw contractFault('INVALID_INPUT', `${childPath} occurs twice`);
  value[name] = read(child, childPath);
}

function readForeign(child: XmlNode, wildcard: Field | undefined, value: Members, path: string): void {
  if (wildcard === undefined) throw contractFault('INVALID_INPUT', `${path} is not expected`);
  (value[wildcard.name] as unknown[]).push(toFragment(child, path));
}

/** Checks the counts; a wildcard without content and the alternatives not chosen stay absent. */
function finish(type: RecordType, value: Members, path: string): void {
  for (const { name, occurs, min, of } of type.fields) {
    const found = value[name];
    if (occurs === 'many') {
      const { length } = found as unknown[];
      if (length === 0 && typeof of === 'object' && of.kind === 'wildcard') delete value[name];
      if (length < min) throw contractFault('INVALID_INPUT', `${path}/${name} occurs ${length} times`);
    } else if (occurs === 'one' && found === undefined && type.group === 'sequence') {
      throw contractFault('INVALID_INPUT', `${path}/${name} is missing`);
    }
  }
}

function readAttributes(node: XmlNode, attributes: readonly Attribute[], value: Members, path: string): void {
  for (const { name, type, required } of attributes) {
    const text = node.attributes.find((found) => found.name === name && found.namespace === '')?.value;
    if (text !== undefined) value[name] = readText(SIMPLE_CODECS[resolve(type).builtIn].read, text, `${path}/@${name}`);
    else if (required) throw contractFault('INVALID_INPUT', `${path}/@${name} is missing`);
  }
}
