import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import {
  authorityMessages,
  ContractFault,
  checkGlobalElement,
  contractFault,
  decodeApplicationFault,
  decodeBase64,
  decodeElement,
  decodeGlobalElement,
  EncodeFault,
  encodeApplicationFault,
  encodeElement,
  encodeElementBytes,
  encodeFragment,
  encodeGlobalElement,
  encodeGlobalElementBytes,
  FAULTS,
  invoiceSchema,
  messageSchema,
  messageV3Schema,
  recipientSchema,
  recipientV3Schema,
  type SecureDelivery,
  serviceV3Schema,
  XmlFragment,
  xmldsigSchema,
} from '../src/index.ts';

const MESSAGE = 'http://minameddelanden.gov.se/schema/Message';
const MESSAGE_V3 = 'http://minameddelanden.gov.se/schema/Message/v3';
const RECIPIENT_V3 = 'http://minameddelanden.gov.se/schema/Recipient/v3';
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';

function withRoot<T>(xml: string, read: (root: XmlDocument['root']) => T): T {
  const document = XmlDocument.fromString(xml);
  try {
    return read(document.root);
  } finally {
    document.dispose();
  }
}

const refused = (code: number, description: string) => (error: unknown) => {
  assert.ok(error instanceof ContractFault);
  assert.equal(error.errorCode, code);
  assert.equal(error.description, description);
  return true;
};

const delivery: SecureDelivery = {
  Header: { Sender: { Id: '162021004748', Name: 'Kommun A & B' }, Recipient: '192705178354' },
  Message: [
    {
      Header: {
        Id: 'a',
        Subject: 'Å < "b" > \r\n\t&',
        Supportinfo: { Text: '' },
        Metadata: [],
        Language: 'svSE',
      },
      Body: { ContentType: 'text/plain', Body: Buffer.from('Hej') },
      Attachment: [],
    },
  ],
};

test('what is written is canonical and has no prefixes: it is the form that is hashed (FACTS e.3)', () => {
  const xml = encodeElement({ namespace: MESSAGE_V3, name: 'Delivery' }, messageV3Schema.SecureDelivery, delivery);
  assert.equal(
    xml,
    `<Delivery xmlns="${MESSAGE_V3}"><Header><Sender xmlns="${MESSAGE}/v2">` +
      '<Id xmlns="http://minameddelanden.gov.se/schema/Sender">162021004748</Id>' +
      '<Name xmlns="http://minameddelanden.gov.se/schema/Sender">Kommun A &amp; B</Name></Sender>' +
      `<Recipient xmlns="${MESSAGE}/v2">192705178354</Recipient></Header>` +
      '<Message><Header><Id>a</Id><Subject>Å &lt; "b" &gt; &#xD;\n\t&amp;</Subject>' +
      '<Supportinfo><Text></Text></Supportinfo><Language>svSE</Language></Header>' +
      `<Body><ContentType xmlns="${MESSAGE}">text/plain</ContentType><Body xmlns="${MESSAGE}">SGVq</Body></Body>` +
      '</Message></Delivery>',
  );
  withRoot(xml, (root) => {
    assert.equal(root.doc.canonicalizeToString(), xml);
    assert.deepEqual(decodeElement(root, messageV3Schema.SecureDelivery), delivery);
  });
});

test('bytes are the same as the text, however large the attachments', () => {
  const name = { namespace: MESSAGE_V3, name: 'Delivery' };
  const [message] = delivery.Message;
  assert.ok(message);
  for (const sizes of [[], [10], [100_000], [5000, 3, 200_000], [3072, 3071, 3073]]) {
    const attachments = sizes.map((size, at) => ({
      ContentType: 'application/pdf',
      Body: Buffer.alloc(size, at + 250),
      Checksum: '–',
      Filename: `brev – ${at} 💌.pdf`,
    }));
    const value: SecureDelivery = { ...delivery, Message: [{ ...message, Attachment: attachments }, message] };
    const text: string = encodeElement(name, messageV3Schema.SecureDelivery, value);
    assert.deepEqual(encodeElementBytes(name, messageV3Schema.SecureDelivery, value), Buffer.from(text));
  }
  const answer = { return: [] };
  assert.equal(
    encodeGlobalElementBytes(recipientV3Schema.isReachableResponse, answer).toString(),
    encodeGlobalElement(recipientV3Schema.isReachableResponse, answer),
  );
});

test('the mark for a large part can come from no value', () => {
  const name = { namespace: MESSAGE, name: 'Attachment' };
  const value = { ContentType: 'x', Body: Buffer.alloc(10_000), Checksum: 'x', Filename: '\uFFFF' };
  assert.throws(() => encodeElementBytes(name, messageSchema.Attachment, value), {
    name: 'EncodeFault',
    message: 'Attachment/Filename: the text has a character that XML 1.0 does not allow',
  });
});

