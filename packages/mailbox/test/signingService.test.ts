import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createSigningService } from '../src/signing/signingService.http.ts';
import { PERSON_ANNA } from './people.ts';

/** An e-ID that answers as each test tells it to, and remembers what it was asked. */
let answer: { status: number; body: string } = { status: 500, body: '' };
const asked: { method: string; url: string; authorization: string; body: string }[] = [];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', headers } = request;
  asked.push({ method, url, authorization: headers.authorization ?? '', body: Buffer.concat(chunks).toString() });
  response.writeHead(answer.status, { 'content-type': 'application/json', location: 'http://localhost:1/' });
  response.end(answer.body);
});
let issuer = '';

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const service = () => createSigningService({ issuer, clientId: 'lådan', clientSecret: 'hemligt:å' });
const REQUEST = {
  personalNumber: PERSON_ANNA,
  text: 'Jag öppnar.\n\nMottagare …',
  nonce: 'n-1',
  returnUrl: 'http://localhost:1/signing/1',
};
const answers = (status: number, body: unknown) => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};

describe('an order', () => {
  test('is asked for with the client’s name and secret, and gives the address where the person signs', async () => {
    answers(201, { orderRef: 'abc', signUrl: `${issuer}/sign/xyz` });
    assert.deepEqual(await service().order(REQUEST), { orderRef: 'abc', signUrl: `${issuer}/sign/xyz` });
    const { method, url, authorization, body } = asked.at(-1) ?? assert.fail();
    assert.equal(`${method} ${url}`, 'POST /sign');
    assert.equal(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString(), 'lådan:hemligt:å');
    assert.deepEqual(JSON.parse(body), REQUEST);
  });

  test('that the e-ID will not have is refused', async () => {
    answers(400, { code: 'unknown_person', text: 'Finns inte.' });
    await assert.rejects(service().order(REQUEST), { code: 'MAILBOX_SIGNING_REFUSED', detail: 'unknown_person' });
  });

  const SENSELESS: [status: number, body: unknown][] = [
    [500, {}],
    [429, { code: 'too_many_orders' }],
    [401, { code: 'invalid_client' }],
    [201, 'not json'],
    [201, {}],
    [201, null],
    [201, { orderRef: 'abc', signUrl: 'https://evil.example/sign' }],
    [201, { orderRef: 'abc', signUrl: 'javascript:alert(1)' }],
    [302, {}],
  ];
  for (const [status, body] of SENSELESS) {
    test(`${status} ${JSON.stringify(body)} is no answer`, async () => {
      answers(status, body);
      await assert.rejects(service().order(REQUEST), { code: 'MAILBOX_SIGNING_UNREACHABLE' });
    });
  }

  test('to an e-ID that is away', async () => {
    const away = createSigningService({ issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' });
    await assert.rejects(away.order(REQUEST), { code: 'MAILBOX_SIGNING_UNREACHABLE' });
  });
});

describe('collecting', () => {
  test('gives the signature byte for byte', async () => {
    const document = Buffer.from('<UserSignature>å</UserSignature>');
    const signature = { signature: document.toString('base64'), certificate: 'MII', nonce: 'n-1' };
    answers(200, { status: 'complete', signature });
    const collected = await service().collect('a/b?c');
    assert.deepEqual(collected, {
      status: 'complete',
      signature: { Signature: document, Certificate: 'MII', Nonce: 'n-1' },
    });
    assert.equal(asked.at(-1)?.url, '/sign/a%2Fb%3Fc/collect');
  });

  for (const status of ['pending', 'cancelled', 'expired'] as const) {
    test(`${status} is told as it is`, async () => {
      answers(200, { status });
      assert.deepEqual(await service().collect('abc'), { status });
    });
  }

  test('an order that the e-ID has forgotten has expired', async () => {
    answers(404, { code: 'unknown_order' });
    assert.deepEqual(await service().collect('abc'), { status: 'expired' });
  });

  for (const body of [
    { status: 'sure' },
    { status: 'complete' },
    { status: 'complete', signature: { signature: 1 } },
  ]) {
    test(`${JSON.stringify(body)} is no answer`, async () => {
      answers(200, body);
      await assert.rejects(service().collect('abc'), { code: 'MAILBOX_SIGNING_UNREACHABLE' });
    });
  }
});
