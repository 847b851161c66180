/** Requests as old, foreign and odd clients write them, to every operation: read as what they mean (issue 3, FACTS b.1, e.1). */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import {
  CONTRACT_SERVICES,
  createSoapEndpoint,
  decodeGlobalElement,
  messageService,
  notificationService,
  type Operation,
  recipientService,
  type SoapEndpoint,
  type SoapHandlers,
  serviceService,
} from '../src/index.ts';
import { readWireAnswer } from '../src/testing/index.ts';
import { type Tree, toXml } from './differentialDocument.ts';
import { asCData, asDecimal, asHexadecimal, type Style, withComment, writeOdd } from './oddXml.ts';
import { rightDocument } from './restrictionCases.ts';
import { sharedExample, withSharedExamples } from './signatureShared.ts';
import { createTestParties } from './soapShared.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const BOM = '\uFEFF';

let certificate: Buffer;
before(async () => {
  certificate = new X509Certificate((await createTestParties()).kommun.certPem).raw;
});

const OPERATIONS = CONTRACT_SERVICES.flatMap((service) =>
  Object.entries(service.operations).map(([name, operation]) => ({ service, name, operation })),
);

const envelope = (content: string, header = ''): string =>
  `<S:Envelope xmlns:S="${SOAP}">${header}<S:Body>${content}</S:Body></S:Envelope>`;

function decoded(xml: string, operation: Operation): unknown {
  const document = XmlDocument.fromString(xml);
  try {
    return decodeGlobalElement(document.root, operation.request);
  } finally {
    document.dispose();
  }
}

const NAMES = ['ns1', 'ns15', '_', 'å', 'S', 'xs', 'soap', 'a.b-c', 'N', 'Z9', 'p', 'q', 'r', 's', 't', 'u', 'v'];
const names = new Map<string, string>();
/** Each namespace its own, and one of them the envelope's. */
const prefixOf = (namespace: string): string => {
  if (namespace === '') return '';
  const known = names.get(namespace) ?? NAMES[names.size] ?? `n${names.size}`;
  names.set(namespace, known);
  return known;
};

const styles: Readonly<Record<string, Style>> = {
  'a prefix for each namespace, also that of the envelope': { prefixOf },
  'the same prefix for every namespace': { prefixOf: (namespace) => (namespace === '' ? '' : 'x') },
  'empty elements as one tag, attributes in single quotes': { isShort: true },
  'CDATA sections': { text: asCData },
  'decimal references for every character': { text: asDecimal },
  'hexadecimal references for every character': { text: asHexadecimal },
  'line breaks and tabs between elements': { gap: '\r\n\t ' },
  'comments between elements': { gap: '<!-- mellan -->\n' },
  'schemaLocation on every element': { attributes: ` xmlns:i="${XSI}" i:schemaLocation="urn:x x.xsd"` },
};

/** Signatures are kept as they stand, and a comment cannot be a part of what is signed (scenario 23). */
const keepsXml = (tree: Tree): boolean =>
  /xmldsig#|^urn:|externalschema/.test(tree.namespace) ||
  tree.children.some((child) => typeof child !== 'string' && keepsXml(child));

interface Asked {
  endpoint: SoapEndpoint;
  received: unknown[];
}

function listening(service: (typeof CONTRACT_SERVICES)[number], name: string, operation: Operation): Asked {
  const received: unknown[] = [];
  const answer = decodedResponse(operation);
  const handler = async (request: unknown) => {
    received.push(request);
    return answer;
  };
  return { endpoint: createSoapEndpoint(service, { [name]: handler }, { requestBytesMax: 1_000_000 }), received };
}

function decodedResponse({ response }: Operation): object {
  const document = XmlDocument.fromString(toXml(rightDocument(response), false));
  try {
    return decodeGlobalElement(document.root, response) as object;
  } finally {
    document.dispose();
  }
}

