import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { CONTRACT_SERVICES, recipientService, wsdlFor } from '../src/index.ts';
import { readShared, sharedTest } from './contractShared.ts';

const NAMESPACES = {
  w: 'http://schemas.xmlsoap.org/wsdl/',
  soap: 'http://schemas.xmlsoap.org/wsdl/soap/',
};

const elements = (from: XmlDocument | XmlElement, path: string): XmlElement[] =>
  from.find(path, NAMESPACES).filter((node) => node instanceof XmlElement);

const attribute = (node: XmlElement, name: string): string => node.attr(name)?.value ?? '';

/** A QName in an attribute, with the prefix resolved. */
function qualified(node: XmlElement, name: string): string {
  const [prefix = '', local = ''] = attribute(node, name).split(':');
  return `{${node.namespaceForPrefix(prefix)}}${local}`;
}

/** All that a client reads from a WSDL, without its prefixes and layout. */
function meaningOf(wsdl: XmlDocument) {
  const root = wsdl.root;
  return {
    name: attribute(root, 'name'),
    namespace: attribute(root, 'targetNamespace'),
    messages: Object.fromEntries(
      elements(wsdl, '/w:definitions/w:message').map((message) => [
        attribute(message, 'name'),
        elements(message, 'w:part').map((part) => `${attribute(part, 'name')} ${qualified(part, 'element')}`),
      ]),
    ),
    portTypes: elements(wsdl, '//w:portType').map((port) => ({
      name: attribute(port, 'name'),
      operations: elements(port, 'w:operation').map((operation) => [
        attribute(operation, 'name'),
        ...elements(operation, 'w:input | w:output | w:fault').map(
          (part) => `${part.name} ${attribute(part, 'name')} ${qualified(part, 'message')}`,
        ),
      ]),
    })),
    bindings: elements(wsdl, '//w:binding').map((binding) => ({
      name: attribute(binding, 'name'),
      type: qualified(binding, 'type'),
      style: elements(binding, 'soap:binding').map((b) => [attribute(b, 'style'), attribute(b, 'transport')]),
      operations: elements(binding, 'w:operation').map((operation) => [
        attribute(operation, 'name'),
        ...elements(operation, './/soap:operation').map((o) => `soapAction "${o.attr('soapAction')?.value}"`),
        ...elements(operation, './/soap:body | .//soap:fault').map(
          (part) => `${part.parent?.name} ${attribute(part, 'name')} ${attribute(part, 'use')}`,
        ),
      ]),
    })),
    services: elements(wsdl, '//w:service').map((service) => ({
      name: attribute(service, 'name'),
      ports: elements(service, 'w:port').map((port) => [
        attribute(port, 'name'),
        qualified(port, 'binding'),
        ...elements(port, 'soap:address').map((address) => attribute(address, 'location')),
      ]),
    })),
  };
}

const meaning = (text: string) => {
  const document = XmlDocument.fromString(text);
  try {
    return meaningOf(document);
  } finally {
    document.dispose();
  }
};

for (const service of CONTRACT_SERVICES) {
  sharedTest(`the WSDL of ${service.name} means the same as the official one`, () => {
    const official = meaning(readShared(`contract/${service.name}.wsdl`).toString());
    const address = official.services[0]?.ports[0]?.[2] ?? '';
    assert.match(address, /^http:\/\/minameddelanden\.gov\.se\//);
    assert.deepEqual(meaning(wsdlFor(service, address)), official);
  });
}

test('the contract has 28 operations', () => {
  const count = CONTRACT_SERVICES.reduce((sum, { operations }) => sum + Object.keys(operations).length, 0);
  assert.equal(count, 28);
});

test('the address is escaped', () => {
  const { services } = meaning(wsdlFor(recipientService, 'https://localhost/a?b="1"&c=2'));
  assert.equal(services[0]?.ports[0]?.[2], 'https://localhost/a?b="1"&c=2');
});
