import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
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

const declared = (xsd: XmlDocument): string[] => {
  const namespace = xsd.root.attr('targetNamespace')?.value;
  const xs = { xs: 'http://www.w3.org/2001/XMLSchema' };
  return xsd
    .find('/xs:schema/xs:element/@name | /xs:schema/xs:complexType/@name | /xs:schema/xs:simpleType/@name', xs)
    .map((node) => `${namespace} ${node.content}`);
};

const declaredIn = (texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => {
      const document = XmlDocument.fromString(text);
      try {
        return declared(document);
      } finally {
        document.dispose();
      }
    })
    .sort();

sharedTest('the schemas declare exactly the official elements and types', () => {
  const official = officialXsdPaths().map((path) => readShared(`contract/${path}`).toString());
  const inline = /<xsd:schema[\s\S]*<\/xsd:schema>/.exec(readShared('contract/Authority.wsdl').toString())?.[0] ?? '';
  const ownInline = inline.replace('<xsd:schema', '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"');
  // UBL's common parts document the code list; nothing in the contract can carry them
  const expected = declaredIn([...official, ownInline]).filter((name) => !/CoreComponent|CurrencyCodeType$/.test(name));
  const ours = declaredIn(CONTRACT_SCHEMAS.map(({ namespace }) => xsdFor(namespace) ?? ''));
  assert.deepEqual(ours, expected);
});