test('prefixes never matter when reading', () => {
  const xml = `<x:isReachable xmlns:x="${RECIPIENT_V3}"><y:senderOrgNr xmlns:y="${RECIPIENT_V3}">162021004748</y:senderOrgNr></x:isReachable>`;
  const value = withRoot(xml, (root) => decodeGlobalElement(root, recipientV3Schema.isReachable));
  assert.deepEqual(value, { senderOrgNr: '162021004748', recipientId: [] });
});

test('ready XML is spliced in as it stands, without the declaration that its place makes redundant', () => {
  const name = { namespace: MESSAGE_V3, name: 'Delivery' };
  const fragment = encodeFragment(name, messageV3Schema.SecureDelivery, delivery);
  const signature = new XmlFragment(SIGNATURE, 'Signature', `<Signature xmlns="${SIGNATURE}"></Signature>`);
  const xml = encodeElement({ namespace: MESSAGE_V3, name: 'SignedDelivery' }, messageV3Schema.SignedDelivery, {
    Id: 'x"1',
    Delivery: fragment,
    Signature: signature,
  });
  const inner = fragment.xml.replace(` xmlns="${MESSAGE_V3}"`, '');
  assert.equal(
    xml,
    `<SignedDelivery xmlns="${MESSAGE_V3}" Id="x&quot;1">${inner}<Signature xmlns="${SIGNATURE}"></Signature></SignedDelivery>`,
  );
});

test('a fragment of another element is refused', () => {
  const seal = new XmlFragment(MESSAGE_V3, 'Sael', `<Sael xmlns="${MESSAGE_V3}"></Sael>`);
  const write = () =>
    encodeElement({ namespace: MESSAGE_V3, name: 'SealedDelivery' }, messageV3Schema.SealedDelivery, {
      SignedDelivery: seal,
      Seal: { ReceivedTime: '2026-01-15', SignaturesOK: true },
      Signature: seal,
    });
  assert.throws(write, {
    name: 'EncodeFault',
    message: 'SealedDelivery/SignedDelivery: a fragment of Sael stands where SignedDelivery is expected',
  });
});

const OFFICIAL_MATTER = { namespace: MESSAGE_V3, name: 'OfficialMatter' };

test('foreign content survives, text with attributes too', () => {
  const invoice = encodeGlobalElement(invoiceSchema.Invoice, {
    DueDate: '2026-12-31',
    Amount: { content: 12_450n, CurrencyCode: 'SEK' },
    AccountMethod: 'BG',
    AccountNumber: '123-4567',
  });
  const any = [new XmlFragment(invoiceSchema.invoiceSchema.namespace, 'Invoice', invoice)];
  const xml = encodeElement(OFFICIAL_MATTER, messageV3Schema.OfficialMatter, { any });
  const value = withRoot(xml, (root) => decodeElement(root, messageV3Schema.OfficialMatter));
  assert.deepEqual(value, { any });
  const amount = withRoot(value.any?.[0]?.xml ?? '', (root) => decodeGlobalElement(root, invoiceSchema.Invoice).Amount);
  assert.deepEqual(amount, { content: 12_450n, CurrencyCode: 'SEK' });
});

test('of a choice only one alternative can be written', () => {
  const both = { any: [], OfficialMatterExtension: { Timestamp: '2026-01-15' } };
  assert.throws(() => encodeElement(OFFICIAL_MATTER, messageV3Schema.OfficialMatter, both), {
    name: 'EncodeFault',
    message: 'OfficialMatter: only one of the alternatives may be set',
  });
});

test('a value that does not fit its type is refused with its path and never quoted', () => {
  const write = (value: unknown) => () => encodeGlobalElement(recipientV3Schema.isReachable, value as never);
  const cases: [unknown, string][] = [
    [{ recipientId: [] }, 'isReachable/senderOrgNr: the element is missing'],
    [
      { senderOrgNr: 'SECRET\u0001', recipientId: [] },
      'isReachable/senderOrgNr: the text has a character that XML 1.0 does not allow',
    ],
    [
      { senderOrgNr: 'SECRET\ud800', recipientId: [] },
      'isReachable/senderOrgNr: the text has a character that XML 1.0 does not allow',
    ],
    [{ senderOrgNr: 16, recipientId: [] }, 'isReachable/senderOrgNr: a string is expected'],
    [{ senderOrgNr: 'x', recipientId: 'SECRET' }, 'isReachable/recipientId: an array is expected'],
    [
      { senderOrgNr: 'x', recipientId: Array(1001).fill('x') },
      'isReachable/recipientId: 1001 elements, allowed are 0 to 1000',
    ],
    ['SECRET', 'isReachable: an object is expected'],
  ];
  for (const [value, message] of cases) assert.throws(write(value), { name: 'EncodeFault', message });
  assert.throws(write({}), EncodeFault);
});

