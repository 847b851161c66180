import assert from 'node:assert/strict';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import type { GlobalElement } from '../src/index.ts';
import { CONTRACT_SCHEMAS, contractValidator, decodeGlobalElement, encodeGlobalElement } from '../src/index.ts';
import { canonicalXml } from '../src/xml/canonicalXml.ts';
import { exampleNames, readShared, sharedTest } from './contractShared.ts';

const elementNamed = (node: XmlElement): GlobalElement | undefined =>
  CONTRACT_SCHEMAS.find(({ namespace }) => namespace === node.namespaceUri)?.elements.find(
    ({ name }) => name === node.name,
  );

/** What a SOAP message carries: the child of the body, or a fault's detail. */
function payloadOf(document: XmlDocument): XmlElement {
  const node = document.get("//*[local-name()='Body']/*[local-name()!='Fault'] | //detail/*");
  assert.ok(node instanceof XmlElement);
  return node;
}

function assertSurvives(name: string): void {
  const document = XmlDocument.fromBuffer(readShared(`examples/${name}`));
  try {
    const payload = payloadOf(document);
    const element = elementNamed(payload);
    assert.ok(element, `${name}: no element ${payload.name} in the contract`);
    assert.deepEqual(contractValidator().validate(payload), [], name);
    // canonical text is equal if and only if the documents are equal but for their prefixes
    assert.equal(encodeGlobalElement(element, decodeGlobalElement(payload, element)), canonicalXml(payload), name);
  } finally {
    document.dispose();
  }
}

sharedTest('every example envelope is valid, decodes, and encodes to the same document', () => {
  const names = exampleNames();
  for (const name of names) assertSurvives(name);
  assert.ok(names.length >= 60, `only ${names.length} examples`);
});

sharedTest('the real delivery of 2023 is read as it was written', () => {
  const document = XmlDocument.fromBuffer(readShared('examples/real-deliverSecure-kivra-ews-2023.xml'));
  try {
    const payload = payloadOf(document);
    const element = elementNamed(payload);
    assert.ok(element);
    const { deliverSecure } = decodeGlobalElement(payload, element) as {
      deliverSecure: { Seal: unknown; SignedDelivery: { Delivery: { Header: unknown } } };
    };
    assert.deepEqual(deliverSecure.Seal, { ReceivedTime: '2023-10-11+02:00', SignaturesOK: true });
  } finally {
    document.dispose();
  }
});
