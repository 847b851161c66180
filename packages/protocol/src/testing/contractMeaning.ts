import { XmlDocument, XmlElement, XmlLibError } from 'libxml2-wasm';
import { XSD_NAMESPACE } from '../xsd/writeSchema.ts';

/** What a WSDL or XSD says, without prefixes, defaults, annotations and layout: two that mean the same are equal. */
export interface ContractMeaning {
  /** Everything of a WSDL but the address and the schemas, one thing a line; empty for an XSD. */
  readonly wsdl: readonly string[];
  /** Per namespace every global declaration. A WSDL's own schemas stand here too. */
  readonly schemas: ReadonlyMap<string, readonly string[]>;
  /** Where the document imports or includes others from, as written. */
  readonly locations: readonly string[];
}

/** Undefined if the text is not XML. */
export function contractMeaning(text: string): ContractMeaning | undefined {
  const document = parsed(text);
  if (document === undefined) return undefined;
  try {
    return {
      wsdl: document.root.namespaceUri === NAMESPACES.w ? wsdlLines(document) : [],
      schemas: schemasOf(document),
      locations: elements(document, '//xs:import | //xs:include | //w:import').flatMap((node) => {
        const location = attribute(node, 'schemaLocation') || attribute(node, 'location');
        return location === '' ? [] : [location];
      }),
    };
  } finally {
    document.dispose();
  }
}

const NAMESPACES = {
  w: 'http://schemas.xmlsoap.org/wsdl/',
  soap: 'http://schemas.xmlsoap.org/wsdl/soap/',
  xs: XSD_NAMESPACE,
};

function parsed(text: string): XmlDocument | undefined {
  try {
    return XmlDocument.fromString(text);
  } catch (error) {
    if (error instanceof XmlLibError) return undefined;
    throw error;
  }
}

const elements = (from: XmlDocument | XmlElement, path: string): XmlElement[] =>
  from.find(path, NAMESPACES).filter((node) => node instanceof XmlElement);

const attribute = (node: XmlElement, name: string): string => node.attr(name)?.value ?? '';

/** A QName in an attribute, with the prefix resolved. */
function qualified(node: XmlElement, name: string): string {
  return expanded(node, attribute(node, name));
}

function expanded(node: XmlElement, name: string): string {
  const [prefix = '', local] = name.includes(':') ? name.split(':') : ['', name];
  return `{${node.namespaceForPrefix(prefix)}}${local}`;
}

function wsdlLines(document: XmlDocument): string[] {
  const lines = [`targetNamespace ${attribute(document.root, 'targetNamespace')}`];
  for (const message of elements(document, '/w:definitions/w:message')) {
    const parts = elements(message, 'w:part').map((part) => `${attribute(part, 'name')} ${qualified(part, 'element')}`);
    lines.push(`message ${attribute(message, 'name')}: ${parts.join(', ')}`);
  }
  for (const port of elements(document, '/w:definitions/w:portType')) {
    for (const operation of elements(port, 'w:operation')) {
      const parts = elements(operation, 'w:input | w:output | w:fault').map(
        (part) => `${part.name} ${qualified(part, 'message')}`,
      );
      lines.push(`${attribute(port, 'name')}.${attribute(operation, 'name')}: ${parts.join(', ')}`);
    }
  }
  for (const binding of elements(document, '/w:definitions/w:binding')) lines.push(...bindingLines(binding));
  return lines.sort();
}

function bindingLines(binding: XmlElement): string[] {
  const name = attribute(binding, 'name');
  const soap = elements(binding, 'soap:binding').map((b) => `${attribute(b, 'style')} ${attribute(b, 'transport')}`);
  return [
    `binding ${name}: ${qualified(binding, 'type')} ${soap.join()}`,
    ...elements(binding, 'w:operation').map((operation) => {
      const action = elements(operation, 'soap:operation').map((o) => `soapAction "${attribute(o, 'soapAction')}"`);
      const uses = elements(operation, './/soap:body | .//soap:fault').map((part) => attribute(part, 'use'));
      return `${name}.${attribute(operation, 'name')}: ${[...action, ...uses].join(' ')}`;
    }),
  ];
}

const QNAMES = new Set(['type', 'base', 'ref']);
const DEFAULTS: Readonly<Record<string, string>> = {
  minOccurs: '1',
  maxOccurs: '1',
  use: 'optional',
  mixed: 'false',
  processContents: 'strict',
};
/** Order means nothing between these nor in a choice, and everything between all others. */
const UNORDERED = /^(length|minLength|maxLength|pattern|m(in|ax)(In|Ex)clusive|enumeration)/;

function schemasOf(document: XmlDocument): Map<string, string[]> {
  const schemas = new Map<string, string[]>();
  for (const schema of elements(document, '//xs:schema')) {
    const namespace = attribute(schema, 'targetNamespace');
    const form = attribute(schema, 'elementFormDefault') || 'unqualified';
    const declarations = elements(schema, 'xs:element | xs:complexType | xs:simpleType').map(
      (node) => `${form} ${schemaText(node)}`,
    );
    if (declarations.length > 0) {
      schemas.set(namespace, [...(schemas.get(namespace) ?? []), ...declarations].sort());
    }
  }
  return schemas;
}

/** A part of a schema as text in which only meaning is left. */
function schemaText(node: XmlElement): string {
  const attributes = node.attrs
    .filter(({ name, value }) => DEFAULTS[name] !== value && name !== 'version')
    .map(({ name, value }) => `${name}=${QNAMES.has(name) ? expanded(node, value) : value}`)
    .sort();
  const isAny = node.name === 'any' && !attributes.some((text) => text.startsWith('namespace='));
  const parts = elements(node, 'xs:*[not(self::xs:annotation)]').map(schemaText);
  const children = node.name === 'choice' || parts.every((part) => UNORDERED.test(part)) ? parts.sort() : parts;
  const shown = [...attributes, ...(isAny ? ['namespace=##any'] : [])].sort();
  // an empty sequence allows what no content model at all allows
  return `${node.name}(${shown.join(' ')})[${children.filter((part) => part !== 'sequence()[]').join(' ')}]`;
}