async function send({ endpoint }: Asked, message: string | Buffer, operation: Operation) {
  const reply = await endpoint({ body: Buffer.from(message), peerCertificateDer: certificate });
  assert.ok('body' in reply);
  return readWireAnswer(reply.body, operation);
}

describe('every operation reads', () => {
  for (const [what, style] of Object.entries(styles)) {
    it(what, async () => {
      for (const { service, name, operation } of OPERATIONS) {
        const asked = listening(service, name, operation);
        const tree = rightDocument(operation.request);
        const answer = await send(asked, envelope(writeOdd(tree, style)), operation);
        assert.equal(answer.kind, 'answer', `${name}: ${JSON.stringify(answer)}`);
        assert.deepEqual(asked.received, [decoded(toXml(tree, false), operation)], name);
      }
    });
  }

  it('comments inside values, where nothing of it is signed', async () => {
    let count = 0;
    for (const { service, name, operation } of OPERATIONS) {
      const asked = listening(service, name, operation);
      const tree = rightDocument(operation.request);
      const answer = await send(asked, envelope(writeOdd(tree, { text: withComment })), operation);
      if (keepsXml(tree)) {
        assert.ok(answer.kind === 'fault' && answer.errorCode === 5001, name);
        assert.deepEqual(asked.received, []);
      } else {
        assert.deepEqual(asked.received, [decoded(toXml(tree, false), operation)], name);
        count += 1;
      }
    }
    assert.ok(count > 20, `only ${count}`);
  });
});

const { isReachable } = recipientService.operations;
const { isSenderAccepted } = CONTRACT_SERVICES.find(({ name }) => name === 'Authority')?.operations ?? {};
const QUESTION =
  '<isReachable xmlns="http://minameddelanden.gov.se/schema/Recipient/v3"><senderOrgNr>162021004748</senderOrgNr><recipientId>192705178354</recipientId></isReachable>';

describe('an envelope is read', () => {
  const bodies: Readonly<Record<string, string>> = {
    'without a declaration': envelope(QUESTION),
    'with white space before it': `\r\n\t ${envelope(QUESTION)}`,
    'with a declaration of the version alone': `<?xml version="1.0"?>${envelope(QUESTION)}`,
    'with a declaration in single quotes': `<?xml version='1.0' encoding='UTF-8'?>\n${envelope(QUESTION)}`,
    'with a lower-case encoding': `<?xml version="1.0" encoding="utf-8"?>${envelope(QUESTION)}`,
    'with an encoding without hyphen': `<?xml version="1.0" encoding="utf8"?>${envelope(QUESTION)}`,
    'with ASCII declared': `<?xml version="1.0" encoding="US-ASCII"?>${envelope(QUESTION)}`,
    'as standalone': `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${envelope(QUESTION)}`,
    'not as standalone': `<?xml version = "1.0"  encoding = "UTF-8"  standalone = "no" ?>${envelope(QUESTION)}`,
    'with a byte order mark': `${BOM}${envelope(QUESTION)}`,
    'with a byte order mark and a declaration': `${BOM}<?xml version="1.0" encoding="UTF-8"?>${envelope(QUESTION)}`,
    'with comments around it': `<!-- före -->${envelope(QUESTION)}<!-- efter -->\n\n`,
    'with an empty header': envelope(QUESTION, '<S:Header/>'),
    'with white space in its header': envelope(QUESTION, '<S:Header>\n</S:Header>'),
    'with addressing that need not be understood': envelope(
      QUESTION,
      '<S:Header><To xmlns="http://www.w3.org/2005/08/addressing" S:mustUnderstand="0">urn:x</To><a xmlns="urn:a"/></S:Header>',
    ),
    'with white space and comments around its body': envelope(`\n <!-- här -->\n ${QUESTION} \n`),
    'with sixteen declarations of which one is used (FACTS b.1)': envelope(QUESTION).replace(
      '<S:Envelope',
      `<S:Envelope${Array.from({ length: 16 }, (_, at) => ` xmlns:ns${at}="urn:${at}"`).join('')}`,
    ),
    'with attributes of SOAP on body and payload': envelope(
      QUESTION.replace('<isReachable ', `<isReachable xmlns:i="${XSI}" i:schemaLocation="a b" `),
    ).replace('<S:Body>', '<S:Body Id="b1" xmlns:e="urn:e">'),
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(what, async () => {
      const asked = listening(recipientService, 'isReachable', isReachable);
      const answer = await send(asked, body, isReachable);
      assert.equal(answer.kind, 'answer', JSON.stringify(answer));
      assert.deepEqual(asked.received, [{ senderOrgNr: '162021004748', recipientId: ['192705178354'] }]);
    });
  }
});

