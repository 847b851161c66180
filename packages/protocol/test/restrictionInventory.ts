/**
 * The restrictions of a message as the generated schema's text has them: the same names as `restrictionCases.ts` gives, from
 * nothing but the XSD.
 */
import { CONTRACT_SCHEMAS, type GlobalElement, xsdFor } from '../src/index.ts';
import { readMarkup } from '../src/xml/readMarkup.ts';
import { childNodes, type XmlNode } from '../src/xml/XmlNode.ts';
import { XSD_NAMESPACE } from '../src/xsd/writeSchema.ts';

export function restrictionNames(element: GlobalElement): string[] {
  const names: string[] = [];
  const declared = DECLARATIONS.get(`element {${element.schema.namespace}}${element.name}`);
  if (declared === undefined) throw new Error(`no element ${element.name}`);
  elementNames(declared, element.name, names);
  return names;
}

const EXTENSION = 'element {http://minameddelanden.gov.se/externalschema/Invoice/v1}Invoice';

/** Every global declaration, by kind and qualified name. */
const DECLARATIONS = new Map(
  CONTRACT_SCHEMAS.flatMap(({ namespace }) => {
    const schema = readMarkup(Buffer.from(xsdFor(namespace) ?? ''));
    return children(schema).map((node): [string, XmlNode] => {
      const kind = node.name === 'element' ? 'element' : 'type';
      return [`${kind} {${namespace}}${attribute(node, 'name')}`, node];
    });
  }),
);

/** Nobody fills the wildcards of XML Signature. */
const SIGNATURE_TYPES = new Set(
  [...DECLARATIONS].filter(([name]) => name.includes('xmldsig#')).map(([, node]) => node),
);

function children(node: XmlNode, ...names: string[]): XmlNode[] {
  const found = childNodes(node);
  return names.length === 0 ? found : found.filter(({ name }) => names.includes(name));
}

function attribute(node: XmlNode, name: string): string {
  return node.attributes.find((one) => one.name === name)?.value ?? '';
}

/** Our schemas always give a namespace the same prefix. */
const PREFIXES = new Map([
  ['xs', XSD_NAMESPACE],
  ...CONTRACT_SCHEMAS.map(({ prefix, namespace }) => [prefix, namespace] as const),
]);

function qualified(node: XmlNode, name: string): string {
  const [prefix = '', local = ''] = attribute(node, name).split(':');
  return `{${PREFIXES.get(prefix)}}${local}`;
}

const minOf = (node: XmlNode): number => Number(attribute(node, 'minOccurs') || 1);
const maxOf = (node: XmlNode): number => {
  const max = attribute(node, 'maxOccurs') || '1';
  return max === 'unbounded' ? Number.POSITIVE_INFINITY : Number(max);
};

/** A type's declaration, or the name of a built-in one. */
function typeOf(element: XmlNode): XmlNode | string {
  const [inline] = children(element, 'simpleType', 'complexType');
  return inline ?? named(element, 'type');
}

function named(node: XmlNode, name: string): XmlNode | string {
  const reference = qualified(node, name);
  if (reference.startsWith(`{${XSD_NAMESPACE}}`)) return reference.slice(XSD_NAMESPACE.length + 2);
  const found = DECLARATIONS.get(`type ${reference}`);
  if (found === undefined) throw new Error(`no type ${reference}`);
  return found;
}

function elementNames(element: XmlNode, place: string, names: string[]): void {
  names.push(`${place}|unknown attribute`);
  const type = typeOf(element);
  if (typeof type === 'string' || type.name === 'simpleType') {
    names.push(`${place}|no children`, ...valueNames(type, place));
    return;
  }
  const [simpleContent] = children(type, 'simpleContent');
  const [extension] = simpleContent === undefined ? [] : children(simpleContent, 'extension');
  for (const one of children(extension ?? type, 'attribute')) names.push(...attributeNames(one, place));
  if (extension !== undefined) names.push(`${place}|no children`, ...valueNames(named(extension, 'base'), place));
  else contentNames(type, place, names);
}

function valueNames(type: XmlNode | string, place: string): string[] {
  if (typeof type === 'string') return builtInNames(type, place);
  const [restriction] = children(type, 'restriction');
  if (restriction === undefined) return [];
  const facets = new Set(children(restriction).map(({ name }) => name));
  return [...valueNames(named(restriction, 'base'), place), ...[...facets].map((facet) => `${place}|${facet}`)];
}

const builtInNames = (name: string, place: string): string[] =>
  name === 'string' || name === 'normalizedString' ? [] : [`${place}|type:${name}`];

function attributeNames(declaration: XmlNode, place: string): string[] {
  const own = `${place}/@${attribute(declaration, 'name')}`;
  const required = attribute(declaration, 'use') === 'required' ? [`${own}|required`] : [];
  return [...required, ...valueNames(named(declaration, 'type'), own)];
}

