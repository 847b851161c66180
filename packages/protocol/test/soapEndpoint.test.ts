import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  authorityService,
  contractFault,
  createSoapEndpoint,
  isElement,
  recipientService,
  type SoapReply,
  type SoapRequest,
  serviceService,
  soapFaultReply,
  soapReply,
} from '../src/index.ts';
import { readEnvelope } from '../src/soap/envelope.ts';
import { readFault } from '../src/soap/fault.ts';
import { parseXml } from '../src/xml/parseXml.ts';
import { sharedExample, withSharedExamples } from './signatureShared.ts';
import { createTestFar, createTestParties, type TestParties } from './soapShared.ts';

const R3 = 'http://minameddelanden.gov.se/schema/Recipient/v3';
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const BODY = `<q:isReachable xmlns:q="${R3}"><q:senderOrgNr>162021004748</q:senderOrgNr><q:recipientId>192705178354</q:recipientId></q:isReachable>`;
/** On a machine with much else to do. */
const BOUND_MS = 3000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const envelope = (body: string, header = '') =>
  `<e:Envelope xmlns:e="${SOAP}">${header}<e:Body>${body}</e:Body></e:Envelope>`;

let parties: TestParties;
let certificate: Buffer;

before(async () => {
  parties = await createTestParties();
  certificate = new X509Certificate(parties.kommun.certPem).raw;
});

const request = (xml: string | Buffer): SoapRequest => ({ body: Buffer.from(xml), peerCertificateDer: certificate });

function bodyOf(reply: SoapReply): string {
  assert.ok('body' in reply, 'an answer is expected');
  return reply.body.toString();
}

/** Asserts a v3 fault with HTTP status 500, its code and text, and that the record has the same CallId. */
function assertFault(
  reply: SoapReply,
  code: number,
  text: RegExp,
  records: readonly { callId: string }[] = [],
): string {
  assert.ok('body' in reply);
  assert.equal(reply.status, 500);
  const document = parseXml(reply.body, { bytesMax: 100_000 });
  try {
    const read = readEnvelope(document.root);
    assert.ok(read.ok);
    const fault = readFault(read.payload);
    assert.ok(fault !== undefined, 'the detail must be an applicationFault');
    assert.equal(fault.errorCode, code);
    assert.match(fault.description, text);
    assert.match(fault.callId ?? '', UUID);
    if (records.length > 0) assert.equal(records.at(-1)?.callId, fault.callId);
  } finally {
    document.dispose();
  }
  return reply.body.toString();
}