describe('an envelope is refused with 5001, a CallId and the reason', () => {
  const text = `<?xml version="1.0" encoding="UTF-16"?>${envelope(QUESTION)}`;
  const swapped = Buffer.from(`${BOM}${text}`, 'utf16le').swap16();
  const bodies: Readonly<Record<string, [string | Buffer, RegExp]>> = {
    'in UTF-16, little end first': [Buffer.from(`${BOM}${text}`, 'utf16le'), /UTF-8/],
    'in UTF-16, big end first': [swapped, /UTF-8/],
    'in UTF-16 without byte order mark': [Buffer.from(text, 'utf16le'), /UTF-8/],
    'with Latin-1 declared': [
      `<?xml version="1.0" encoding="ISO-8859-1"?>${envelope(QUESTION)}`,
      /other encoding|another encoding/,
    ],
    'in Latin-1 undeclared': [
      Buffer.from(envelope(QUESTION.replace('<senderOrgNr>', '<!-- å --><senderOrgNr>')), 'latin1'),
      /UTF-8/,
    ],
    'with white space before a declaration': [` <?xml version="1.0"?>${envelope(QUESTION)}`, /processing instruction/],
    'with a processing instruction': [`<?xml-stylesheet href="x"?>${envelope(QUESTION)}`, /processing instruction/],
    'with a document type': [`<!DOCTYPE x>${envelope(QUESTION)}`, /document type/],
    'of SOAP 1.2': [envelope(QUESTION).replaceAll(SOAP, 'http://www.w3.org/2003/05/soap-envelope'), /SOAP 1.1/],
    'with a header that must be understood': [
      envelope(QUESTION, '<S:Header><a xmlns="urn:a" S:mustUnderstand="1"/></S:Header>'),
      /understood/,
    ],
    empty: ['', /UTF-8|well-formed/],
    'as JSON': ['{"isReachable":{}}', /begin with "<"/],
  };
  for (const [what, [body, reason]] of Object.entries(bodies)) {
    it(what, async () => {
      const asked = listening(recipientService, 'isReachable', isReachable);
      const answer = await send(asked, body, isReachable);
      assert.ok(answer.kind === 'fault', JSON.stringify(answer));
      assert.equal(answer.errorCode, 5001);
      assert.match(answer.description ?? '', reason);
      assert.match(answer.callId ?? '', /^[\da-f-]{36}$/);
      assert.deepEqual(answer.wrong, []);
      assert.deepEqual(asked.received, []);
    });
  }
});