test('characters outside the basic plane are written as they are', () => {
  const name = { namespace: MESSAGE, name: 'MetaData' };
  const value = { Tag: '💌', Value: 'x' };
  const xml = encodeElement(name, messageSchema.MetaData, value);
  assert.equal(xml, `<MetaData xmlns="${MESSAGE}"><Tag>💌</Tag><Value>x</Value></MetaData>`);
  assert.deepEqual(
    withRoot(xml, (root) => decodeElement(root, messageSchema.MetaData)),
    value,
  );
});

const body = (base64: string) =>
  `<Body xmlns="${MESSAGE}"><ContentType>text/plain</ContentType><Body>${base64}</Body></Body>`;

test('base64 is read strictly, which libxml2 does not do (tech.md 5)', () => {
  for (const good of ['', 'SGVq', ' SGVq\n', 'SG Vq', 'SGV\r\n q', 'SGU=', 'SA==', 'SA= =']) {
    const value = withRoot(body(good), (root) => decodeElement(root, messageSchema.MessageBody));
    assert.equal(value.Body.toString('base64'), good.replace(/\s/g, ''), JSON.stringify(good));
  }
  for (const bad of [
    '!!!!',
    'SGV',
    'SGVq=',
    'SGU',
    'SGV=',
    'SB==',
    'S===',
    'SG-_',
    'SGVqSGVq=',
    '=',
    'SA==SGVq',
    'ÅÄÖ=',
  ]) {
    assert.throws(
      () => withRoot(body(bad), (root) => decodeElement(root, messageSchema.MessageBody)),
      refused(5001, 'Invalid input: Body/Body is not valid base64'),
      bad,
    );
    assert.throws(() => decodeBase64(bad), { name: 'ValueFault', message: 'not valid base64' });
  }
});

test('half a megabyte of broken base64 is found too', () => {
  const good = Buffer.alloc(375_000, 7).toString('base64');
  const bad = `${good.slice(0, 250_000)}*${good.slice(250_001)}`;
  assert.throws(
    () => withRoot(body(bad), (root) => decodeElement(root, messageSchema.MessageBody)),
    refused(5001, 'Invalid input: Body/Body is not valid base64'),
  );
});

test('simple values are read with the white space rules of their types', () => {
  const seal = (time: string, ok: string) =>
    withRoot(
      `<Seal xmlns="${MESSAGE}"><ReceivedTime>${time}</ReceivedTime><SignaturesOK>${ok}</SignaturesOK></Seal>`,
      (root) => decodeElement(root, messageSchema.Seal),
    );
  assert.deepEqual(seal(' 2023-10-11+02:00\n', '\t1 '), { ReceivedTime: '2023-10-11+02:00', SignaturesOK: true });
  assert.deepEqual(seal('2026-01-15', 'false'), { ReceivedTime: '2026-01-15', SignaturesOK: false });
  assert.throws(() => seal('2026-01-15', 'ja'), refused(5001, 'Invalid input: Seal/SignaturesOK is not true or false'));
});

test('a document that no schema has judged is refused too, with the path and without values', () => {
  const read = (inner: string) => () =>
    withRoot(`<isReachable xmlns="${RECIPIENT_V3}">${inner}</isReachable>`, (root) =>
      decodeGlobalElement(root, recipientV3Schema.isReachable),
    );
  const sender = '<senderOrgNr>162021004748</senderOrgNr>';
  assert.throws(read(''), refused(5001, 'Invalid input: isReachable/senderOrgNr is missing'));
  assert.throws(read(sender + sender), refused(5001, 'Invalid input: isReachable/senderOrgNr occurs twice'));
  assert.throws(read(`${sender}<x>SECRET</x>`), refused(5001, 'Invalid input: isReachable/x is not expected'));
  assert.throws(
    read(`${sender}<recipientId xmlns="urn:x">SECRET</recipientId>`),
    refused(5001, 'Invalid input: isReachable/recipientId is not expected'),
  );
  assert.throws(
    read(sender + '<recipientId>1</recipientId>'.repeat(1001)),
    refused(5005, 'Max exceeded: isReachable/recipientId occurs more than 1000 times'),
  );
  assert.throws(
    () => withRoot('<x/>', (root) => decodeGlobalElement(root, serviceV3Schema.deliverSecure)),
    refused(5001, 'Invalid input: deliverSecure is expected'),
  );
});

