/**
 * Every restriction of every field of the 28 operations, at every place where it stands: a document that breaks it is refused
 * by our endpoint with its code and a CallId, by our client, by libxml2 with our schema and, where the official contract
 * lies, with that. The list of restrictions is made twice, from the notation and from the generated schema.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import {
  type CallRecord,
  CONTRACT_SERVICES,
  commonV3Schema,
  contractValidator,
  createSoapClient,
  createSoapEndpoint,
  decodeGlobalElement,
  type GlobalElement,
  messageService,
  type Operation,
  type ServiceContract,
  SoapCallError,
  type SoapClient,
  type SoapEndpoint,
} from '../src/index.ts';
import { readWireAnswer, type WireAnswer } from '../src/testing/index.ts';
import type { Validator } from '../src/xsd/contractValidator.ts';
import { hasSharedContract } from './contractShared.ts';
import { type Tree, toXml } from './differentialDocument.ts';
import { officialValidator } from './officialValidator.ts';
import { type RestrictionCase, restrictionCases, rightDocument } from './restrictionCases.ts';
import { restrictionNames } from './restrictionInventory.ts';
import { createTestParties, startServer, type TestParties, type TestServer } from './soapShared.ts';

const BYTES_MAX = 1_000_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

interface Named {
  readonly service: ServiceContract;
  readonly name: string;
  readonly operation: Operation;
}

const OPERATIONS: readonly Named[] = CONTRACT_SERVICES.flatMap((service) =>
  Object.entries(service.operations).map(([name, operation]) => ({ service, name, operation })),
);

let parties: TestParties;
let certificate: Buffer;
let client: SoapClient;
let partner: TestServer;
/** What the partner answers next. */
let answer = { status: 200, body: '' };
let judges: Validator[];
const count = { request: 0, response: 0, fault: 0, documents: 0 };

before(async () => {
  parties = await createTestParties();
  certificate = new X509Certificate(parties.kommun.certPem).raw;
  partner = await startServer(parties, (_request, response) => {
    response.writeHead(answer.status).end(answer.body);
  });
  client = createSoapClient({
    tls: { key: parties.kommun.keyPem, cert: parties.kommun.certPem, ca: parties.authority.caPem },
    connectTimeoutMs: 10_000,
    answerTimeoutMs: 10_000,
    answerBytesMax: BYTES_MAX,
    validateRequests: false,
  });
  judges = [contractValidator(), ...(hasSharedContract() ? [officialValidator()] : [])];
});
after(async () => {
  client.close();
  await partner.close();
  process.stdout.write(`restrictions: ${JSON.stringify(count)}, judges: ${judges.length}\n`);
});

const envelope = (content: string): string => `<S:Envelope xmlns:S="${SOAP}"><S:Body>${content}</S:Body></S:Envelope>`;

const faultOf = (detail: string): string =>
  `<S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring><detail>${detail}</detail></S:Fault>`;

function withDocument<T>(xml: string, work: (document: XmlDocument) => T): T {
  const document = XmlDocument.fromString(xml);
  try {
    return work(document);
  } finally {
    document.dispose();
  }
}

/** libxml2's verdict, with every schema that there is. */
function assertJudged(xml: string, isRight: boolean, name: string): void {
  withDocument(xml, (document) => {
    for (const judge of judges) {
      const faults = judge.validate(document).map(({ message }) => message);
      assert.equal(faults.length === 0, isRight, `${name}: ${faults} ${xml}`);
    }
  });
}

const rightValue = (element: GlobalElement): unknown =>
  withDocument(toXml(rightDocument(element), false), ({ root }) => decodeGlobalElement(root, element));

/** The cases of a message, which are exactly the restrictions that its schema has. */
function casesOf(element: GlobalElement): RestrictionCase[] {
  const cases = restrictionCases(element);
  assert.deepEqual(
    cases.map(({ name }) => name).sort(),
    restrictionNames(element).sort(),
    `${element.name}: the cases are not the schema's restrictions`,
  );
  assert.ok(cases.every(({ documents }) => documents.length > 0));
  return cases;
}

describe('a request that breaks one restriction', () => {
  for (const { service, name, operation } of OPERATIONS) {
    it(`of ${service.name}.${name} is refused with its code and a CallId, and never handled`, async () => {
      const handled: string[] = [];
      const records: CallRecord[] = [];
      const response = rightValue(operation.response) as object;
      const endpoint = createSoapEndpoint(
        service,
        {
          [name]: async () => {
            handled.push(name);
            return response;
          },
        },
        { requestBytesMax: BYTES_MAX, onCall: (record) => records.push(record) },
      );
      const right = await ask(endpoint, operation, rightDocument(operation.request));
      assert.equal(right.kind, 'answer', JSON.stringify(right));
      assert.equal(handled.length, 1);
      assertJudged(toXml(rightDocument(operation.request), false), true, name);
      for (const { name: rule, isListTooLong, documents } of casesOf(operation.request)) {
        count.request += 1;
        for (const document of documents) {
          count.documents += 1;
          assertJudged(toXml(document, false), false, rule);
          // its own name is what an operation is known by
          const fault = await ask(endpoint, operation, document);
          assert.ok(fault.kind === 'fault', `${rule}: ${fault.kind} ${toXml(document, false)}`);
          assert.deepEqual(fault.wrong, [], rule);
          assert.equal(fault.errorCode, isListTooLong ? 5005 : 5001, `${rule}: ${fault.description}`);
          assert.match(fault.callId ?? '', UUID, rule);
          assert.equal(records.at(-1)?.callId, fault.callId, rule);
        }
      }
      assert.equal(handled.length, 1, 'a refused request was handled');
    });
  }
});