function contentNames(type: XmlNode, place: string, names: string[]): void {
  if (attribute(type, 'mixed') !== 'true') names.push(`${place}|no text`);
  const [group] = children(type, 'sequence', 'choice');
  const particles = group === undefined ? [] : particlesIn(group);
  const wildcards = particles.filter(({ name }) => name === 'any');
  const isOpen = wildcards.some(
    (any) => attribute(any, 'namespace') === '##any' && attribute(any, 'processContents') === 'lax',
  );
  if (!isOpen) names.push(`${place}|unknown element`);
  if (group === undefined) return;
  const labels = labelled(particles);
  groupNames({ group, chain: [group], place, labels, isClosed: wildcards.length === 0, names });
  for (const [particle, label] of labels) {
    const target = childOf(particle, type);
    if (target !== undefined) elementNames(target, `${place}/${label}`, names);
  }
}

const particlesIn = (group: XmlNode): XmlNode[] =>
  children(group).flatMap((node) => (isGroup(node) ? particlesIn(node) : [node]));
const isGroup = ({ name }: XmlNode): boolean => name === 'sequence' || name === 'choice';

function labelled(particles: readonly XmlNode[]): Map<XmlNode, string> {
  const counts = new Map<string, number>();
  return new Map(
    particles.map((particle) => {
      const name = nameOf(particle);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [particle, count === 1 ? name : `${name}#${count}`];
    }),
  );
}

function nameOf(particle: XmlNode): string {
  if (particle.name === 'any') return '*';
  return attribute(particle, 'name') || attribute(particle, 'ref').replace(/^.*:/, '');
}

function childOf(particle: XmlNode, type: XmlNode): XmlNode | undefined {
  if (particle.name === 'any') {
    return SIGNATURE_TYPES.has(type) ? undefined : DECLARATIONS.get(EXTENSION);
  }
  if (attribute(particle, 'ref') === '') return particle;
  return DECLARATIONS.get(`element ${qualified(particle, 'ref')}`);
}

interface Group {
  readonly group: XmlNode;
  /** The groups around it and itself, the outermost first. */
  readonly chain: readonly XmlNode[];
  readonly place: string;
  readonly labels: ReadonlyMap<XmlNode, string>;
  /** No wildcard anywhere in the type. */
  readonly isClosed: boolean;
  readonly names: string[];
}

function groupNames(at: Group): void {
  const { group, chain, place, names, isClosed } = at;
  const isOnce = chain.every((one) => maxOf(one) === 1);
  // alone in a group that may be absent, a particle is not missed
  const isMissed = chain.every((one) => minOf(one) > 0) || children(group).filter((one) => minOf(one) > 0).length > 1;
  if (group.name === 'sequence') names.push(...orderNames(at));
  else names.push(...choiceNames(at, isOnce));
  for (const particle of children(group)) {
    if (isGroup(particle)) {
      groupNames({ ...at, group: particle, chain: [...chain, particle] });
      continue;
    }
    const own = `${place}/${labelOf(at, particle)}`;
    const isElement = particle.name === 'element';
    if (minOf(particle) > 0 && group.name === 'sequence' && isMissed) names.push(`${own}|required`);
    if (isElement && isOnce && Number.isFinite(maxOf(particle))) names.push(`${own}|max ${maxOf(particle)}`);
    if (isElement) names.push(`${own}|name`, ...(isClosed ? [`${own}|namespace`] : []));
    if (attribute(particle, 'namespace') === '##other') names.push(`${own}|other namespace`);
    if (attribute(particle, 'processContents') === 'strict') names.push(`${own}|declared`);
  }
}

const labelOf = ({ labels }: Group, particle: XmlNode): string => labels.get(particle) ?? nameOf(particle);

function orderNames(at: Group): string[] {
  const elements = children(at.group, 'element').map((node) => labelOf(at, node));
  return elements.slice(1).map((second, index) => `${at.place}/${elements[index]}|before ${second}`);
}

function choiceNames(at: Group, isOnce: boolean): string[] {
  const { group, chain, place } = at;
  const alternatives = children(group);
  const name = `${place}/${alternatives
    .map((node) => alternativeName(at, node))
    .sort()
    .join(' or ')}`;
  const isNeeded = [...chain, ...alternatives].every((node) => minOf(node) > 0);
  return [...(isNeeded ? [`${name}|one`] : []), ...(isOnce ? [`${name}|only one`] : [])];
}

function alternativeName(at: Group, node: XmlNode): string {
  if (!isGroup(node)) return labelOf(at, node);
  return `(${children(node)
    .map((one) => alternativeName(at, one))
    .join(' ')})`;
}
