import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { before, describe, it } from 'node:test';
import {
  contractFault,
  isElement,
  recipientService,
  type SoapReply,
  type SoapRequest,
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
