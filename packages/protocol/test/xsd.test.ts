import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import { CONTRACT_SCHEMAS, contractValidator, recipientService, wsdlFor, xsdFor, xsdNamed } from '../src/index.ts';
import { officialXsdPaths, readShared, sharedTest } from './contractShared.ts';

const RECIPIENT_V3 = 'http://minameddelanden.gov.se/schema/Recipient/v3';

const judge = (xml: string) => {
  const document = XmlDocument.fromString(xml);
  try {
    return contractValidator().validate(document);
  } finally {
    document.dispose();
  }
};

test('a fault names line and rule, never the refused value', () => {
  const xml = `<isReachable xmlns="${RECIPIENT_V3}">
<senderOrgNr>162021004748</senderOrgNr>
<recipientId>19121212'1212</recipientId>
</isReachable>`;
  const faults = judge(xml);
  assert.equal(faults[0]?.line, 3);
  assert.match(faults[0]?.message ?? '', /recipientId': \[facet 'pattern'\] The value … is not accepted/);
  assert.doesNotMatch(JSON.stringify(faults), /19121212/);
});

test('values of every kind of fault stay out of the message', () => {
  const sender = '<senderOrgNr>162021004748</senderOrgNr>';
  const wrongs = [
    `<isReachable xmlns="${RECIPIENT_V3}"><senderOrgNr>SECRET</senderOrgNr></isReachable>`,
    `<isReachable xmlns="${RECIPIENT_V3}" a="SECRET">${sender}</isReachable>`,
    `<isReachable xmlns="${RECIPIENT_V3}">${sender}SECRET</isReachable>`,
    `<isReachable xmlns="${RECIPIENT_V3}">${sender}<recipientId Id="SECRET">19121212SECRET</recipientId></isReachable>`,
    `<isRegisteredResponse xmlns="${RECIPIENT_V3}"><return><Type xmlns="http://minameddelanden.gov.se/schema/Recipient">SECRET</Type></return></isRegisteredResponse>`,
    '<getDispatchers xmlns="http://minameddelanden.gov.se/Authority">SECRET</getDispatchers>',
    '<isSenderAcceptedResponse xmlns="http://minameddelanden.gov.se/Authority"><return xmlns="">SECRET</return></isSenderAcceptedResponse>',
  ];
  for (const xml of wrongs) {
    const faults = judge(xml);
    assert.notEqual(faults.length, 0, xml);
    assert.doesNotMatch(JSON.stringify(faults), /SECRET/, xml);
  }
});

test('1000 recipients may be asked for at once, 1001 not', () => {
  const ask = (count: number) =>
    `<isReachable xmlns="${RECIPIENT_V3}"><senderOrgNr>162021004748</senderOrgNr>${'<recipientId>191212121212</recipientId>'.repeat(count)}</isReachable>`;
  assert.deepEqual(judge(ask(1000)), []);
  assert.match(judge(ask(1001))[0]?.message ?? '', /This element is not expected/);
});

test('every schema is served under its name and refers only to schemas that are served', () => {
  for (const { fileName, namespace } of CONTRACT_SCHEMAS) {
    const xsd = xsdNamed(fileName);
    assert.ok(xsd);
    assert.equal(xsdFor(namespace), xsd);
    for (const [, location] of xsd.matchAll(/schemaLocation="\?xsd=([^"]*)"/g))
      assert.ok(xsdNamed(location ?? ''), location);
  }
  const wsdl = wsdlFor(recipientService, 'https://localhost/webservice/Recipient/v3');
  for (const [, location] of wsdl.matchAll(/schemaLocation="\?xsd=([^"]*)"/g))
    assert.ok(xsdNamed(location ?? ''), location);
  assert.equal(xsdNamed('../../etc/passwd'), undefined);
  assert.equal(xsdFor('urn:unknown'), undefined);
});

const XS = { xs: 'http://www.w3.org/2001/XMLSchema' };
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

/** A part of a schema as text in which only meaning is left: no prefixes, defaults, annotations or layout. */
function meaningOf(node: XmlElement): string {
  const attributes = node.attrs
    .filter(({ name, value }) => DEFAULTS[name] !== value && name !== 'version')
    .map(({ name, value }) => `${name}=${QNAMES.has(name) ? expanded(node, value) : value}`)
    .sort();
  if (node.name === 'any' && !attributes.some((text) => text.startsWith('namespace=')))
    attributes.push('namespace=##any');
  const parts = node.find('xs:*[not(self::xs:annotation)]', XS).map((child) => meaningOf(child as XmlElement));
  const children = node.name === 'choice' || parts.every((part) => UNORDERED.test(part)) ? parts.sort() : parts;
  // an empty sequence allows what no content model at all allows
  return `${node.name}(${attributes.sort().join(' ')})[${children.filter((part) => part !== 'sequence()[]').join(' ')}]`;
}

function expanded(node: XmlElement, name: string): string {
  const [prefix = '', local] = name.includes(':') ? name.split(':') : ['', name];
  return `{${node.namespaceForPrefix(prefix)}}${local}`;
}

const declarationsIn = (text: string): string[] => {
  const document = XmlDocument.fromString(text);
  try {
    const { root } = document;
    const form = root.attr('elementFormDefault')?.value ?? 'unqualified';
    const head = `${root.attr('targetNamespace')?.value} ${form} `;
    return root
      .find('xs:element | xs:complexType | xs:simpleType', XS)
      .map((node) => head + meaningOf(node as XmlElement));
  } finally {
    document.dispose();
  }
};

sharedTest('the schemas declare exactly what the official ones declare, down to every facet', () => {
  const official = officialXsdPaths().map((path) => readShared(`contract/${path}`).toString());
  const inline = /<xsd:schema[\s\S]*<\/xsd:schema>/.exec(readShared('contract/Authority.wsdl').toString())?.[0] ?? '';
  const whole = inline.replace('<xsd:schema', '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"');
  const renamed = whole.replace('xsdauthority:PersonalNumber', 'xsdauthority:SignatoryId'); // PROVENANCE.txt
  const expected = [...official, renamed]
    .flatMap(declarationsIn)
    // UBL's common parts only document the code list; nothing in the contract can carry them
    .filter((text) => !/CoreComponentParameters|name=CurrencyCodeType\b/.test(text));
  const ours = CONTRACT_SCHEMAS.flatMap(({ namespace }) => declarationsIn(xsdFor(namespace) ?? ''));
  assert.ok(ours.length > 200, `only ${ours.length} declarations`);
  assert.deepEqual(ours.sort(), expected.sort());
});
