import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  authorityService,
  CONTRACT_SERVICES,
  contractFault,
  createSoapClient,
  createSoapEndpoint,
  decodeGlobalElement,
  EncodeFault,
  type GlobalElement,
  messageService,
  type Operation,
  SoapCallError,
  type SoapClient,
  type SoapEndpoint,
} from '../src/index.ts';
import { readEnvelope } from '../src/soap/envelope.ts';
import { parseXml } from '../src/xml/parseXml.ts';
import { sharedExample, withSharedExamples } from './signatureShared.ts';
import { createTestParties, serving, startServer, type TestParties, type TestServer } from './soapShared.ts';

const BYTES_MAX = 1_000_000;
const AUTHORITY = 'http://minameddelanden.gov.se/Authority';

let parties: TestParties;
let client: SoapClient;
let servers: Map<string, TestServer>;
/** What the handlers got, newest last. */
const received: { operation: string; request: unknown }[] = [];

before(async () => {
  parties = await createTestParties();
  client = clientOf(true);
  servers = new Map();
  for (const service of CONTRACT_SERVICES)
    servers.set(service.name, await startServer(parties, serving(answering(service))));
});
after(async () => {
  client.close();
  for (const server of servers.values()) await server.close();
});

function clientOf(validateRequests: boolean): SoapClient {
  const { authority, kommun } = parties;
  const tls = { key: kommun.keyPem, cert: kommun.certPem, ca: authority.caPem };
  return createSoapClient({
    tls,
    connectTimeoutMs: 10_000,
    answerTimeoutMs: 10_000,
    answerBytesMax: BYTES_MAX,
    validateRequests,
  });
}

/** A service that answers every operation with the published example. */
function answering(service: (typeof CONTRACT_SERVICES)[number]): SoapEndpoint {
  const handlers = Object.fromEntries(
    Object.entries(service.operations).map(([name, { response }]) => [
      name,
      async (request: unknown) => {
        received.push({ operation: name, request });
        return exampleOf(service.name, name, 'resp', response) as object;
      },
    ]),
  );
  return createSoapEndpoint(service, handlers, { requestBytesMax: BYTES_MAX });
}

function exampleOf(service: string, operation: string, part: 'req' | 'resp', element: GlobalElement): unknown {
  const isLetter = operation === 'deliverSecure' && part === 'req';
  const bytes = sharedExample(`${service.toLowerCase()}-${operation}-${part}${isLetter ? '-sha256' : ''}.xml`);
  const document = parseXml(bytes, { bytesMax: BYTES_MAX });
  try {
    const read = readEnvelope(document.root);
    assert.ok(read.ok);
    return decodeGlobalElement(read.payload, element);
  } finally {
    document.dispose();
  }
}

const urlOf = (service: string): string => servers.get(service)?.url ?? '';

async function failure(call: Promise<unknown>): Promise<SoapCallError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SoapCallError, `must be a SoapCallError, was ${error}`);
  return error;
}

describe('every operation over mutual TLS', { skip: !withSharedExamples }, () => {
  const operations = CONTRACT_SERVICES.flatMap(({ name: service, operations }) =>
    Object.entries(operations).map(([name, operation]): [string, string, Operation] => [service, name, operation]),
  );

  it('there are 28 of them', () => assert.equal(operations.length, 28));

  for (const [service, name, operation] of operations) {
    it(`${service}.${name}`, async () => {
      const request = exampleOf(service, name, 'req', operation.request);
      const answer = await client.call(operation, urlOf(service), request as object);
      assert.deepEqual(received.at(-1), { operation: name, request });
      assert.deepEqual(answer, exampleOf(service, name, 'resp', operation.response));
    });
  }
});

describe('call', { skip: !withSharedExamples }, () => {
  it('sends nothing that the contract does not allow', async () => {
    const before = received.length;
    const { checkDistributionStatus } = messageService.operations;
    const request = { senderId: '162021004748', distributionId: 'x'.repeat(51) };
    await assert.rejects(client.call(checkDistributionStatus, urlOf('Message'), request), (error) => {
      assert.ok(error instanceof EncodeFault);
      assert.equal(error.message, 'checkDistributionStatus/distributionId: longer than 50 characters');
      return true;
    });
    assert.equal(received.length, before);
    const careless = clientOf(false);
    const error = await failure(careless.call(checkDistributionStatus, urlOf('Message'), request));
    careless.close();
    assert.equal(error.kind, 'fault');
    assert.match(error.message, /5001 .*distributionId/);
  });

  it('has the types of its operation', async () => {
    const { getSenders, isSenderAccepted } = authorityService.operations;
    const senders: { Id: string; Name: string }[] = (await client.call(getSenders, urlOf('Authority'), {})).return;
    assert.ok(senders.length > 0);
    const isAccepted: boolean = (await client.call(isSenderAccepted, urlOf('Authority'), { arg0: '162021004748' }))
      .return;
    assert.equal(isAccepted, true);
  });
});

