import { CONTRACT_SCHEMAS } from '../src/index.ts';
import { Schema } from '../src/notation/index.ts';
import { compileValidator, type Validator } from '../src/xsd/contractValidator.ts';
import { writeSchema, XSD_NAMESPACE } from '../src/xsd/writeSchema.ts';
import { officialXsdPaths, readShared } from './contractShared.ts';

const BASE = 'official-contract/';

/** An element for every named type of the contract, so that also those which no element has can be tried. */
export const probeSchema = new Schema({ namespace: 'urn:brevduva:probe', fileName: 'probe', prefix: 'probe' });
for (const schema of CONTRACT_SCHEMAS) {
  for (const type of schema.types) probeSchema.element(`${schema.prefix}.${type.typeName?.name}`, type);
}

/** The official schemas, with Authority's inline one, whose one outdated type name is put right (PROVENANCE.txt). */
export function officialValidator(): Validator {
  const paths = officialXsdPaths();
  const documents = Object.fromEntries(paths.map((path) => [BASE + path, readShared(`contract/${path}`).toString()]));
  const wsdl = readShared('contract/Authority.wsdl').toString();
  const inline = /<xsd:schema[\s\S]*<\/xsd:schema>/.exec(wsdl)?.[0] ?? '';
  documents[`${BASE}Authority.inline.xsd`] = inline
    .replace('<xsd:schema', '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"')
    .replace('xsdauthority:PersonalNumber', 'xsdauthority:SignatoryId');
  const locations = new Map(
    [...paths, 'Authority.inline.xsd'].map((path) => [targetOf(documents[BASE + path] ?? ''), path]),
  );
  documents[`${BASE}probe.xsd`] = writeSchema(probeSchema, ({ namespace }) => locations.get(namespace) ?? namespace);
  return compileWith(BASE, documents, [...locations, [probeSchema.namespace, 'probe.xsd']]);
}

/** Our own schemas with the same elements for types. */
export function probedValidator(): Validator {
  const base = 'probed-contract/';
  const locate = ({ fileName }: Schema) => `${fileName}.xsd`;
  const schemas = [...CONTRACT_SCHEMAS, probeSchema];
  const documents = Object.fromEntries(schemas.map((schema) => [base + locate(schema), writeSchema(schema, locate)]));
  return compileWith(
    base,
    documents,
    schemas.map((schema) => [schema.namespace, locate(schema)]),
  );
}

const targetOf = (schema: string): string => /targetNamespace="([^"]*)"/.exec(schema)?.[1] ?? '';

function compileWith(
  base: string,
  documents: Readonly<Record<string, string>>,
  imports: Iterable<readonly [namespace: string, location: string]>,
): Validator {
  const root = `${base}all.xsd`;
  const lines = [...imports].map(
    ([namespace, path]) => `<xs:import namespace="${namespace}" schemaLocation="${path}"/>`,
  );
  const all = `<xs:schema xmlns:xs="${XSD_NAMESPACE}">${lines.join('')}</xs:schema>`;
  return compileValidator({ ...documents, [root]: all }, root);
}
