import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { BrevduvaError, createBrevduva } from '../src/index.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Reply = { status: number; body: unknown; headers?: Record<string, string> } | 'hangUp';

/** A hub's door in miniature: a real HTTP server that answers what the test says, in order (the last one stays). */
async function startServer(replies: Reply[]): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks),
    });
    const reply = replies[Math.min(seen.length, replies.length) - 1];
    if (reply === undefined || reply === 'hangUp') return void request.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const ACCEPTED = { status: 201, body: { id: 'L1', status: 'accepted', links: { self: '/api/v1/letters/L1' } } };
const LETTER = { flow: 'beslut', recipient: '198001012384', subject: 'Hej', text: 'Text' };
const client = (url: string) => createBrevduva({ url, apiKey: 'nyckel' });

async function formOf(seen: Seen): Promise<FormData> {
  return await new Response(new Uint8Array(seen.body), {
    headers: { 'content-type': seen.headers['content-type'] ?? '' },
  }).formData();
}

async function refusal(promise: Promise<unknown>): Promise<BrevduvaError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrevduvaError, `not a BrevduvaError: ${error}`);
  return error;
}

test('a letter goes as multipart with the PDF raw, the key in its header and the api key as bearer', async () => {
  const { url, seen } = await startServer([ACCEPTED]);
  const pdf = Buffer.from('%PDF-1.7 å');
  const accepted = await client(`${url}/`).sendLetter({
    ...LETTER,
    attachments: [{ name: 'beslut å.pdf', bytes: pdf }],
    address: { name: 'Åsa', street: 'Gatan 1', postalCode: '123 45', city: 'Orten' },
    reference: 'Ä-1',
    idempotencyKey: 'k1',
  });
  assert.deepEqual({ ...accepted }, { ...ACCEPTED.body, replayed: false, idempotencyKey: 'k1' });
  const [call] = seen;
  assert.ok(call);
  assert.equal(`${call.method} ${call.url}`, 'POST /api/v1/letters');
  assert.equal(call.headers.authorization, 'Bearer nyckel');
  assert.equal(call.headers['idempotency-key'], 'k1');
  const form = await formOf(call);
  assert.deepEqual(JSON.parse(String(form.get('letter'))), {
    flow: 'beslut',
    recipient: '198001012384',
    subject: 'Hej',
    address: { name: 'Åsa', street: 'Gatan 1', postalCode: '123 45', city: 'Orten' },
    reference: 'Ä-1',
    body: { contentType: 'text/plain', text: 'Text' },
  });
  const file = form.get('attachment');
  assert.ok(file instanceof File);
  assert.equal(file.name, 'beslut å.pdf');
  assert.equal(file.type, 'application/pdf');
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), pdf);
});

test('lost connection, 503 and 429 are tried again with the same made-up key', async () => {
  const wait = { status: 429, body: {}, headers: { 'retry-after': '0' } };
  const { url, seen } = await startServer(['hangUp', { status: 503, body: 'nere' }, wait, ACCEPTED]);
  const accepted = await client(url).sendLetter(LETTER);
  assert.equal(accepted.id, 'L1');
  assert.equal(seen.length, 4);
  const keys = new Set(seen.map((call) => call.headers['idempotency-key']));
  assert.deepEqual([...keys], [accepted.idempotencyKey]);
  assert.match(accepted.idempotencyKey, /^[0-9a-f-]{36}$/);
});

test('two letters get two keys; a known key is reported as replay', async () => {
  const { url, seen } = await startServer([
    ACCEPTED,
    { ...ACCEPTED, status: 200, headers: { 'idempotent-replay': 'true' } },
  ]);
  assert.equal((await client(url).sendLetter(LETTER)).replayed, false);
  assert.equal((await client(url).sendLetter(LETTER)).replayed, true);
  assert.notEqual(seen[0]?.headers['idempotency-key'], seen[1]?.headers['idempotency-key']);
});

