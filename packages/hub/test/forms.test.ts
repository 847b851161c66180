import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createLog, systemClock } from '@brevduva/base';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { createHubAdmin } from '../src/admin.ts';
import { isAllowedAddress } from '../src/http/webhookAddress.ts';
import { applyConfiguration } from '../src/organisation/applyConfiguration.ts';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { parseConfiguration } from '../src/organisation/parseConfiguration.ts';
import { readConfiguration } from '../src/organisation/readConfiguration.ts';
import { retryForm } from '../src/sql/formMessages.ts';
import { releaseFormLeasesOf } from '../src/sql/formOutbox.ts';
import { sweepOnce } from '../src/sweep.ts';
import { seedSession } from './support/consoleLetters.ts';
import { API_KEY, MUNICIPALITY, OTHER_API_KEY } from './support/hubDatabase.ts';
import { type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';
import { runProgram } from './support/programs.ts';

/** Forms from a portal to the system that they are for: the real endpoint, the real worker, a real receiver over TLS. */
const PORTAL_KEY = 'bd_test_portal0123456789abcdef01234567';
const FORM = Buffer.from(
  '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<a:Ansokan xmlns:a="urn:exempel:servering" id="7"><a:Sokande><a:Namn>Krögaren &amp; Söner <![CDATA[<b>AB</b>]]></a:Namn></a:Sokande></a:Ansokan>\n',
);
const PNG = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');
const FIELDS = [
  { name: 'Sökande', path: 'Sokande/Namn' },
  { name: 'Finns inte', path: 'Sokande/Epost' },
];

let hub: IntakeHub;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
/** Set to die once between the receiver's answer and the note of it. */
let dieAt: string | undefined;

before(async () => {
  const authority = await createTestAuthority({ name: 'Mottagarens CA' });
  receiver = await startReceiver(await authority.issue({ commonName: 'localhost' }));
  hub = await startIntakeHub({
    runsPipeline: true,
    webhookCaPem: authority.caPem,
    crashPoint: (name) => {
      if (name !== dieAt) return;
      dieAt = undefined;
      throw new Error('died here');
    },
  });
  await createHubAdmin(hub.pool).putOrganisation({
    ...{ organizationNumber: MUNICIPALITY, name: 'Kommun A', units: [], flows: [] },
    returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring växeln.' },
    systems: [
      { name: 'Ärendesystemet', apiKey: API_KEY },
      { name: 'Portalen', apiKey: PORTAL_KEY },
    ],
  });
});
after(async () => {
  await hub.close();
  receiver.close();
});
beforeEach(() => setProducts());
afterEach(() => receiver.reset());

const WEBHOOK = { network: 'internal', retrySeconds: 1, attempts: 2, timeoutSeconds: 5 };

/** The portal's products, as a configuration would have them: one that is pushed, one that is fetched. */
async function setProducts(webhook: Record<string, unknown> = {}): Promise<void> {
  const products = [
    {
      ...{ code: 'servering', name: 'Serveringstillstånd', receiver: 'arendesystemet', fields: FIELDS },
      webhook: { ...WEBHOOK, url: receiver.url, ...webhook },
    },
    { code: 'hamtas', name: 'Hämtas', receiver: 'arendesystemet', fields: FIELDS, fetchHours: 1 },
  ];
  await hub.pool.query(`update business_system set ways_in = $1 where code = 'portalen'`, [
    JSON.stringify({ forms: { products } }),
  ]);
}

interface Got {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A receiver as a municipality would run it. What it answers is for the test to say, and `hold` makes it answer nothing. */
async function startReceiver(tls: { keyPem: string; certPem: string }) {
  const got: Got[] = [];
  const answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  const server: Server = createServer({ key: tls.keyPem, cert: tls.certPem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      const { status, headers = {}, body = '' } = answers.shift() ?? { status: 204 };
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/formular`,
    got,
    answers,
    reset() {
      got.length = 0;
      answers.length = 0;
    },
    close: () => server.close(),
  };
}

let transactions = 0;
function nextTransaction(): string {
  transactions += 1;
  return `tx-${transactions}`;
}

interface Sent {
  readonly label?: unknown;
  readonly fields?: Readonly<Record<string, string>>;
  readonly form?: Buffer | undefined;
  readonly attachments?: readonly { name: string; bytes: Buffer; type?: string }[];
}

function bodyOf({ label, fields = {}, form = FORM, attachments = [] }: Sent): FormData {
  const data = new FormData();
  const blob = (bytes: Buffer, type: string) => new Blob([new Uint8Array(bytes)], { type });
  if (typeof label === 'string') data.append('label', blob(Buffer.from(label), 'application/xml'), 'label.xml');
  else if (label !== undefined) data.append('label', JSON.stringify(label));
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append('form', blob(form, 'application/xml'), 'ansökan.xml');
  for (const { name, bytes, type = 'application/pdf' } of attachments)
    data.append('attachment', blob(bytes, type), name);
  return data;
}

async function send(sent: Sent, apiKey = PORTAL_KEY, headers: Record<string, string> = {}) {
  return call('/api/v1/forms', apiKey, { method: 'POST', body: bodyOf(sent), headers });
}

async function call(path: string, apiKey: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${apiKey}`, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(`${hub.hub.webUrl}${path}`, { ...init, headers });
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test asserts what it reads.
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** Waits for a state, letting what waits for its next attempt be due at once. */
async function until(id: string, ...states: readonly string[]) {
  for (;;) {
    const { rows } = await hub.pool.query('select * from form_message where id = $1', [id]);
    if (states.includes(rows[0]?.state)) return rows[0];
    await hub.pool.query(
      `update form_message set due_at = now() where id = $1 and state = 'received' and lease_id is null`,
      [id],
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function untilRow(
  id: string,
  holds: (row: { failure: string | null; attempts: number; due_at: Date }) => boolean,
) {
  for (;;) {
    const { rows } = await hub.pool.query('select * from form_message where id = $1', [id]);
    if (holds(rows[0])) return rows[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await hub.pool.query('select kind from form_event where message_id = $1 order by id', [id]);
  return rows.map(({ kind }) => kind);
}

async function countForms(): Promise<number> {
  const { rows } = await hub.pool.query(
    'select (select count(*) from form_message) + (select count(*) from form_part) + (select count(*) from content) as n',
  );
  return Number(rows[0].n);
}

async function refused(sent: Sent, faults: readonly string[]): Promise<void> {
  const before = await countForms();
  const { status, body } = await send(sent);
  assert.deepEqual([status, body.code], [422, 'HUB_FORM_INVALID'], JSON.stringify(body));
  assert.deepEqual(
    body.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`),
    faults,
  );
  for (const { text } of body.faults) assert.match(text, /^[A-ZÅÄÖ].*\.$/);
  assert.equal(await countForms(), before, 'a refusal stores nothing');
}

describe('a form with a webhook', () => {
  test('reaches its receiver signed, byte for byte, with its label as SHS has it', async () => {
    const tx = nextTransaction();
    const label = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE shs.label SYSTEM "shs-label-1.2.dtd">
<shs.label version="1.2" tx.id="${tx}" corr.id="k-1" sequence-type="EVENT" status="test"><from>162021001967</from><to>2021004748</to>
<product commonname="Servering">servering</product><subject>Ansökan från Krögaren</subject><datetime>2026-11-23T10:00:00</datetime>
<content content.id="1"><data datapartType="form" filename="ansökan.xml"/><data datapartType="file" filename="../plan.pdf"/></content></shs.label>`;
    const attachments = [
      { name: '../plan.pdf', bytes: PDF },
      { name: 'C:\\Users\\x\\bild.PNG', bytes: PNG, type: 'text/html' },
    ];
    const { status, headers, body } = await send({ label, attachments });
    assert.deepEqual([status, body.status, body.transactionId], [201, 'received', tx], JSON.stringify(body));
    assert.deepEqual([headers.get('x-shs-txid'), headers.get('x-shs-duplicatemsg')], [tx, 'no']);
    await until(body.id, 'handedOver');
    const [got, ...more] = receiver.got;
    assert.ok(got !== undefined && more.length === 0);
    assert.deepEqual([got.headers['brevduva-message-id'], got.headers['brevduva-attempt']], [body.id, '1']);
    const { body: secrets } = await call('/api/v1/form-mailbox/secrets', API_KEY);
    const [{ version, secret }] = secrets.secrets;
    assert.deepEqual([version, secrets.secrets.length], [1, 1]);
    const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(got.headers['brevduva-signature'])) ?? [];
    assert.equal(createHmac('sha256', secret).update(`${time}.`).update(got.body).digest('hex'), mac);
    const type = String(got.headers['content-type']);
    const form = await new Response(new Uint8Array(got.body), { headers: { 'content-type': type } }).formData();
    const message = JSON.parse(String(form.get('message')));
    assert.deepEqual(
      [message.id, message.test, message.from, message.subject, message.portal],
      [body.id, true, '162021001967', 'Ansökan från Krögaren', 'Portalen'],
    );
    assert.deepEqual(message.fields, { Sökande: 'Krögaren & Söner <b>AB</b>', 'Finns inte': null });
    assert.deepEqual(
      message.parts.map(({ kind, filename, contentType }: Record<string, string>) => [kind, filename, contentType]),
      [
        ['label', 'etikett.xml', 'application/xml'],
        ['form', 'ansökan.xml', 'application/xml'],
        ['attachment', 'plan.pdf', 'application/pdf'],
        ['attachment', 'bild.png', 'image/png'],
      ],
    );
    const part = form.get('form');
    assert.ok(part instanceof File);
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), FORM, 'not a byte is another');
    const receipt = await call(`/api/v1/forms/${body.id}`, PORTAL_KEY);
    assert.deepEqual([receipt.status, receipt.body.status], [200, 'handedOver']);
    assert.deepEqual(await eventsOf(body.id), ['received', 'handedOver']);
  });

  test('handed in twice is one; with other content it is refused; two at once are one', async () => {
    const fields = { transactionId: nextTransaction(), product: 'servering' };
    const [first, twin] = await Promise.all([send({ fields }), send({ fields })]);
    assert.deepEqual([first.status, twin.status].sort(), [200, 201]);
    assert.equal(first.body.id, twin.body.id);
    await until(first.body.id, 'handedOver');
    const again = await send({ fields });
    assert.deepEqual(
      [
        again.status,
        again.body.status,
        again.headers.get('idempotent-replay'),
        again.headers.get('x-shs-duplicatemsg'),
      ],
      [200, 'handedOver', 'true', 'yes'],
    );
    const other = await send({ fields, attachments: [{ name: 'ny.pdf', bytes: PDF }] });
    assert.deepEqual([other.status, other.body.code], [409, 'HUB_FORM_TRANSACTION_REUSED']);
    assert.equal(receiver.got.length, 1);
    const keyed = await send({ fields: { product: 'servering' } }, PORTAL_KEY, { 'idempotency-key': 'min-egen' });
    assert.deepEqual([keyed.status, keyed.body.transactionId], [201, 'min-egen']);
    await until(keyed.body.id, 'handedOver');
  });

  test('is sent again with the same id and bytes by a node that died before it had noted the answer', async () => {
    dieAt = 'form:sent';
    const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
    while (dieAt !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(await eventsOf(body.id), ['received'], 'nothing was noted');
    // What a node does when it starts again under its name.
    assert.equal(await releaseFormLeasesOf(hub.pool, 'test'), 1);
    receiver.answers.push({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"caseReference":"ALK 2026-17"}',
    });
    const row = await until(body.id, 'acknowledged');
    assert.equal(row.case_reference, 'ALK 2026-17');
    const [one, two, ...more] = receiver.got;
    assert.deepEqual(more, []);
    assert.equal(one?.headers['brevduva-message-id'], two?.headers['brevduva-message-id']);
    assert.deepEqual(one?.body, two?.body);
  });

  test('that is not taken is tried again, and then lies with a person, who lets it be tried again', async () => {
    receiver.answers.push({ status: 503 }, { status: 302, headers: { location: `${receiver.url}/annan` } });
    const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
    const failed = await until(body.id, 'failed');
    assert.deepEqual([failed.failure, failed.attempts], ['redirected', 2]);
    assert.ok(failed.deadline > new Date());
    assert.deepEqual(
      receiver.got.map(({ path }) => path),
      ['/formular', '/formular'],
      'no redirect is followed',
    );
    assert.deepEqual(await eventsOf(body.id), ['received', 'attemptFailed', 'failed']);
    const mailbox = await call('/api/v1/form-mailbox', API_KEY);
    assert.ok(
      mailbox.body.forms.some(({ id }: { id: string }) => id === body.id),
      'the receiver can fetch it meanwhile',
    );
  });

  for (const [what, webhook, failure] of [
    ['an address of our own network', { network: 'public' }, 'forbiddenAddress'],
    ['an address written as a number', { network: 'public', url: 'https://127.0.0.1:1/' }, 'forbiddenAddress'],
    ['where clouds keep their keys', { url: 'https://169.254.169.254/latest' }, 'forbiddenAddress'],
    ['nobody who listens', { url: 'https://localhost:1/' }, 'unreachable'],
  ] as const) {
    test(`that would go to ${what} does not`, async () => {
      await setProducts({ ...webhook, attempts: 1 });
      const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
      assert.equal((await until(body.id, 'failed')).failure, failure);
      assert.equal(receiver.got.length, 0);
    });
  }

  test('that has ended every process that tried it, or cannot be read, lies with a person in the end', async () => {
    receiver.answers.push({ status: 500 });
    await setProducts({ retrySeconds: 3_600 });
    const fields = () => ({ transactionId: nextTransaction(), product: 'servering' });
    const { body } = await send({ fields: fields() });
    await untilRow(body.id, ({ failure }) => failure !== null);
    await hub.pool.query('update form_message set attempts = 9 where id = $1', [body.id]);
    assert.equal((await until(body.id, 'failed')).failure, 'internal');
    assert.equal(receiver.got.length, 1, 'nothing more was sent');
    receiver.answers.push({ status: 500 });
    const unreadable = await send({
      fields: fields(),
      attachments: [{ name: 'x.txt', bytes: Buffer.from('oläsbar') }],
    });
    await untilRow(unreadable.body.id, ({ failure }) => failure !== null);
    await hub.pool.query(
      `update content c set bytes = '\\x00' from form_part p where p.message_id = $1 and p.hash = c.hash and p.filename = 'x.txt'`,
      [unreadable.body.id],
    );
    assert.equal((await until(unreadable.body.id, 'failed')).failure, 'internal');
  });

  test('of a product that is no longer there lies with a person', async () => {
    receiver.answers.push({ status: 500 });
    await setProducts({ retrySeconds: 3_600 });
    const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
    while ((await eventsOf(body.id)).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await hub.pool.query(`update business_system set ways_in = '{}' where code = 'portalen'`);
    assert.equal((await until(body.id, 'failed')).failure, 'noReceiver');
  });
});

describe('a form without a webhook', () => {
  test('waits in the case mailbox, is fetched file by file and acknowledged', async () => {
    const fields = { transactionId: nextTransaction(), product: 'hamtas', subject: 'Anmälan' };
    const { body } = await send({ fields, attachments: [{ name: 'intyg.txt', bytes: Buffer.from('Åh nej') }] });
    const list = await call('/api/v1/form-mailbox', API_KEY);
    const listed = list.body.forms.find(({ id }: { id: string }) => id === body.id);
    assert.deepEqual([listed.subject, listed.status, listed.productName], ['Anmälan', 'received', 'Hämtas']);
    const form = await call(`/api/v1/form-mailbox/${body.id}`, API_KEY);
    assert.deepEqual(
      form.body.parts.map(({ position, kind }: { position: number; kind: string }) => [position, kind]),
      [
        [0, 'form'],
        [1, 'attachment'],
      ],
    );
    const file = await fetch(`${hub.hub.webUrl}/api/v1/form-mailbox/${body.id}/parts/0`, {
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), FORM);
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename\*=UTF-8''ans%C3%B6kan\.xml$/);
    assert.match(file.headers.get('content-security-policy') ?? '', /sandbox/);
    const acknowledge = (reference: unknown) =>
      call(`/api/v1/form-mailbox/${body.id}/acknowledge`, API_KEY, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ caseReference: reference }),
      });
    assert.equal((await acknowledge(17)).body.code, 'HUB_FORM_INVALID');
    assert.equal((await acknowledge(undefined)).body.status, 'acknowledged');
    assert.equal((await acknowledge('ALK 18')).body.caseReference, 'ALK 18');
    assert.equal((await acknowledge('ALK 18')).status, 200);
    assert.deepEqual(await eventsOf(body.id), ['received', 'acknowledged', 'acknowledged']);
    const after = await call('/api/v1/form-mailbox', API_KEY);
    assert.ok(!after.body.forms.some(({ id }: { id: string }) => id === body.id));
    const receipt = await call(`/api/v1/forms/${body.id}`, PORTAL_KEY);
    assert.deepEqual([receipt.body.status, receipt.body.acknowledgedAt !== null], ['acknowledged', true]);
  });

  test('that nobody fetches lies with a person, and not before its time', async () => {
    const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'hamtas' } });
    await hub.pool.query('update form_message set due_at = now() where id = $1', [body.id]);
    for (;;) {
      const { rows } = await hub.pool.query(
        'select state, attempts, due_at > now() as waits from form_message where id = $1',
        [body.id],
      );
      if (rows[0].waits && rows[0].attempts === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await hub.pool.query(`update form_message set received_at = now() - interval '61 minutes' where id = $1`, [
      body.id,
    ]);
    assert.equal((await until(body.id, 'failed')).failure, 'notFetched');
    assert.ok(await retryForm(hub.pool, hub.organisationId, body.id, 'Maja'));
    const again = await untilRow(body.id, ({ attempts, due_at }) => attempts === 0 && due_at > new Date());
    assert.equal(again.state, 'received', 'it waits as long once more');
  });

  test('is erased when its time is over, and what a letter still needs stays', async () => {
    const shared = Buffer.concat([PDF, Buffer.from('\n% delad')]);
    const own = Buffer.from(`eget ${nextTransaction()}`);
    const { body } = await send({
      fields: { transactionId: nextTransaction(), product: 'hamtas', subject: 'Hemligt' },
      attachments: [
        { name: 'delad.pdf', bytes: shared },
        { name: 'egen.txt', bytes: own },
      ],
    });
    const letter = new FormData();
    letter.append('letter', JSON.stringify({ ...LETTER, inReplyTo: body.transactionId }));
    letter.append('attachment', new Blob([new Uint8Array(shared)], { type: 'application/pdf' }), 'delad.pdf');
    const answer = await hub.postForm(letter);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    await call(`/api/v1/form-mailbox/${body.id}/acknowledge`, API_KEY, { method: 'POST' });
    await hub.pool.query('update form_message set erase_at = now() where id = $1', [body.id]);
    await sweepOnce({ pool: hub.pool, clock: systemClock, log: createLog({ service: 'hub', level: 'silent' }) });
    const { rows: emptied } = await hub.pool.query(
      'select erased_at is not null as "isErased", subject, fields from form_message where id = $1',
      [body.id],
    );
    assert.deepEqual(emptied, [{ isErased: true, subject: null, fields: [] }]);
    const { rows } = await hub.pool.query('select plain_bytes from content where plain_bytes = any($1::integer[])', [
      [shared.length, own.length],
    ]);
    assert.deepEqual(
      rows.map(({ plain_bytes }) => plain_bytes),
      [shared.length],
    );
    const gone = await call(`/api/v1/form-mailbox/${body.id}/parts/0`, API_KEY);
    assert.deepEqual([gone.status, gone.body.code], [410, 'HUB_FORM_ERASED']);
    const view = await hub.get(answer.body.id);
    assert.equal(view.body.inReplyTo, body.id, 'the letter still says what it answers');
    assert.ok((await eventsOf(body.id)).includes('erased'));
  });
});

describe('the console', () => {
  const organisation = () => ({ id: hub.organisationId, name: 'Kommun A' });
  const page = async (path: string, cookie: string) => {
    const response = await fetch(`${hub.hub.webUrl}${path}`, { headers: { cookie }, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const act = (path: string, session: { cookie: string; csrf: string }, fields: Record<string, string> = {}) =>
    fetch(`${hub.hub.webUrl}${path}`, {
      method: 'POST',
      headers: { cookie: session.cookie },
      body: new URLSearchParams({ _csrf: session.csrf, ...fields }),
      redirect: 'manual',
    });

  test('shows a form as text, whatever it holds, its files to save, and the letters that answer it', async () => {
    const maja = await seedSession(hub.pool, organisation(), ['caseworker']);
    const evil =
      '<x:F xmlns:x="u"><Namn><![CDATA[<script>alert(1)</script>]]></Namn><Sokande><ForetagsNamn>Åsö &amp; Co</ForetagsNamn></Sokande></x:F>';
    const fields = { transactionId: nextTransaction(), product: 'hamtas', subject: '<img src=x onerror=1>' };
    const { body } = await send({
      fields,
      form: Buffer.from(evil),
      attachments: [{ name: '<b>.html', bytes: Buffer.from('<script>1</script>') }],
    });
    const letter = await hub.post({ ...LETTER, subject: 'Svaret', inReplyTo: body.id });
    assert.equal(letter.status, 201);
    const shown = await page(`/formular/${body.id}`, maja.cookie);
    assert.equal(shown.status, 200);
    assert.doesNotMatch(shown.text, /<script>alert|<img src=x|<b>\.html/);
    for (const text of ['&lt;script&gt;alert(1)&lt;/script&gt;', 'Sokande › Foretags Namn', 'Åsö &amp; Co', 'Svaret']) {
      assert.ok(shown.text.includes(text), text);
    }
    const file = await page(`/formular/${body.id}/filer/1`, maja.cookie);
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment;/);
    assert.match(file.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(file.headers.get('content-security-policy') ?? '', /sandbox/);
    const answering = await page(`/brev/${letter.body.id}`, maja.cookie);
    assert.ok(answering.text.includes(`href="/formular/${body.id}"`));
    const list = await page('/formular?state=received', maja.cookie);
    assert.ok(list.text.includes('&lt;img src=x'));
    assert.ok((await page('/formular?state=settled&lang=en', maja.cookie)).text.includes('No forms in that state'));
    const neighbour = await seedSession(hub.pool, { id: hub.otherOrganisationId, name: 'Kommun B' }, ['caseworker']);
    for (const path of ['', '/filer/0']) {
      const answer = await page(`/formular/${body.id}${path}`, neighbour.cookie);
      assert.deepEqual([answer.status, answer.text.includes('HUB_FORM_NOT_FOUND')], [404, true]);
    }
    assert.ok((await page('/formular', neighbour.cookie)).text.includes('Inga formulär'));
  });

  test('lets a caseworker try again and end by hand what did not arrive, once, and nobody else', async () => {
    const maja = await seedSession(hub.pool, organisation(), ['caseworker']);
    const omar = await seedSession(hub.pool, organisation(), ['reader']);
    receiver.answers.push({ status: 500 });
    await setProducts({ attempts: 1 });
    const { body } = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
    await until(body.id, 'failed');
    const path = `/formular/${body.id}`;
    const shown = await page(path, maja.cookie);
    assert.ok(shown.text.includes('Mottagaren tog inte emot formuläret.'), 'why, in plain words');
    assert.ok((await page('/att-reda-ut', maja.cookie)).text.includes('Formulär som inte kom fram'));
    assert.doesNotMatch((await page(path, omar.cookie)).text, /forsok-igen/);
    assert.equal((await act(`${path}/forsok-igen`, omar)).status, 403);
    const noWord = await act(`${path}/avsluta`, maja, { note: ' ' });
    assert.deepEqual([noWord.status, (await noWord.text()).includes('Fältet måste fyllas i.')], [422, true]);
    assert.equal((await act(`${path}/forsok-igen`, maja)).headers.get('location'), `${path}?klart=triedAgain`);
    await until(body.id, 'handedOver');
    const late = await act(`${path}/avsluta`, maja, { note: 'Lämnat på papper' });
    assert.deepEqual([late.status, (await late.text()).includes('Någon annan hann före')], [409, true]);
    assert.deepEqual(await eventsOf(body.id), ['received', 'failed', 'triedAgain', 'handedOver']);
    receiver.answers.push({ status: 500 });
    const other = await send({ fields: { transactionId: nextTransaction(), product: 'servering' } });
    await until(other.body.id, 'failed');
    const ended = await act(`/formular/${other.body.id}/avsluta`, maja, { note: 'Lämnat på papper' });
    assert.equal(ended.status, 303);
    const { rows } = await hub.pool.query('select state, note, ended_by from form_message where id = $1', [
      other.body.id,
    ]);
    assert.deepEqual(rows[0], { state: 'settled', note: 'Lämnat på papper', ended_by: 'Maja Lilja' });
  });
});

describe('what cannot be taken', () => {
  const fields = () => ({ transactionId: nextTransaction(), product: 'hamtas' });
  const xml = (text: string) => ({ fields: fields(), form: Buffer.from(text) });

  test('is told whole: fields, addressee, product, files', async () => {
    await refused({ fields: {} }, ['HUB_FIELD_REQUIRED label/transactionId', 'HUB_FIELD_REQUIRED label/product']);
    await refused(
      {
        label: {
          transactionId: 't',
          product: 'okänd',
          to: '16556840-2266',
          sentAt: 'i går',
          files: ['saknas.pdf'],
          nytt: 1,
        },
      },
      [
        'HUB_FIELD_UNKNOWN label/nytt',
        'HUB_FORM_PRODUCT label/product',
        'HUB_FORM_ADDRESSEE label/to',
        'HUB_FIELD_TYPE label/sentAt',
        'HUB_FORM_PARTS label/files',
      ],
    );
    await refused({ fields: { ...fields(), nonsens: 'x' } }, ['HUB_FIELD_UNKNOWN nonsens']);
    await refused({ label: '<shs.label tx.id="1" sequence-type="ADM"><product>hamtas</product></shs.label>' }, [
      'HUB_FORM_LABEL label',
    ]);
    await refused({ label: '{ trasig' }, ['HUB_FORM_LABEL label']);
  });

  test('hostile XML, as form and as label', async () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>';
    const external = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>';
    const fetched = `<!DOCTYPE x SYSTEM "${receiver.url}"><x/>`;
    const deep = `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`;
    const wide = `<a>${'<b/>'.repeat(30_000)}</a>`;
    const styled = `<?xml-stylesheet href="${receiver.url}"?><x/>`;
    for (const text of [laughs, external, fetched, deep, wide, styled, '<a>', 'inte xml', '']) {
      await refused(xml(text), ['HUB_FORM_XML form']);
    }
    await refused({ fields: fields(), form: Buffer.alloc(3_000_000, '<a/>') }, ['HUB_FORM_XML form']);
    const sly =
      '<!DOCTYPE shs.label SYSTEM "shs-label-1.2.dtd" [<!ENTITY f SYSTEM "file:///etc/passwd">]><shs.label tx.id="&f;"/>';
    await refused({ label: sly }, ['HUB_FORM_LABEL label']);
    assert.equal(receiver.got.length, 0, 'nothing was fetched');
  });

  test('attachments that are not what may come', async () => {
    const attachment = (bytes: Buffer) => ({ fields: fields(), attachments: [{ name: 'a.pdf', bytes }] });
    const tar = Buffer.alloc(512);
    tar.write('ustar', 257);
    for (const bytes of [Buffer.from('PK\x03\x04...'), gzipSync('x'), tar]) {
      await refused(attachment(bytes), ['HUB_FORM_ATTACHMENT_ARCHIVE attachments/0']);
    }
    for (const bytes of [Buffer.from('MZ\x90\0\x03'), Buffer.from([0xff, 0xfe, 0x41]), Buffer.alloc(0)]) {
      await refused(attachment(bytes), ['HUB_FORM_ATTACHMENT_TYPE attachments/0']);
    }
    await refused(attachment(Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)])), [
      'HUB_FORM_ATTACHMENT_SIZE attachments/0',
    ]);
    const many = Array.from({ length: 21 }, (_, n) => ({ name: `${n}.pdf`, bytes: PDF }));
    await refused({ fields: fields(), attachments: many }, ['HUB_ATTACHMENTS_TOO_MANY attachments']);
  });

  test('names are made safe, and no two are the same', async () => {
    const names = [
      '../../etc/passwd',
      '..\\..\\CON',
      'a"\r\nx: y',
      '.htaccess',
      '-rf',
      '',
      'samma.txt',
      'SAMMA.txt',
      'x.html',
      '\u202efdp.exe',
    ];
    const attachments = names.map((name) => ({ name, bytes: Buffer.from('text') }));
    const { status, body } = await send({ fields: fields(), attachments });
    assert.equal(status, 201, JSON.stringify(body));
    const { rows } = await hub.pool.query(
      `select filename from form_part where message_id = $1 and kind = 'attachment' order by position`,
      [body.id],
    );
    assert.deepEqual(
      rows.map(({ filename }) => filename),
      [
        'passwd.txt',
        'bilaga-CON.txt',
        'a_22_0D_0Ax_ y.txt',
        'htaccess.txt',
        'rf.txt',
        'bilaga.txt',
        'samma.txt',
        'SAMMA (2).txt',
        'x.html.txt',
        'fdp.exe.txt',
      ],
    );
    for (const { filename } of rows) assert.match(filename, /^[\p{L}\p{N}][\p{L}\p{N} ._()%-]*\.txt$/u);
  });

  test('a system that is no portal, no multipart, the neighbour’s key, and a stranger', async () => {
    const none = await send({ fields: fields() }, API_KEY);
    assert.deepEqual([none.status, none.body.code], [403, 'HUB_FORM_NOT_ALLOWED']);
    const json = await call('/api/v1/forms', PORTAL_KEY, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.deepEqual([json.status, json.body.code], [415, 'HUB_FORM_MULTIPART']);
    const { body } = await send({ fields: fields() });
    for (const key of [OTHER_API_KEY, PORTAL_KEY]) {
      for (const path of ['', '/parts/0', '/acknowledge']) {
        const method = path === '/acknowledge' ? 'POST' : 'GET';
        const answer = await call(`/api/v1/form-mailbox/${body.id}${path}`, key, { method });
        assert.deepEqual([answer.status, answer.body.code], [404, 'HUB_FORM_NOT_FOUND']);
      }
    }
    const theirs = await call(`/api/v1/forms/${body.id}`, OTHER_API_KEY);
    assert.deepEqual([theirs.status, theirs.body.code], [404, 'HUB_FORM_NOT_FOUND']);
    assert.deepEqual((await call('/api/v1/form-mailbox', OTHER_API_KEY)).body.forms, []);
    assert.deepEqual((await call('/api/v1/form-mailbox/secrets', OTHER_API_KEY)).body.secrets, []);
    const reply = await hub.post({ ...LETTER, inReplyTo: body.id }, { authorization: `Bearer ${OTHER_API_KEY}` });
    assert.deepEqual(
      reply.body.faults.map(({ code }: { code: string }) => code),
      ['HUB_FORM_NOT_FOUND'],
    );
    const stranger = await send({ fields: fields() }, 'bd_test_nobody0123456789abcdef01234567');
    assert.deepEqual([stranger.status, stranger.body.code], [401, 'HUB_API_KEY']);
  });
});

test('a public address is one of the internet', () => {
  const allowed = (network: 'public' | 'internal', addresses: readonly string[]) =>
    addresses.filter((address) => isAllowedAddress(address, network));
  const ours = ['127.0.0.1', '10.1.2.3', '172.31.0.1', '192.168.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1'];
  const nobodys = [
    '0.0.0.0',
    '169.254.169.254',
    '::',
    'fe80::1',
    '224.0.0.1',
    '255.255.255.255',
    '::ffff:169.254.169.254',
    '2002:7f00:1::',
    '64:ff9b::a00:1',
    'x',
  ];
  const theirs = ['8.8.8.8', '193.10.1.1', '2a00:1450::1'];
  assert.deepEqual(allowed('public', [...ours, ...nobodys, ...theirs]), theirs);
  assert.deepEqual(allowed('internal', [...ours, ...nobodys, ...theirs]), [...ours, ...theirs]);
});

describe('examples/serveringstillstand', () => {
  const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
  const HERE = `${EXAMPLES}/serveringstillstand`;
  const configurationText = () => readFile(`${EXAMPLES}/lillkoping/organisation.yaml`, 'utf8');

  test('runs as its README says: portal, receiver, decision, case mailbox', async () => {
    const configuration = parseConfiguration(await configurationText());
    await applyConfiguration(hub.pool, configuration, { by: 'test' });
    const keyOf = async (systemCode: string) => {
      const of = { organizationNumber: configuration.organisation.number, systemCode };
      return (await createCredentialAdmin(hub.pool).makeSecret(of, { kind: 'apiKey', by: 'test' })).secret;
    };
    const folder = await mkdtemp(join(tmpdir(), 'brevduva-formular-'));
    const env = {
      ...{ BREVDUVA_URL: hub.hub.webUrl, PORT: '0', MAPP: folder },
      ...{ PORTAL_NYCKEL: await keyOf('verksamt'), SYSTEM_NYCKEL: await keyOf('alkoholhandlaggning') },
    };
    const child = spawn('node', [`${HERE}/mottagare.mjs`], { env: { ...process.env, ...env } });
    try {
      let told = '';
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk.toString('utf8');
      });
      const says = async (pattern: RegExp) => {
        while (!pattern.test(told)) await new Promise((resolve) => setTimeout(resolve, 20));
        return pattern.exec(told)?.[1] ?? '';
      };
      const url = await says(/: (http:\S+)/);
      await hub.pool.query(
        `update business_system set ways_in = jsonb_set(ways_in, '{forms,products,0,webhook,url}', to_jsonb($1::text)) where code = 'verksamt'`,
        [url],
      );
      const run = async (program: string, ...words: string[]) => {
        const { status, output } = await runProgram(program, words, env);
        assert.equal(status, 0, output);
        return output;
      };
      const { id, status } = JSON.parse(await run('sh', `${HERE}/skicka-ansokan.sh`, 'tx-exempel'));
      assert.equal(status, 'received');
      const caseReference = await says(
        /^(ALK 2026-\w{6}): Ansökan om serveringstillstånd, Krogen vid ån från Storbäcka Kafé 38 HB/m,
      );
      assert.equal((await until(id, 'acknowledged')).case_reference, caseReference);
      assert.deepEqual((await readdir(join(folder, id))).sort(), [
        'ansokan.xml',
        'arende.json',
        'etikett.xml',
        'planritning.pdf',
      ]);
      assert.deepEqual(await readFile(join(folder, id, 'ansokan.xml')), await readFile(`${HERE}/ansokan.xml`));
      const letter = JSON.parse(await run('sh', `${HERE}/besluta.sh`, 'tx-exempel', '164999010376', caseReference));
      const { rows } = await hub.pool.query('select recipient, form_message_id, reference from letter where id = $1', [
        letter.id,
      ]);
      assert.deepEqual(rows[0], { recipient: '164999010376', form_message_id: id, reference: caseReference });
      const unsigned = await fetch(url, {
        method: 'POST',
        body: 'x',
        headers: { 'brevduva-signature': `t=1,v1=${'0'.repeat(64)}` },
      });
      assert.equal(unsigned.status, 401);
      const notice = JSON.parse(await run('sh', `${HERE}/skicka-anmalan.sh`));
      assert.match(
        await run('node', `${HERE}/brevlada.mjs`),
        /^ALK 2026-\w{6}: Anmälan om serveringsansvarig personal från Bröderna Kafé 80/,
      );
      assert.equal((await until(notice.id, 'acknowledged')).case_reference, `ALK 2026-${notice.id.slice(-6)}`);
    } finally {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('what is wrong in such a configuration is told with its line', async () => {
    const sample = await configurationText();
    for (const [from, to, text] of [
      ['receiver: alkoholhandlaggning\n', 'receiver: ingen\n', /Systemet ingen finns inte/],
      ['http://localhost:4790', 'http://system.example', /ska börja med https/],
      ['"http://localhost:4790/formular", network: internal', '"http://localhost:4790/formular"', /network: internal/],
      [
        'code: serveringsansvarig\n            name: Anmälan',
        'code: serveringstillstand\n            name: Anmälan',
        /finns redan ovanför/,
      ],
      ['retrySeconds: 10', 'retrySeconds: 0', /heltal mellan 1 och 3600/],
    ] as const) {
      assert.ok(sample.includes(from), from);
      const result = readConfiguration(sample.replace(from, to));
      assert.ok(!result.ok && result.faults.some((fault) => text.test(fault.text) && fault.line > 1), to);
    }
  });
});
