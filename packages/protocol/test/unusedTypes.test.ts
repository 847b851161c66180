import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTRACT_SCHEMAS, CONTRACT_SERVICES, wsdlFor, xsdNamed } from '../src/index.ts';
import type { Type } from '../src/notation/types.ts';
import { resolve } from '../src/notation/types.ts';
import { itemsIn, modelOf, rootItem } from './restrictionModel.ts';

/** All types that the 28 operations can carry, foreign content aside. */
function usedTypes(): Set<Type> {
  const used = new Set<Type>();
  const add = (type: Type) => {
    if (used.has(type)) return;
    used.add(type);
    const { group, text, attributes } = modelOf(type);
    if (text !== undefined) used.add(text);
    for (const attribute of attributes) used.add(resolve(attribute.type));
    for (const item of group === undefined ? [] : itemsIn(group)) if (item.kind === 'element') add(item.type);
  };
  for (const { operations } of CONTRACT_SERVICES) {
    for (const { request, response, fault } of Object.values(operations)) {
      for (const element of [request, response, fault]) add(rootItem(element).type);
    }
  }
  return used;
}

/** What nothing of v3 uses and the official schemas still declare (FACTS b.2 to b.7, g, h). */
const LEFT_OVER = [
  'c:ErrorCodes',
  'c:Paging',
  'c2:IdentificationNumber',
  'm:SealedDelivery',
  'm:SimpleDelivery',
  'm:SupportInfo',
  'n:NotificationTypes',
  'r:AccountAgreement',
  'r:AccountContainer',
  'rc:Receipt',
  'rp:SealedReplyDelivery',
  'sv:MessageCount',
  'sv:Type',
];

test('the types that no operation uses any more are there, generated and served', () => {
  const used = usedTypes();
  const unused = CONTRACT_SCHEMAS.flatMap((schema) =>
    schema.types.filter((type) => !used.has(type)).map((type) => ({ schema, name: type.typeName?.name ?? '' })),
  );
  const names = unused.map(({ schema, name }) => `${schema.prefix}:${name}`);
  for (const name of LEFT_OVER) assert.ok(names.includes(name), name);
  for (const { schema, name } of unused) {
    const served = xsdNamed(schema.fileName) ?? '';
    assert.match(served, new RegExp(`<xs:(?:simple|complex)Type name="${name}"`), name);
  }
  assert.equal(unused.length, 36);
});

/** Nothing refers to them in the official edition either: an empty generation, and what stands in a wildcard (FACTS h). */
const STAND_ALONE = ['Service.v2', 'Invoice', 'CurrencyCode'];

test('every schema is served, and all but three are reached from some WSDL by its imports', () => {
  const reached = new Set<string>();
  const follow = (text: string) => {
    for (const [, name = ''] of text.matchAll(/schemaLocation="\?xsd=([^"]*)"/g)) {
      if (reached.has(name)) continue;
      reached.add(name);
      follow(xsdNamed(name) ?? '');
    }
  };
  for (const service of CONTRACT_SERVICES) follow(wsdlFor(service, 'https://localhost/'));
  const missing = CONTRACT_SCHEMAS.map(({ fileName }) => fileName).filter((name) => !reached.has(name));
  assert.deepEqual(missing, STAND_ALONE);
  for (const { fileName, namespace } of CONTRACT_SCHEMAS) {
    assert.ok(xsdNamed(fileName)?.includes(` targetNamespace="${namespace}"`), fileName);
  }
});
