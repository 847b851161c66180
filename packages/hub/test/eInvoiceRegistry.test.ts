import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OrganizationNumber, RecipientId } from '@brevduva/protocol';
import type { EInvoiceAnswer, EInvoiceRegistry } from '../src/eInvoice/eInvoiceRegistry.ts';
import { createFileEInvoiceRegistry } from '../src/eInvoice/fileEInvoiceRegistry.ts';
import { createHttpEInvoiceRegistry } from '../src/http/eInvoiceRegistry.http.ts';
import { createHttpEInvoiceSender } from '../src/http/eInvoiceSender.http.ts';

const ANNA = '192705178354' as RecipientId;
const TOLVAN = '191212121212' as RecipientId;
const CREDITOR = { organizationNumber: '162021004748' as OrganizationNumber, flow: 'faktura' };
const ENDPOINT = '0088:7300009900009';

let server: Server;
let url: string;
let reply: (response: ServerResponse) => void;
let asked: unknown;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevduva-e-invoice-'));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked = {
      method: request.method,
      path: request.url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    reply(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/register`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const ask = (registry: EInvoiceRegistry, ...recipients: RecipientId[]): Promise<EInvoiceAnswer> =>
  registry.find(
    CREDITOR,
    recipients.map((recipient) => ({ recipient, reference: '70012', ocr: '700120' })),
  );
const answering = (invoices: unknown, status = 200) => {
  reply = (response) => response.writeHead(status).end(JSON.stringify({ invoices }));
};

describe('the registry of e-invoices over HTTP', () => {
  test('is told creditor, flow and invoices, and its wishes are read in order', async () => {
    const registry = createHttpEInvoiceRegistry({ url, token: 'hemlig' });
    answering([
      { recipient: ANNA, wanted: true, endpoint: ENDPOINT, name: 'Anna Ek' },
      { recipient: TOLVAN, wanted: false },
    ]);
    assert.deepEqual(await ask(registry, ANNA, TOLVAN), {
      kind: 'answered',
      wishes: [
        { kind: 'wanted', address: { scheme: '0088', id: '7300009900009', name: 'Anna Ek' } },
        { kind: 'notWanted' },
      ],
    });
    const { headers, body } = asked as { headers: Record<string, string>; body: string };
    assert.equal(headers['authorization'], 'Bearer hemlig');
    const invoices = [ANNA, TOLVAN].map((recipient) => ({ recipient, reference: '70012', ocr: '700120' }));
    assert.deepEqual(JSON.parse(body), { creditor: '162021004748', flow: 'faktura', invoices });
    registry.close();
  });

  const wanted = { recipient: ANNA, wanted: true, endpoint: ENDPOINT };
  const bad: readonly [what: string, how: () => void][] = [
    ['an error', () => answering([wanted], 503)],
    ['no JSON', () => (reply = (response) => response.end('<html>'))],
    ['nobody', () => answering([])],
    ['somebody else', () => answering([{ ...wanted, recipient: TOLVAN }])],
    ['an address that is none', () => answering([{ ...wanted, endpoint: '7300009900009' }])],
    ['a name with a line break', () => answering([{ ...wanted, name: 'Anna\nEk' }])],
    ['yes as a text', () => answering([{ ...wanted, wanted: 'yes' }])],
    ['a broken connection', () => (reply = (response) => response.destroy())],
  ];
  test('that does not answer as it should is unavailable for all, and its reason names nobody', async () => {
    const registry = createHttpEInvoiceRegistry({ url });
    for (const [what, how] of bad) {
      how();
      const answer = await ask(registry, ANNA);
      assert.ok(answer.kind === 'unavailable', `${what}: ${JSON.stringify(answer)}`);
      assert.ok(!answer.reason.includes(ANNA), what);
    }
    registry.close();
    const silent = createHttpEInvoiceRegistry({ url, answerTimeoutMs: 50 });
    reply = () => undefined;
    assert.equal((await ask(silent, ANNA)).kind, 'unavailable');
    silent.close();
  });
});

describe('the registry of e-invoices in a file', () => {
  const kinds = (answer: EInvoiceAnswer) =>
    answer.kind === 'answered' ? answer.wishes.map(({ kind }) => kind) : answer.kind;

  test('JSON and CSV say the same; a changed file is read again', async () => {
    const json = join(folder, 'register.json');
    const registry = createFileEInvoiceRegistry(json);
    assert.equal(kinds(await ask(registry, ANNA)), 'unavailable', 'not there yet');
    await writeFile(json, JSON.stringify({ recipients: [{ recipient: ANNA, endpoint: ENDPOINT }] }));
    assert.deepEqual(kinds(await ask(registry, ANNA, TOLVAN)), ['wanted', 'notWanted']);
    await writeFile(json, JSON.stringify({ recipients: [] }));
    assert.deepEqual(kinds(await ask(registry, ANNA)), ['notWanted']);
    const csv = join(folder, 'register.csv');
    await writeFile(csv, `mottagare;adress;namn\n${ANNA};${ENDPOINT};Anna Ek\n`);
    assert.deepEqual(kinds(await ask(createFileEInvoiceRegistry(csv), ANNA, TOLVAN)), ['wanted', 'notWanted']);
  });

  test('with one fault says nothing at all: a list that lacks somebody would send her paper', async () => {
    const row = { recipient: ANNA, endpoint: ENDPOINT };
    const files = [
      '{',
      '[]',
      JSON.stringify({ recipients: [row, row] }),
      JSON.stringify({ recipients: [row, { recipient: '191212121213', endpoint: ENDPOINT }] }),
      JSON.stringify({ recipients: [{ recipient: ANNA }] }),
    ];
    for (const [n, text] of files.entries()) {
      const file = join(folder, `fel-${n}.json`);
      await writeFile(file, text);
      const answer = await ask(createFileEInvoiceRegistry(file), ANNA);
      assert.ok(answer.kind === 'unavailable', text);
      assert.ok(!answer.reason.includes(ANNA));
    }
    const csv = join(folder, 'fel.csv');
    await writeFile(csv, `mottagare;namn\n${ANNA};Anna\n`);
    assert.equal((await ask(createFileEInvoiceRegistry(csv), ANNA)).kind, 'unavailable');
  });
});

describe('the access point over HTTP', () => {
  const invoice = {
    letterId: '01990000-0000-7000-8000-000000000002',
    xml: Buffer.from('<Invoice/>'),
    receiver: ENDPOINT,
  };
  const json = (status: number, body: unknown) => () => {
    reply = (response) => response.writeHead(status).end(JSON.stringify(body));
  };

  test('is sent the bytes under the letter’s id; only what is said in so many words is known', async () => {
    const sender = createHttpEInvoiceSender({ url, token: 'hemlig' });
    const table: readonly [how: () => void, kind: string][] = [
      [json(202, { status: 'accepted', reference: 'A-1' }), 'accepted'],
      [json(422, { status: 'rejected', reason: 'nej' }), 'rejected'],
      [json(503, {}), 'notTaken'],
      [json(429, {}), 'notTaken'],
      [json(401, {}), 'notTaken'],
      [json(200, { status: 'fine' }), 'unknown'],
      [json(422, { status: 'busy' }), 'unknown'],
      [json(500, { status: 'rejected' }), 'unknown'],
      [json(409, {}), 'unknown'],
      [() => (reply = (response) => response.destroy()), 'unknown'],
    ];
    for (const [how, kind] of table) {
      how();
      assert.equal((await sender.send(invoice)).kind, kind, String(how));
    }
    const { headers, body } = asked as { headers: Record<string, string>; body: string };
    assert.deepEqual(
      [headers['idempotency-key'], headers['content-type'], headers['x-receiver'], body],
      [invoice.letterId, 'application/xml', ENDPOINT, '<Invoice/>'],
    );
    sender.close();
    const nowhere = createHttpEInvoiceSender({ url: 'http://127.0.0.1:9/' });
    assert.equal((await nowhere.send(invoice)).kind, 'notTaken');
    nowhere.close();
  });

  test('tells what became of it; its words are cut, on one line, and name nobody', async () => {
    const sender = createHttpEInvoiceSender({ url });
    json(200, { status: 'rejected', reason: `Okänd ${ANNA}\n${'x'.repeat(1000)}` })();
    const status = await sender.status(invoice.letterId);
    assert.ok(status.kind === 'rejected');
    assert.ok(status.reason.length <= 300 && !status.reason.includes(ANNA) && !status.reason.includes('\n'));
    assert.equal((asked as { path: string }).path, `/register/${invoice.letterId}`);
    for (const [how, kind] of [
      [json(200, { status: 'accepted' }), 'pending'],
      [json(200, { status: 'delivered' }), 'delivered'],
      [json(404, {}), 'unavailable'],
      [json(200, {}), 'unavailable'],
    ] as const) {
      how();
      assert.equal((await sender.status(invoice.letterId)).kind, kind);
    }
    sender.close();
  });
});