describe('createSoapEndpoint', () => {
  it('answers an operation, whatever the prefixes', async () => {
    const { endpoint, records } = createTestFar();
    const reply = await endpoint(request(envelope(BODY)));
    assert.ok('status' in reply && reply.status === 200);
    assert.match(bodyOf(reply), /<RecipientId>192705178354<\/RecipientId>/);
    const [record] = records;
    assert.equal(record?.operation, 'isReachable');
    assert.equal(record?.caller, '162021004748');
    assert.equal(record?.outcome, 'answered');
    assert.match(record?.callId ?? '', UUID);
  });

  it('answers the published examples', { skip: !withSharedExamples }, async () => {
    const { endpoint } = createTestFar();
    const reply = await endpoint(request(sharedExample('recipient-isReachable-req.xml')));
    assert.match(bodyOf(reply), /isReachableResponse/);
  });

  it('ignores a header unless it must be understood', async () => {
    const { endpoint } = createTestFar();
    const harmless = '<e:Header><x xmlns="urn:x"/></e:Header>';
    assert.match(bodyOf(await endpoint(request(envelope(BODY, harmless)))), /isReachableResponse/);
    for (const value of ['1', 'true']) {
      const demanding = `<e:Header><x xmlns="urn:x" e:mustUnderstand="${value}"/></e:Header>`;
      const xml = assertFault(
        await endpoint(request(envelope(BODY, demanding))),
        5001,
        /no header block is understood/,
      );
      assert.match(xml, /<faultcode>env:MustUnderstand</);
    }
  });

  it('refuses other envelopes', async () => {
    const { endpoint, records } = createTestFar();
    const refused = async (xml: string, text: RegExp) => assertFault(await endpoint(request(xml)), 5001, text, records);
    await refused(BODY, /not a SOAP 1.1 envelope/);
    await refused(envelope(BODY + BODY), /exactly one element/);
    await refused(envelope(''), /exactly one element/);
    await refused(`<e:Envelope xmlns:e="${SOAP}"/>`, /must have one Body/);
    await refused(`<e:Envelope xmlns:e="${SOAP}"><e:Body/><e:Body/></e:Envelope>`, /must have one Body/);
    await refused(
      `<e:Envelope xmlns:e="${SOAP}"><e:Body>${BODY}</e:Body><e:Header/></e:Envelope>`,
      /after an optional/,
    );
    const other = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body/></e:Envelope>';
    assert.match(await refused(other, /not a SOAP 1.1/), /<faultcode>env:VersionMismatch</);
  });

  it('refuses what the schema refuses, naming the element and quoting no value (5001)', async () => {
    const { endpoint, records } = createTestFar();
    const refused = async (body: string, text: RegExp) => {
      const xml = assertFault(await endpoint(request(envelope(body))), 5001, text, records);
      assert.doesNotMatch(xml, /19270517/);
    };
    await refused(BODY.replace('192705178354', '19270517835x'), /recipientId/);
    await refused(BODY.replaceAll('recipientId', 'recipient'), /recipient/);
    await refused(BODY.replace(/<q:senderOrgNr>.*<\/q:senderOrgNr>/, ''), /senderOrgNr/);
    await refused(`<x xmlns="${R3}"/>`, /no operation of this service/);
    await refused(BODY.replace(R3, 'urn:other'), /no operation of this service/);
  });

  it('refuses too large requests (5005)', async () => {
    const { endpoint } = createTestFar(undefined, { requestBytesMax: 300 });
    assertFault(await endpoint(request(envelope(BODY.padEnd(400)))), 5005, /the limit is 300/);
  });

  it('refuses a longer list than the contract allows with a code of its own (5005)', async () => {
    const { endpoint, records } = createTestFar();
    const list = (count: number, id = '192705178354') => {
      const ids = `<q:recipientId>${id}</q:recipientId>`.repeat(count);
      return request(envelope(BODY.replace(/<q:recipientId>.*<\/q:recipientId>/, ids)));
    };
    assert.match(bodyOf(await endpoint(list(1000))), /isReachableResponse/);
    const tooMany = /^Max exceeded: isReachable\/recipientId occurs more than 1000 times$/;
    assertFault(await endpoint(list(1001)), 5005, tooMany, records);
    assertFault(await endpoint(list(1001, 'x')), 5005, tooMany, records);
  });

  it('refuses a hundred thousand faults as quickly as one (scenario 23)', async () => {
    const { endpoint } = createTestFar(undefined, { requestBytesMax: 20_000_000 });
    const registered = (content: string) => request(envelope(`<isRegistered xmlns="${R3}">${content}</isRegistered>`));
    const attributes = Array.from({ length: 200_000 }, (_, at) => `a${at}=""`).join(' ');
    const good = '<recipientId>192705178354</recipientId>';
    const cases: [string, RegExp][] = [
      ['<recipientId>x</recipientId>'.repeat(100_000), /isRegistered\/recipientId is not in the form of its type$/],
      [`<recipientId ${attributes}>192705178354</recipientId>`, /isRegistered\/recipientId\/@a0 is not expected$/],
      [good.repeat(100_000) + '<x/>'.repeat(100_000), /isRegistered\/x is not expected$/],
      [good.repeat(9000) + '<recipientId a="">x</recipientId>'.repeat(450), /line 1: .*recipientId.*/],
    ];
    for (const [content, text] of cases) {
      const startedMs = performance.now();
      assertFault(await endpoint(registered(content)), 5001, text);
      assert.ok(performance.now() - startedMs < BOUND_MS, `${performance.now() - startedMs} ms`);
    }
    assertFault(await endpoint(registered(good.repeat(100_000))), 5001, /isRegistered is not implemented here/);
  });

  it('refuses a letter of more parts than the schema is asked to judge (5005)', {
    skip: !withSharedExamples,
  }, async () => {
    const far = createSoapEndpoint(serviceService, {}, { requestBytesMax: 20_000_000 });
    const metadata = '<m3:Metadata><m:Tag>t</m:Tag><m:Value>v</m:Value></m3:Metadata>'.repeat(4000);
    const letter = sharedExample('service-deliverSecure-req-sha256.xml').toString();
    const large = letter.replace('<m3:Language>', `${metadata}<m3:Language>`);
    assertFault(await far(request(large)), 5005, /^Max exceeded: more than 10000 elements and attributes$/);
  });

  it('asks who may call before it looks at the request (5002)', async () => {
    const admitted: string[] = [];
    const { endpoint, records } = createTestFar(undefined, {
      admit: async (caller, operation) => {
        admitted.push(`${caller} ${operation}`);
        throw contractFault('ACCESS_DENIED');
      },
    });
    const invalid = envelope(BODY.replace('192705178354', 'x'));
    assertFault(await endpoint(request(invalid)), 5002, /^Access denied$/, records);
    assert.deepEqual(admitted, ['162021004748 isReachable']);
    assert.equal(records[0]?.operation, 'isReachable');
    assert.equal(records[0]?.caller, '162021004748');
    const open = createTestFar(undefined, { admit: async () => undefined });
    assert.match(bodyOf(await open.endpoint(request(envelope(BODY)))), /isReachableResponse/);
    assertFault(await open.endpoint(request(invalid)), 5001, /recipientId/);
  });

  it('gives the reply for what is refused before an endpoint', () => {
    const callId = '6f549beb-f884-4b3d-82e8-beff2e01d863';
    const reply = soapFaultReply(contractFault('MAX_EXCEEDED', 'at most 10 bytes'), { callId });
    assert.match(assertFault(reply, 5005, /^Max exceeded: at most 10 bytes$/), new RegExp(`<CallId>${callId}<`));
    assertFault(soapFaultReply(contractFault('ACCESS_DENIED')), 5002, /^Access denied$/);
    const { getSenders } = authorityService.operations;
    const own = soapFaultReply(contractFault('ACCESS_DENIED'), { operation: getSenders });
    assert.match(bodyOf(own), /<getSendersFault xmlns="http:\/\/minameddelanden.gov.se\/Authority">/);
  });

  it('refuses a caller without certificate or organisation (5002)', async () => {
    const { endpoint, records } = createTestFar();
    const body = Buffer.from(envelope(BODY));
    assertFault(await endpoint({ body }), 5002, /no client certificate/, records);
    assertFault(await endpoint({ body, peerCertificateDer: Buffer.from('x') }), 5002, /cannot be read/, records);
    const nobody = await parties.authority.issue({ commonName: 'Ingen' });
    const der = new X509Certificate(nobody.certPem).raw;
    assertFault(await endpoint({ body, peerCertificateDer: der }), 5002, /names no organisation/, records);
    assert.equal(records.at(-1)?.outcome, 'fault');
    assert.equal(records.at(-1)?.errorCode, 5002);
  });

  it('refuses an operation without handler (5001)', async () => {
    const { endpoint } = createTestFar({});
    assertFault(await endpoint(request(envelope(BODY))), 5001, /isReachable is not implemented here/);
  });

  it("gives a handler's fault with the CallId", async () => {
    const { endpoint, records } = createTestFar({
      isReachable: async () => {
        throw contractFault('UNKNOWN_SENDER');
      },
    });
    assertFault(await endpoint(request(envelope(BODY))), 5014, /not registered as authorized sender/, records);
    assert.equal(records[0]?.error, undefined);
  });

  it('tells the caller of an unforeseen error only the CallId (5000)', async () => {
    const error = new Error('password=hemligt 192705178354');
    const { endpoint, records } = createTestFar({ isReachable: () => Promise.reject(error) });
    const xml = assertFault(await endpoint(request(envelope(BODY))), 5000, /^Unknown error$/, records);
    assert.doesNotMatch(xml, /hemligt|1927/);
    assert.equal(records[0]?.error, error);
  });

  it('does not send an answer of its own that is not valid (5000)', async () => {
    const wrong = {
      return: [{ AccountStatus: { RecipientId: 'x', Type: 'Not' as const, Pending: false }, SenderAccepted: false }],
    };
    const { endpoint, records } = createTestFar({ isReachable: async () => wrong });
    assertFault(await endpoint(request(envelope(BODY))), 5000, /^Unknown error$/, records);
    assert.match(String(records[0]?.error), /our own answer is not valid.*RecipientId/);
    const unchecked = createTestFar({ isReachable: async () => wrong }, { validateResponses: false });
    assert.match(bodyOf(await unchecked.endpoint(request(envelope(BODY)))), /<RecipientId>x</);
  });

  it('lets `around` change, drop and see a reply', async () => {
    const seen: string[] = [];
    const { endpoint, records } = createTestFar(undefined, {
      around: async (call, next) => {
        seen.push(
          `${call.operation} ${call.caller} ${isElement(call.source, recipientService.operations.isReachable.request)}`,
        );
        await next();
        return { hangUp: true };
      },
    });
    assert.deepEqual(await endpoint(request(envelope(BODY))), { hangUp: true });
    assert.deepEqual(seen, ['isReachable 162021004748 true']);
    assert.equal(records[0]?.outcome, 'hangUp');
    const changed = createTestFar(undefined, {
      around: async () => soapReply(recipientService.operations.isReachable, { return: [] }),
    });
    assert.match(
      bodyOf(await changed.endpoint(request(envelope(BODY)))),
      /<isReachableResponse xmlns="[^"]+"><\/isReachableResponse>/,
    );
  });

  it('lets a handler read the source itself', async () => {
    const { endpoint } = createTestFar({
      isReachable: {
        fromSource: async ({ source, requestBytes }) => {
          assert.equal(source.name, 'isReachable');
          assert.equal(requestBytes.toString(), envelope(BODY));
          return { return: [] };
        },
      },
    });
    assert.match(bodyOf(await endpoint(request(envelope(BODY)))), /isReachableResponse/);
  });
});

describe('a request with too many tags', () => {
  const tagged = (tags: number): string => envelope(BODY).replace('<', `${'<!--x-->'.repeat(tags)}<`);

  it('is refused before it is parsed (5005), whatever it holds; one tag less is read', async () => {
    const endpointFor = (requestTagsMax: number) =>
      createSoapEndpoint(
        recipientService,
        { isReachable: async () => ({ return: [] }) },
        { requestBytesMax: 1_000_000, requestTagsMax },
      );
    const xml = envelope(BODY);
    const own = xml.split('<').length - 1;
    assert.match(bodyOf(await endpointFor(own)(request(xml))), /isReachableResponse/);
    assertFault(await endpointFor(own - 1)(request(xml)), 5005, new RegExp(`more than ${own - 1} tags$`));
    assertFault(await endpointFor(50)(request(tagged(60))), 5005, /more than 50 tags$/);
    assertFault(await endpointFor(50)(request('<'.repeat(60))), 5005, /more than 50 tags$/);
  });
});
