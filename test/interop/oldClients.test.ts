/** The HTTP side of old clients, against our register and our operator over mutual TLS: nothing of it decides anything (FACTS b.1). */
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { authorityService, type Operation, recipientService, serviceService } from '@brevduva/protocol';
import { readWireAnswer, SAME_MEANING, type WireAnswer, wireRequest } from '@brevduva/protocol/testing';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from '../support/ecosystem.ts';

let world: Ecosystem;
before(async () => {
  world = await startEcosystem({ withHub: false });
});
after(() => world.close());

interface Reply {
  status: number;
  contentType: string;
  body: Buffer;
}

type Headers = Readonly<Record<string, string>>;

/** One message by plain HTTP, in one piece or in several. */
function post(url: string, pieces: readonly Buffer[], headers: Headers): Promise<Reply> {
  const { authority, keys } = world.world;
  const tls = { key: keys.municipality.keyPem, cert: keys.municipality.certPem, ca: authority.caPem };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...tls, method: 'POST', headers, agent: false }, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const contentType = incoming.headers['content-type'] ?? '';
      resolve({ status: incoming.statusCode ?? 0, contentType, body: Buffer.concat(chunks) });
    });
    outgoing.on('error', reject);
    const send = () => {
      for (const piece of pieces) outgoing.write(piece);
      outgoing.end();
    };
    if (headers['expect'] === undefined) send();
    else outgoing.on('continue', send);
  });
}

interface Target {
  name: string;
  operation: Operation;
  url: () => string;
  message: Buffer;
  /** Whether this is what the party says to the message. */
  isRight: (answer: WireAnswer) => boolean;
}

const { isReachable } = recipientService.operations;
const { isSenderAccepted } = authorityService.operations;
const { deliverSecure } = serviceService.operations;

const TARGETS: readonly Target[] = [
  {
    name: 'Recipient',
    operation: isReachable,
    url: () => world.hubOptions.farUrl,
    message: wireRequest(isReachable, { senderOrgNr: MUNICIPALITY, recipientId: [PEOPLE.atFirst] }),
    isRight: (answer) => answer.kind === 'answer',
  },
  {
    name: 'Authority',
    operation: isSenderAccepted,
    url: () => new URL('/webservice/Authority', world.hubOptions.farUrl).href,
    message: wireRequest(isSenderAccepted, { arg0: MUNICIPALITY }),
    isRight: (answer) => answer.kind === 'answer',
  },
  {
    // read to its end: only then can it be known that nobody has signed it
    name: 'Service',
    operation: deliverSecure,
    url: () => world.operatorUrl('first'),
    message: Buffer.from(
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><deliverSecure xmlns="http://minameddelanden.gov.se/schema/Service/v3"/></e:Body></e:Envelope>',
    ),
    isRight: (answer) =>
      answer.kind === 'fault' && answer.errorCode === 5001 && /deliverSecure/.test(answer.description ?? ''),
  },
];

const HEADERS: Readonly<Record<string, Headers>> = {
  'as Kivra sends it': { 'content-type': 'text/xml; charset=utf-8', soapaction: '' },
  'as Java sends it': {
    'content-type': 'text/xml;charset=UTF-8',
    soapaction: '""',
    accept: 'text/xml, multipart/related',
  },
  'with a SOAPAction that names something else': { 'content-type': 'text/xml', soapaction: '"urn:something/else"' },
  'without a SOAPAction': { 'content-type': 'text/xml' },
  'without a Content-Type': {},
  'as SOAP 1.2 would be called': { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:x"' },
  'as plain XML': { 'content-type': 'application/xml' },
  'as nothing known': { 'content-type': 'application/octet-stream' },
  'as something that is no type': { 'content-type': 'xml' },
  'with quotation marks and capitals': { 'content-type': 'TEXT/XML; Charset="UTF-8"' },
  'with a charset that is not the document’s': { 'content-type': 'text/xml; charset=ISO-8859-1' },
  'with the charset of UTF-16': { 'content-type': 'text/xml; charset=utf-16' },
  'waiting for leave, as .NET does': { 'content-type': 'text/xml; charset=utf-8', expect: '100-continue' },
  'over a connection that it closes': { 'content-type': 'text/xml', connection: 'close' },
};

describe('a message is read by what stands in its body', () => {
  for (const target of TARGETS) {
    for (const [how, headers] of Object.entries(HEADERS)) {
      it(`by ${target.name}, ${how}`, async () => {
        await assertRight(target, [target.message], { ...headers, 'content-length': `${target.message.length}` });
      });
    }

    it(`by ${target.name}, in chunks, one byte in the first`, async () => {
      const { message } = target;
      await assertRight(target, [message.subarray(0, 1), message.subarray(1)], { 'transfer-encoding': 'chunked' });
    });

    it(`by ${target.name}, with other prefixes, an empty header and a byte order mark`, async () => {
      const { otherPrefixes, emptyHeader } = SAME_MEANING;
      for (const message of [
        otherPrefixes(target.message),
        emptyHeader(target.message),
        Buffer.concat([Buffer.from('\uFEFF'), target.message]),
      ]) {
        await assertRight(target, [message], { 'content-type': 'text/xml', 'content-length': `${message.length}` });
      }
    });
  }
});

async function assertRight({ operation, url, isRight }: Target, pieces: Buffer[], headers: Headers): Promise<void> {
  const reply = await post(url(), pieces, headers);
  const answer = readWireAnswer(reply.body, operation);
  assert.ok(isRight(answer), `${reply.status} ${JSON.stringify(answer)} ${reply.body.toString('utf8', 0, 300)}`);
  assert.equal(reply.status, answer.kind === 'answer' ? 200 : 500);
  assert.equal(reply.contentType, 'text/xml; charset=utf-8');
}