test("Authority's parameters are written in no namespace and read either way (FACTS b.1)", () => {
  const value = { arg0: '162021004748' };
  const xml = encodeGlobalElement(authorityMessages.isSenderAccepted, value);
  const outer = '<isSenderAccepted xmlns="http://minameddelanden.gov.se/Authority">';
  assert.equal(xml, `${outer}<arg0 xmlns="">162021004748</arg0></isSenderAccepted>`);
  for (const wire of [xml, xml.replace(' xmlns=""', '')]) {
    assert.deepEqual(
      withRoot(wire, (root) => decodeGlobalElement(root, authorityMessages.isSenderAccepted)),
      value,
    );
  }
  const wrong = xml.replace('xmlns=""', 'xmlns="urn:x"');
  assert.throws(
    () => withRoot(wrong, (root) => decodeGlobalElement(root, authorityMessages.isSenderAccepted)),
    refused(5001, 'Invalid input: isSenderAccepted/arg0 is not expected'),
  );
});

test('a comment inside a value joins what stands around it, as it does for the schema', () => {
  const xml = `<isReachable xmlns="${RECIPIENT_V3}"><senderOrgNr>162021<!-- x -->004748</senderOrgNr></isReachable>`;
  const value = withRoot(xml, (root) => decodeGlobalElement(root, recipientV3Schema.isReachable));
  assert.equal(value.senderOrgNr, '162021004748');
});

test('a comment in XML that is kept as it stands is refused', () => {
  const xml = `<Signature xmlns="${SIGNATURE}"><!-- x --></Signature>`;
  assert.throws(() => withRoot(xml, (root) => decodeGlobalElement(root, xmldsigSchema.Signature)), {
    name: 'ContractFault',
    errorCode: 5001,
    description: 'Invalid input: Signature is not allowed: comments are not allowed here',
  });
});

test('the v3 fault goes out and comes back (FACTS b.9)', () => {
  const callId = '6f549beb-f884-4b3d-82e8-beff2e01d863';
  const xml = encodeApplicationFault(contractFault('ACCESS_DENIED'), callId);
  assert.equal(
    xml,
    '<applicationFault xmlns="http://minameddelanden.gov.se/schema/Common/v3"><ErrorCode>5002</ErrorCode>' +
      `<Description>Access denied</Description><CallId>${callId}</CallId></applicationFault>`,
  );
  const fault = withRoot(xml, decodeApplicationFault);
  assert.equal(fault.errorCode, 5002);
  assert.equal(fault.description, 'Access denied');
  assert.equal(fault.callId, callId);
});

test('the fault table has the codes of FACTS b.9, all within what the schema allows', () => {
  const codes = Object.values(FAULTS).map(({ code }) => code);
  assert.ok(codes.every((code) => code > 0 && code < 9999));
  assert.equal(FAULTS.MAX_EXCEEDED.code, 5005);
  assert.equal(FAULTS.DISPATCHER_NOT_APPROVED.code, 6005);
  assert.equal(
    contractFault('UNKNOWN_SENDER', 'unknown').description,
    'Sender is not registered as authorized sender: unknown',
  );
});

test('what cannot change is written and checked once, and says the same as what can', () => {
  const { isRegisteredResponse } = recipientV3Schema;
  const supplier = {
    Id: '165568402266',
    Name: 'Brevlådan & Co',
    ServiceAdress: 'https://mailbox.example/service/v3',
    InternalServiceAdress: '',
  };
  const answer = (ServiceSupplier: typeof supplier) => ({
    return: ['192705178354', '198101032384'].map((RecipientId) => ({
      ...{ RecipientId, Type: 'Secure' as const, Pending: false, ServiceSupplier },
    })),
  });
  const frozen = answer(Object.freeze({ ...supplier }));
  const xml = encodeGlobalElement(isRegisteredResponse, answer(supplier));
  for (const time of ['first', 'second']) {
    assert.equal(encodeGlobalElement(isRegisteredResponse, frozen), xml, time);
    checkGlobalElement(isRegisteredResponse, frozen);
  }
  // the same object in an element of another namespace, or of another name, is written anew
  const type = recipientSchema.ServiceSupplier;
  const place = { namespace: 'http://minameddelanden.gov.se/schema/Recipient', name: 'Other' };
  const [given] = frozen.return;
  assert.ok(given !== undefined);
  assert.match(encodeElement(place, type, given.ServiceSupplier), /^<Other xmlns="[^"]*\/Recipient"><Id>/);
  const changed = { ...supplier };
  const before = encodeGlobalElement(isRegisteredResponse, answer(changed));
  changed.Name = 'Annat namn';
  assert.notEqual(encodeGlobalElement(isRegisteredResponse, answer(changed)), before);
  const wrong = answer(Object.freeze({ ...supplier, Id: 'nummer' }));
  for (const time of ['first', 'second']) {
    assert.throws(
      () => checkGlobalElement(isRegisteredResponse, wrong),
      /return\/ServiceSupplier\/Id: shorter than 12 characters/,
      time,
    );
  }
});