describe('Authority', () => {
  const { isSenderAccepted } = authorityService.operations;
  const envelope = (xml: string) =>
    `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="${AUTHORITY}"><S:Body>${xml}</S:Body></S:Envelope>`;

  async function raw(body: string, status = 200): Promise<TestServer> {
    return startServer(parties, (_request, response) => {
      response.writeHead(status).end(body);
    });
  }

  it('is answered in its own form of fault, which the client reads', async () => {
    const bodies: string[] = [];
    const endpoint = createSoapEndpoint(
      authorityService,
      { isSenderAccepted: () => Promise.reject(contractFault('OBJECT_NOT_FOUND')) },
      { requestBytesMax: BYTES_MAX },
    );
    const server = await startServer(
      parties,
      serving(async (request) => {
        const reply = await endpoint(request);
        if ('body' in reply) bodies.push(reply.body.toString());
        return reply;
      }),
    );
    const error = await failure(client.call(isSenderAccepted, server.url, { arg0: '162021004748' }));
    await server.close();
    assert.equal(error.kind, 'fault');
    assert.equal(error.fault?.errorCode, 5003);
    assert.equal(error.fault?.description, 'Object not found');
    assert.equal(error.fault?.callId?.length, 36);
    assert.match(
      bodies[0] ?? '',
      new RegExp(`<detail><isSenderAcceptedFault xmlns="${AUTHORITY}"><ErrorCode xmlns="[^"]*schema/Common">`),
    );
  });

  it("gives the published example's fault, and the v3 one if a partner writes that", {
    skip: !withSharedExamples,
  }, async () => {
    for (const [name, code] of [
      ['fault-authority.xml', 5003],
      ['fault-v3.xml', 5002],
    ] as const) {
      const server = await raw(sharedExample(name).toString(), 500);
      const error = await failure(client.call(isSenderAccepted, server.url, { arg0: '162021004748' }));
      await server.close();
      assert.equal(error.kind, 'fault', error.message);
      assert.equal(error.fault?.errorCode, code);
    }
  });

  it('is read with and without the namespace on parameters, in both directions (FACTS b.1)', async () => {
    for (const prefix of ['', 'w:']) {
      const answer = `<w:isSenderAcceptedResponse><${prefix}return>true</${prefix}return></w:isSenderAcceptedResponse>`;
      const server = await raw(envelope(answer));
      assert.deepEqual(await client.call(isSenderAccepted, server.url, { arg0: '162021004748' }), { return: true });
      await server.close();
    }
    const endpoint = createSoapEndpoint(
      authorityService,
      { isSenderAccepted: async ({ arg0 }) => ({ return: arg0 === '162021004748' }) },
      { requestBytesMax: BYTES_MAX },
    );
    const { raw: certificate } = new X509Certificate(parties.kommun.certPem);
    const ask = async (xml: string) => {
      const reply = await endpoint({ body: Buffer.from(envelope(xml)), peerCertificateDer: certificate });
      return 'body' in reply ? reply.body.toString() : '';
    };
    for (const prefix of ['', 'w:']) {
      const answer = await ask(`<w:isSenderAccepted><${prefix}arg0>162021004748</${prefix}arg0></w:isSenderAccepted>`);
      assert.match(answer, /<return xmlns="">true<\/return>/);
    }
    assert.match(
      await ask('<w:isSenderAccepted><arg0>x</arg0></w:isSenderAccepted>'),
      /5001<.*isSenderAccepted\/arg0 is not in the form/s,
    );
    assert.match(
      await ask('<w:isSenderAccepted><arg0 xmlns="urn:x">162021004748</arg0></w:isSenderAccepted>'),
      /arg0 is not expected/,
    );
  });
});