async function ask(endpoint: SoapEndpoint, operation: Operation, document: Tree): Promise<WireAnswer> {
  const body = Buffer.from(envelope(toXml(document, false)));
  const reply = await endpoint({ body, peerCertificateDer: certificate });
  assert.ok('body' in reply);
  const read = readWireAnswer(reply.body, operation);
  assert.equal(reply.status, read.kind === 'answer' ? 200 : 500);
  return read;
}

async function answered(operation: Operation, body: string, status: number): Promise<unknown> {
  answer = { status, body };
  try {
    return await client.call(operation, partner.url, rightValue(operation.request) as object);
  } catch (error) {
    assert.ok(error instanceof SoapCallError, `${error}`);
    return error;
  }
}

describe('what libxml2 lets pass', () => {
  it('is refused all the same: broken base64, and a choice of both', async () => {
    const { operations } = messageService;
    const right = toXml(rightDocument(operations.distributeSecure.request), false);
    const handlers = { distributeSecure: async () => ({ return: 'x' }) };
    const endpoint = createSoapEndpoint(messageService, handlers, { requestBytesMax: BYTES_MAX });
    const extension = '<OfficialMatterExtension>';
    const wrongs = [
      right.replace(/<Body xmlns="([^"]*)">[^<]*<\/Body>/, '<Body xmlns="$1">%%%%</Body>'),
      right.replace(/(<Body xmlns="[^"]*"><ContentType[^>]*>[^<]*<\/ContentType>)<Body>[^<]*</, '$1<Body>!!!!<'),
      right.replace(extension, `<x xmlns="urn:other"></x>${extension}`),
    ].filter((xml) => xml !== right);
    assert.equal(wrongs.length, 2);
    for (const xml of wrongs) {
      assertJudged(xml, true, 'libxml2 refuses it now: make it a case of its own');
      const reply = await endpoint({ body: Buffer.from(envelope(xml)), peerCertificateDer: certificate });
      assert.ok('body' in reply);
      const fault = readWireAnswer(reply.body, operations.distributeSecure);
      assert.ok(fault.kind === 'fault' && fault.errorCode === 5001, JSON.stringify(fault));
    }
  });
});

describe('an answer that breaks one restriction', () => {
  for (const { service, name, operation } of OPERATIONS) {
    it(`of ${service.name}.${name} is refused by our client`, async () => {
      const right = toXml(rightDocument(operation.response), false);
      assertJudged(right, true, name);
      assert.deepEqual(await answered(operation, envelope(right), 200), rightValue(operation.response));
      for (const { name: rule, documents } of casesOf(operation.response)) {
        count.response += 1;
        for (const document of documents) {
          count.documents += 1;
          const xml = toXml(document, false);
          assertJudged(xml, false, rule);
          const error = await answered(operation, envelope(xml), 200);
          assert.ok(error instanceof SoapCallError, `${rule}: accepted ${xml}`);
          assert.equal(error.kind, 'badAnswer', `${rule}: ${error.message}`);
        }
      }
    });
  }
});

describe('a fault that breaks one restriction', () => {
  const shared = commonV3Schema.applicationFault;
  const faults = new Map(OPERATIONS.map((named): [GlobalElement, Named] => [named.operation.fault, named]));

  it('there are eight: the one of v3 and one for each operation of Authority', () => {
    assert.equal(faults.size, 8);
    assert.ok(faults.has(shared));
  });

  for (const [element, { operation }] of faults) {
    it(`${element.name} is no fault of the contract for our client`, async () => {
      const right = toXml(rightDocument(element), false);
      assertJudged(right, true, element.name);
      const understood = await answered(operation, envelope(faultOf(right)), 500);
      assert.ok(understood instanceof SoapCallError);
      assert.equal(understood.kind, 'fault', understood.message);
      for (const { name: rule, documents } of casesOf(element)) {
        count.fault += 1;
        for (const document of documents) {
          count.documents += 1;
          const xml = toXml(document, false);
          assertJudged(xml, false, rule);
          const error = await answered(operation, envelope(faultOf(xml)), 500);
          assert.ok(error instanceof SoapCallError, rule);
          assert.equal(error.kind, 'badAnswer', `${rule}: ${xml}`);
        }
      }
    });
  }
});

describe('the inventory', () => {
  it('finds a restriction that no case breaks', () => {
    const [first] = OPERATIONS;
    assert.ok(first);
    const names = restrictionNames(first.operation.request);
    const cases = restrictionCases(first.operation.request).slice(1);
    assert.notDeepEqual(cases.map(({ name }) => name).sort(), names.sort());
  });

  it('counts what the contract has', () => {
    assert.equal(OPERATIONS.length, 28);
    const requests = OPERATIONS.flatMap(({ operation }) => restrictionNames(operation.request));
    const responses = OPERATIONS.flatMap(({ operation }) => restrictionNames(operation.response));
    const faults = new Set(OPERATIONS.map(({ operation }) => operation.fault));
    const total = [requests, responses, [...faults].flatMap(restrictionNames)].flat().length;
    const page = readFileSync(new URL('../../../docs/contract/README.md', import.meta.url), 'utf8');
    assert.ok(page.includes(` ${total} of them over the 28`), `docs/contract/README.md must say ${total}`);
  });
});
