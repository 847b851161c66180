import { compileValidator, type Validator } from '../src/xsd/contractValidator.ts';
import { officialXsdPaths, readShared } from './contractShared.ts';

const BASE = 'official-contract/';

/** The official schemas, with Authority's inline one, whose one outdated type name is put right (PROVENANCE.txt). */
export function officialValidator(): Validator {
  const paths = officialXsdPaths();
  const documents = Object.fromEntries(paths.map((path) => [BASE + path, readShared(`contract/${path}`).toString()]));
  const wsdl = readShared('contract/Authority.wsdl').toString();
  const inline = /<xsd:schema[\s\S]*<\/xsd:schema>/.exec(wsdl)?.[0] ?? '';
  documents[`${BASE}Authority.inline.xsd`] = inline
    .replace('<xsd:schema', '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"')
    .replace('xsdauthority:PersonalNumber', 'xsdauthority:SignatoryId');
  const imports = [...paths, 'Authority.inline.xsd'].map((path) => {
    const namespace = /targetNamespace="([^"]*)"/.exec(documents[BASE + path] ?? '')?.[1];
    return `<xs:import namespace="${namespace}" schemaLocation="${path}"/>`;
  });
  const root = `${BASE}all.xsd`;
  documents[root] = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xs:schema>`;
  return compileValidator(documents, root);
}