describe('values as old clients write them', () => {
  /** What a handler gets for a right request in which some texts are replaced. */
  async function received(
    service: (typeof CONTRACT_SERVICES)[number],
    name: string,
    texts: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown[]>> {
    const operation = service.operations[name];
    assert.ok(operation);
    const asked = listening(service, name, operation);
    const tree = rightDocument(operation.request);
    replace(tree, texts);
    const answer = await send(asked, envelope(toXml(tree, false)), operation);
    assert.equal(answer.kind, 'answer', `${JSON.stringify(texts)}: ${JSON.stringify(answer)}`);
    return Object.fromEntries(Object.keys(texts).map((key) => [key, valuesNamed(asked.received, key)]));
  }

  it('a seal dated with and without time zone (FACTS e.1)', async () => {
    for (const date of ['2023-10-11+02:00', '2013-11-14+01:00', '2026-01-15', '2026-01-15Z', '2026-01-15-05:00']) {
      const { ReceivedTime } = await received(serviceService, 'deliverSecure', { ReceivedTime: date });
      assert.deepEqual(ReceivedTime, [date]);
    }
    for (const date of ['2026-01-15', '2026-01-15+01:00']) {
      assert.deepEqual(await received(recipientService, 'register', { Timestamp: date }), { Timestamp: [date] });
    }
  });

  it('a language in every spelling (FACTS f)', async () => {
    for (const language of ['svSE', 'sv', 'sv-SE', ' sv-SE\n']) {
      for (const [service, name] of [
        [serviceService, 'deliverSecure'],
        [serviceService, 'notify'],
        [messageService, 'distributeSecure'],
        [notificationService, 'distribute'],
      ] as const) {
        const { Language } = await received(service, name, { Language: language });
        assert.deepEqual(Language, [language.trim()]);
      }
    }
  });

  it('truth as 1 and 0, numbers and words with white space around', async () => {
    for (const [text, value] of [
      ['1', true],
      ['0', false],
      [' true ', true],
      ['\nfalse', false],
    ] as const) {
      assert.deepEqual(await received(serviceService, 'deliverSecure', { SignaturesOK: text }), {
        SignaturesOK: [value],
      });
    }
  });

  it('base64 in lines, with either line break, and empty', async () => {
    const bytes = Buffer.alloc(300, 'signature');
    for (const lineBreak of ['\n', '\r\n', '\n\t\t']) {
      const lines = bytes.toString('base64').replace(/.{76}/g, `$&${lineBreak}`);
      const { Signature } = await received(recipientService, 'deregister', { Signature: lines });
      assert.deepEqual(Signature, [bytes]);
    }
    assert.deepEqual(await received(recipientService, 'deregister', { Signature: '' }), {
      Signature: [Buffer.alloc(0)],
    });
  });

  it('the default of an empty EncodingOfSignedText (FACTS b.3) is left to who reads it', async () => {
    assert.deepEqual(await received(recipientService, 'register', { EncodingOfSignedText: '' }), {
      EncodingOfSignedText: [''],
    });
  });
});

/** Three generations of headers in one message (FACTS b.5): v2 in a delivery, v1 in what is forwarded and in notices. */
describe('header generations', () => {
  const V1 = 'http://minameddelanden.gov.se/schema/Message';
  const cases = [
    [serviceService, 'deliverSecure', ['deliverSecure', 'SignedDelivery', 'Delivery', 'Header'], `${V1}/v2`],
    [messageService, 'distributeSecure', ['signedDelivery', 'Delivery', 'Header'], `${V1}/v2`],
    [serviceService, 'deliverForward', ['forwardMessage', 'Header'], V1],
    [
      serviceService,
      'deliverForward',
      ['forwardMessage', 'OrginalDelivery', 'SignedDelivery', 'Delivery', 'Header'],
      `${V1}/v2`,
    ],
    [serviceService, 'notify', ['notify', 'Header'], V1],
    [notificationService, 'distribute', ['notificationDelivery', 'Header'], V1],
  ] as const;
  for (const [service, name, path, namespace] of cases) {
    it(`${name}: ${path.join('/')} is of ${namespace.slice(-2) === 'v2' ? 'v2' : 'v1'}, and no other generation is taken`, async () => {
      const operation = (service.operations as Readonly<Record<string, Operation>>)[name];
      assert.ok(operation);
      const at = (tree: Tree) => path.reduce((node, child) => childOf(node, child), tree);
      const asked = listening(service, name, operation);
      const right = rightDocument(operation.request);
      assert.deepEqual(
        at(right).children.map((child) => typeof child !== 'string' && child.namespace),
        at(right).children.map(() => namespace),
      );
      assert.equal((await send(asked, envelope(toXml(right, false)), operation)).kind, 'answer');
      for (const other of [V1, `${V1}/v2`, `${V1}/v3`].filter((one) => one !== namespace)) {
        const wrong = structuredClone(right);
        for (const child of at(wrong).children) if (typeof child !== 'string') child.namespace = other;
        const answer = await send(asked, envelope(toXml(wrong, false)), operation);
        assert.ok(answer.kind === 'fault' && answer.errorCode === 5001, other);
      }
      assert.equal(asked.received.length, 1);
    });
  }

  it('whole requests of v1 and v2 are no operations of v3: 5001', async () => {
    const asked = listening(serviceService, 'deliverSecure', serviceService.operations.deliverSecure);
    for (const namespace of [
      'http://minameddelanden.gov.se/schema/Service/v2',
      'http://minameddelanden.gov.se/Service',
    ]) {
      const { deliverSecure } = serviceService.operations;
      const answer = await send(asked, envelope(`<deliverSecure xmlns="${namespace}"/>`), deliverSecure);
      assert.ok(answer.kind === 'fault' && answer.errorCode === 5001);
      assert.match(answer.description ?? '', /holds no operation of this service/);
    }
  });
});

describe('Authority', () => {
  it('reads every parameter with and without namespace, in one request even (FACTS b.1)', async () => {
    const service = CONTRACT_SERVICES.find(({ name }) => name === 'Authority');
    assert.ok(service !== undefined && isSenderAccepted !== undefined);
    let parameters = 0;
    for (const [name, operation] of Object.entries(service.operations)) {
      const right = rightDocument(operation.request);
      for (const isQualified of [() => true, (index: number) => index % 2 === 1]) {
        const tree = structuredClone(right);
        for (const [index, child] of tree.children.entries()) {
          if (typeof child === 'string' || !isQualified(index)) continue;
          child.namespace = tree.namespace;
          parameters += 1;
        }
        const asked = listening(service, name, operation);
        const answer = await send(asked, envelope(toXml(tree, false)), operation);
        assert.equal(answer.kind, 'answer', `${name}: ${JSON.stringify(answer)}`);
        assert.deepEqual(asked.received, [decoded(toXml(right, false), operation)]);
      }
    }
    assert.ok(parameters > 10);
  });
});

describe('real and published requests', { skip: !withSharedExamples }, () => {
  it('the delivery of Kivra of 2023 comes to its handler', async () => {
    const headers: unknown[] = [];
    const handlers: SoapHandlers<typeof serviceService> = {
      deliverSecure: async ({ deliverSecure }) => {
        headers.push(deliverSecure.Seal, deliverSecure.SignedDelivery.Delivery.Header.Attention);
        return { return: { TransId: 'x', Status: [{ RecipientId: '198101032384', Delivered: true }] } };
      },
    };
    const endpoint = createSoapEndpoint(serviceService, handlers, { requestBytesMax: 1_000_000 });
    const body = sharedExample('real-deliverSecure-kivra-ews-2023.xml');
    const answer = await send({ endpoint, received: [] }, body, serviceService.operations.deliverSecure);
    assert.equal(answer.kind, 'answer', JSON.stringify(answer));
    assert.deepEqual(headers, [{ ReceivedTime: '2023-10-11+02:00', SignaturesOK: true }, '198101032384']);
  });
});

function childOf(tree: Tree, name: string): Tree {
  const found = tree.children.find((child) => typeof child !== 'string' && child.name === name);
  assert.ok(found !== undefined && typeof found !== 'string', name);
  return found;
}

function replace(tree: Tree, texts: Readonly<Record<string, string>>): void {
  const text = texts[tree.name];
  if (text !== undefined && !tree.namespace.includes('xmldsig')) tree.children = [text];
  for (const child of tree.children) if (typeof child !== 'string') replace(child, texts);
}

function valuesNamed(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesNamed(one, name));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([key, one]) => (key === name ? [one] : valuesNamed(one, name)));
}
