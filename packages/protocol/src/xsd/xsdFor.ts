import { CONTRACT_SCHEMAS } from '../contract/index.ts';
import type { Schema } from '../notation/schema.ts';
import { writeSchema } from './writeSchema.ts';

/** Where one schema finds another, relative to itself. */
export type Locate = (schema: Schema) => string;

/** Relative to any address that ends in `?wsdl` or `?xsd=…`: only the query is replaced (RFC 3986, 5.2.2). */
export const servedLocation: Locate = ({ fileName }) => `?xsd=${fileName}`;

/**
 * The XSD of one of the contract's namespaces; undefined if it has no such namespace.
 *
 * @param locate where imported schemas lie; default as they are served, `?xsd=Name`
 */
export function xsdFor(namespace: string, locate: Locate = servedLocation): string | undefined {
  const schema = CONTRACT_SCHEMAS.find((candidate) => candidate.namespace === namespace);
  return schema === undefined ? undefined : writeSchema(schema, locate);
}

/** What is served at `?xsd=name`; undefined if there is no such schema. */
export function xsdNamed(name: string): string | undefined {
  const schema = CONTRACT_SCHEMAS.find((candidate) => candidate.fileName === name);
  return schema === undefined ? undefined : writeSchema(schema, servedLocation);
}