test('a refusal carries status, code and every fault, and is not repeated', async () => {
  const faults = [
    { code: 'HUB_UNKNOWN_FLOW', path: '/flow', text: 'Flödet finns inte.' },
    { code: 'HUB_RECIPIENT', path: '/recipient', text: 'Fel kontrollsiffra.' },
  ];
  const problem = {
    type: 'about:blank',
    title: 'Brevet togs inte emot',
    status: 422,
    code: 'HUB_INVALID_LETTER',
    faults,
  };
  const { url, seen } = await startServer([{ status: 422, body: problem }]);
  const error = await refusal(client(url).sendLetter({ ...LETTER, idempotencyKey: 'k2' }));
  assert.equal(error.status, 422);
  assert.equal(error.code, 'HUB_INVALID_LETTER');
  assert.equal(error.message, 'Brevet togs inte emot');
  assert.deepEqual(error.faults, faults);
  assert.equal(error.idempotencyKey, 'k2');
  assert.equal(seen.length, 1);
});

test('nobody listening ends as SDK_UNREACHABLE with the key to use again', async () => {
  const { url } = await startServer(['hangUp']);
  const error = await refusal(client(url).sendLetter({ ...LETTER, idempotencyKey: 'k3' }));
  assert.equal(error.code, 'SDK_UNREACHABLE');
  assert.match(error.message, /samma idempotensnyckel/);
  assert.equal(error.idempotencyKey, 'k3');
  assert.ok(error.cause instanceof Error);
});

test('a proxy page, a redirect and a 200 without JSON are SDK_BAD_ANSWER', async () => {
  const page = '<html>hej</html>';
  for (const reply of [
    { status: 404, body: page },
    { status: 302, body: page, headers: { location: 'http://127.0.0.1:9/' } },
    { status: 200, body: page },
    { status: 200, body: {} },
  ]) {
    const { url } = await startServer([reply]);
    const error = await refusal(client(url).getLetter('L1'));
    assert.equal(error.code, 'SDK_BAD_ANSWER');
    assert.match(error.message, /Kontrollera att adressen/);
  }
});

test('text and html together are refused before anything is sent', async () => {
  const { url, seen } = await startServer([ACCEPTED]);
  const error = await refusal(client(url).sendLetter({ ...LETTER, html: '<p>x</p>' }));
  assert.equal(error.code, 'SDK_INVALID_LETTER');
  assert.equal(error.faults[0]?.text, 'Ange text eller html, inte båda.');
  assert.equal(seen.length, 0);
});

test('waitForFinal asks until the letter is final, or a person has it, or time is up', async () => {
  const letter = {
    id: 'L 1',
    status: 'sealed',
    stage: 'deliver',
    final: false,
    recipientMasked: '',
    subject: '',
    events: [],
  };
  const final = { status: 200, body: { ...letter, final: true } };
  // The hub writes null for what there is none of.
  const open = { status: 200, body: { ...letter, case: null, channel: null } };
  const first = await startServer([open, open, open, final]);
  const found = await client(first.url).getLetter('L 1');
  assert.ok(!('case' in found) && !('channel' in found));
  assert.equal((await client(first.url).waitForFinal('L 1')).final, true);
  assert.deepEqual(
    first.seen.map((call) => call.url),
    Array(4).fill('/api/v1/letters/L%201'),
  );
  const second = await startServer([
    { status: 200, body: { ...letter, status: 'case', case: { reason: 'adress saknas' } } },
  ]);
  assert.deepEqual((await client(second.url).waitForFinal('L 1')).case, { reason: 'adress saknas' });
  const third = await startServer([open]);
  const error = await refusal(client(third.url).waitForFinal('L 1', { timeoutMs: 300 }));
  assert.equal(error.code, 'SDK_WAIT_ENDED');
  assert.match(error.message, /fråga igen senare/);
});

test('an abort by the caller ends the call at once with the caller’s reason', async () => {
  const { url } = await startServer(['hangUp']);
  const reason = new Error('stopp');
  const signal = AbortSignal.timeout(60_000);
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  await assert.rejects(client(url).getLetter('L1', { signal: AbortSignal.any([signal, controller.signal]) }), reason);
});
