import {
  XmlBufferInputProvider,
  XmlDocument,
  type XmlElement,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { CONTRACT_SCHEMAS } from '../contract/index.ts';
import type { Schema } from '../notation/schema.ts';
import { writeSchema, XSD_NAMESPACE } from './writeSchema.ts';

/** One thing that is wrong with a document. The message never quotes the document's values. */
export interface SchemaFault {
  /** Line in the parsed document, from 1; 0 if unknown. */
  readonly line: number;
  readonly message: string;
}

export interface Validator {
  /** All faults of a document or of one of its elements (a SOAP body's child); empty if it is valid. */
  validate(what: XmlDocument | XmlElement): SchemaFault[];
}

/** The generated XSDs, compiled once per process (tech.md 5: 25 ms). */
export function contractValidator(): Validator {
  shared ??= compileContract();
  return shared;
}

/**
 * A validator of schema documents that import each other. They are given by name; `root` is the one to start from.
 *
 * The names must be unique in the process: libxml2 has one list of input providers, and nothing is ever taken out of
 * it, because that would remove the providers of others.
 *
 * @throws XmlLibError if the schemas do not compile
 */
export function compileValidator(documents: Readonly<Record<string, string>>, root: string): Validator {
  const buffers = Object.fromEntries(Object.entries(documents).map(([name, text]) => [name, Buffer.from(text)]));
  xmlRegisterInputProvider(new XmlBufferInputProvider(buffers));
  const source = XmlDocument.fromBuffer(buffers[root] ?? Buffer.alloc(0), { url: root });
  try {
    const xsd = XsdValidator.fromDoc(source);
    return { validate: (what) => validate(xsd, what) };
  } finally {
    source.dispose();
  }
}

let shared: Validator | undefined;

const BASE = 'brevduva-contract/';
const fileOf = ({ fileName }: Schema): string => `${fileName}.xsd`;

function compileContract(): Validator {
  const documents: Record<string, string> = {};
  for (const schema of CONTRACT_SCHEMAS) documents[BASE + fileOf(schema)] = writeSchema(schema, fileOf);
  const root = `${BASE}all.xsd`;
  documents[root] = [
    `<xs:schema xmlns:xs="${XSD_NAMESPACE}">`,
    ...CONTRACT_SCHEMAS.map((s) => `<xs:import namespace="${s.namespace}" schemaLocation="${fileOf(s)}"/>`),
    '</xs:schema>',
  ].join('\n');
  return compileValidator(documents, root);
}

function validate(xsd: XsdValidator, what: XmlDocument | XmlElement): SchemaFault[] {
  try {
    // two overloads, one implementation: the compiler must be told which
    if (what instanceof XmlDocument) xsd.validate(what);
    else xsd.validate(what);
    return [];
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    return error.details.map(({ line, message }) => ({ line, message: withoutValues(message.trim()) }));
  }
}

/**
 * libxml2 quotes the refused value, which may be a personal number: `Element 'x': [facet 'pattern'] The value '1912…' is
 * not accepted …`. The value is greedily cut out, since it may hold quotation marks itself.
 */
const withoutValues = (message: string): string =>
  message.replace(/(: (?:\[facet '\w+'\] )?(?:The value )?)'[\s\S]*'(?= (?:is|has)\b)/, '$1…');
