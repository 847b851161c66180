import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLog } from '@brevduva/base';
import { createTrustStore, UserSignatureError, verifyUserSignature } from '@brevduva/protocol';
import { ORDER_LIFE_MS, ORDERS_MAX } from '../src/dev/identityProvider/signing.ts';
import { type IdentityClient, startIdentityProvider } from '../src/dev/identityProvider.ts';
import { SAMPLE_STAFF } from '../src/dev/sample/organizations.ts';
import { createSampleRecipients } from '../src/dev/sample/recipients.ts';
import { createBrowser } from './browserSession.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-signing-'));
after(() => rm(folder, { recursive: true, force: true }));

const persons = createSampleRecipients({ seed: 1, persons: 60, companies: 5 });
const [holder, neighbour] = persons.filter((one) => one.kind === 'person');
assert.ok(holder && neighbour);
const RETURN_URL = 'http://localhost:1/settings?tab=1';
const TEXT = 'Jag godkänner villkoren.\n\n  Mottagare Åsa <b>&amp;</b> "ö"\nsista raden';

function client(clientId: string, audience: IdentityClient['audience']): IdentityClient {
  return {
    ...{ clientId, audience },
    name: `Tjänsten ${clientId}`,
    clientSecret: `secret-${clientId}`,
    redirectUris: ['http://localhost:1/login/callback'],
    postLogoutRedirectUris: ['http://localhost:1/'],
  };
}

const logged: string[] = [];
let aheadMs = 0;
const options = {
  keyFile: join(folder, 'keys.json'),
  signingFolder: join(folder, 'e-id'),
  port: 0,
  clients: [client('first', 'citizen'), client('second', 'citizen'), client('hub', 'staff')],
  persons,
  staff: SAMPLE_STAFF,
  now: () => new Date(Date.now() + aheadMs),
  log: createLog({ service: 'test', level: 'info', destination: { write: (line: string) => void logged.push(line) } }),
};
const provider = await startIdentityProvider(options);
after(() => provider.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const basic = (id: string, secret = `secret-${id}`) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

async function post(path: string, body: string, authorization: string): Promise<Answer> {
  const response = await fetch(`${provider.issuer}${path}`, { method: 'POST', headers: { authorization }, body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const ASKED = { personalNumber: holder.id, text: TEXT, nonce: 'f3c1', returnUrl: RETURN_URL };

function ask(changes: Record<string, unknown> = {}, authorization = basic('first')): Promise<Answer> {
  return post('/sign', JSON.stringify({ ...ASKED, ...changes }), authorization);
}

async function order(changes: Record<string, unknown> = {}): Promise<{ orderRef: string; signUrl: string }> {
  const { status, body } = await ask(changes);
  assert.equal(status, 201, JSON.stringify(body));
  return { orderRef: String(body['orderRef']), signUrl: String(body['signUrl']) };
}

const collect = (orderRef: string, who = 'first') => post(`/sign/${orderRef}/collect`, '', basic(who));

async function respond(signUrl: string, answer: 'sign' | 'cancel') {
  const browser = createBrowser();
  const page = await browser.go(signUrl);
  return browser.go(signUrl, { answer, token: tokenIn(page.text) });
}

const tokenIn = (page: string) => /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';

test('a person reads the very text, signs, comes back, and the register’s verifier finds her signature right', async () => {
  const { orderRef, signUrl } = await order();
  assert.deepEqual((await collect(orderRef)).body, { status: 'pending' });
  const page = await createBrowser().go(signUrl);
  assert.equal(page.status, 200);
  assert.ok(page.text.includes('Jag godkänner villkoren.\n\n  Mottagare Åsa &lt;b&gt;&amp;amp;&lt;/b&gt;'), page.text);
  assert.ok(page.text.includes('Tjänsten first') && page.text.includes(holder.name));

  const back = await respond(signUrl, 'sign');
  assert.equal(back.status, 303);
  assert.equal(back.to, `${RETURN_URL}&order=${orderRef}`);
  const { status, body } = await collect(orderRef);
  assert.equal(status, 200);
  assert.equal(body['status'], 'complete');
  const told = body['signature'] as Record<'signature' | 'certificate' | 'nonce' | 'encodingOfSignedText', string>;
  const data = {
    Signature: Buffer.from(told.signature, 'base64'),
    Certificate: told.certificate,
    Nonce: told.nonce,
    EncodingOfSignedText: told.encodingOfSignedText,
  };
  const expected = { expectedText: TEXT, maxAgeMs: 900_000, now: new Date() };
  const signed = verifyUserSignature(data, { ...expected, trust: createTrustStore([provider.eIdCaPem]) });
  assert.deepEqual([signed.personId, signed.name, signed.nonce], [holder.id, holder.name, 'f3c1']);
  assert.deepEqual((await collect(orderRef)).body, body, 'a lost answer can be asked for again');

  const certificate = new X509Certificate(Buffer.from(told.certificate, 'base64'));
  assert.ok(Date.parse(certificate.validTo) - Date.now() <= 3_600_000, 'short-lived');
  const organisations = await startIdentityProvider({ ...options, signingFolder: join(folder, 'other') });
  await organisations.close();
  assert.throws(
    () => verifyUserSignature(data, { ...expected, trust: createTrustStore([organisations.eIdCaPem]) }),
    (error) => error instanceof UserSignatureError && error.code === 'UNTRUSTED',
  );
});

test('each signature has a key of its own', async () => {
  const keys = new Set<string>();
  for (const nonce of ['a', 'b']) {
    const { orderRef, signUrl } = await order({ nonce });
    await respond(signUrl, 'sign');
    const { certificate } = (await collect(orderRef)).body['signature'] as { certificate: string };
    const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
    keys.add(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  }
  assert.equal(keys.size, 2);
});

test('who cancels comes back too, and nothing is signed', async () => {
  const { orderRef, signUrl } = await order();
  const back = await respond(signUrl, 'cancel');
  assert.equal(back.to, `${RETURN_URL}&order=${orderRef}`);
  assert.deepEqual((await collect(orderRef)).body, { status: 'cancelled' });
  const late = await createBrowser().go(signUrl);
  assert.equal(late.status, 410);
  assert.match(late.text, /Det finns inget att skriva under/);
});

test('an order is answered once, also when two answers come together', async () => {
  const { orderRef, signUrl } = await order();
  const browser = createBrowser();
  const token = tokenIn((await browser.go(signUrl)).text);
  const answers = await Promise.all(['sign', 'cancel', 'sign'].map((answer) => browser.go(signUrl, { answer, token })));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410, 410]);
  assert.match(String((await collect(orderRef)).body['status']), /^(complete|cancelled)$/);
});

test('after ten minutes the order has expired; an hour later it is forgotten', async () => {
  const { orderRef, signUrl } = await order();
  const browser = createBrowser();
  const token = tokenIn((await browser.go(signUrl)).text);
  try {
    aheadMs = ORDER_LIFE_MS;
    assert.equal((await browser.go(signUrl, { answer: 'sign', token })).status, 410);
    assert.deepEqual((await collect(orderRef)).body, { status: 'expired' });
    aheadMs = ORDER_LIFE_MS * 6;
    assert.equal((await collect(orderRef)).body['code'], 'unknown_order');
  } finally {
    aheadMs = 0;
  }
});

test('a form that the person’s own browser did not get from the page signs nothing', async () => {
  const { orderRef, signUrl } = await order();
  const browser = createBrowser();
  const token = tokenIn((await browser.go(signUrl)).text);
  const stranger = createBrowser();
  await stranger.go(signUrl);
  const attempts = [
    await createBrowser().go(signUrl, { answer: 'sign', token }),
    await stranger.go(signUrl, { answer: 'sign', token }),
    await browser.go(signUrl, { answer: 'sign' }),
  ];
  for (const { status, text } of attempts) {
    assert.equal(status, 403);
    assert.match(text, /foreign_form/);
  }
  const foreign = await fetch(signUrl, {
    method: 'POST',
    headers: { origin: 'http://evil.example', cookie: 'dev_id_sign=x' },
    body: new URLSearchParams({ answer: 'sign', token }),
  });
  assert.equal(foreign.status, 403);
  assert.deepEqual((await collect(orderRef)).body, { status: 'pending' });
});

test('a wrong client is refused, and staff’s clients order no signatures', async () => {
  const wrong = ['', 'Bearer x', basic('first', 'wrong'), basic('nobody'), basic('first', ''), basic('hub')];
  for (const authorization of wrong) {
    const { status, body } = await ask({}, authorization);
    assert.equal(status, 401, authorization);
    assert.deepEqual(body, { code: 'invalid_client', text: 'Klienten är okänd eller hemligheten fel.' });
  }
});

test('another client’s order does not exist', async () => {
  const { orderRef, signUrl } = await order();
  const ticket = signUrl.split('/').at(-1) ?? '';
  for (const [reference, who] of [
    [orderRef, 'second'],
    ['unknown', 'first'],
    [ticket, 'first'],
  ] as const) {
    const { status, body } = await collect(reference, who);
    assert.equal(status, 404);
    assert.deepEqual(body, { code: 'unknown_order', text: 'Klienten har ingen sådan beställning.' });
  }
});

test('every bad field is refused with its code and a text', async () => {
  const refusals: [Record<string, unknown>, string, RegExp][] = [
    [{ personalNumber: '191212121212' }, 'unknown_person', /ingen person/],
    [{ personalNumber: '19900101-9802' }, 'unknown_person', /tolv siffror/],
    [{ personalNumber: persons.at(-1)?.id }, 'unknown_person', /ingen person/],
    [{ personalNumber: undefined }, 'unknown_person', /ingen person/],
    [{ text: ' \n' }, 'text_missing', /text är tom/],
    [{ text: 'å'.repeat(100_001) }, 'text_too_long', /100000 tecken/],
    [{ text: 'å'.repeat(400_000) }, 'text_too_long', /100000 tecken/],
    [{ text: 'Jag \u202egodkänner' }, 'text_characters', /vänder skriften/],
    [{ text: 'Jag\u0000' }, 'text_characters', /inte syns/],
    [{ text: 'Jag \ud800' }, 'text_characters', /inte syns/],
    [{ text: 7 }, 'invalid_json', /JSON-objekt/],
    [{ nonce: '' }, 'invalid_nonce', /1 till 200/],
    [{ nonce: 'n'.repeat(201) }, 'invalid_nonce', /1 till 200/],
    [{ nonce: 'två ord' }, 'invalid_nonce', /ASCII/],
    [{ returnUrl: 'http://localhost:2/settings' }, 'invalid_return_url', /klientens egna adresser/],
    [{ returnUrl: 'https://localhost:1/settings' }, 'invalid_return_url', /klientens egna adresser/],
    [{ returnUrl: 'http://a:b@localhost:1/' }, 'invalid_return_url', /klientens egna adresser/],
    [{ returnUrl: 'javascript:alert(1)' }, 'invalid_return_url', /klientens egna adresser/],
  ];
  for (const [changes, code, text] of refusals) {
    const { status, body } = await ask(changes);
    assert.equal(status, 400, code);
    assert.equal(body['code'], code);
    assert.match(String(body['text']), text);
  }
  for (const body of ['', 'null', '{', '"text"']) {
    const answer = await post('/sign', body, basic('first'));
    assert.equal(answer.status, 400, body);
  }
  const longest = await order({ text: 'å'.repeat(100_000) });
  assert.equal((await respond(longest.signUrl, 'sign')).status, 303);
});

test('orders have a limit, and those that are over make room', async () => {
  const own = await startIdentityProvider(options);
  try {
    const open = async () => {
      const init = { method: 'POST', headers: { authorization: basic('first') }, body: JSON.stringify(ASKED) };
      const response = await fetch(`${own.issuer}/sign`, init);
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const opened = await Promise.all(Array.from({ length: ORDERS_MAX }, open));
    assert.ok(opened.every(({ status }) => status === 201));
    const refused = await open();
    assert.equal(refused.status, 429);
    assert.deepEqual(refused.body, { code: 'too_many_orders', text: 'För många underskrifter väntar redan.' });
    const { signUrl = '' } = opened[0]?.body ?? {};
    const browser = createBrowser();
    await browser.go(signUrl, { answer: 'cancel', token: tokenIn((await browser.go(signUrl)).text) });
    assert.equal((await open()).status, 201);
  } finally {
    await own.close();
  }
});

test('unknown addresses and methods are answered with a page; sign pages carry the security headers', async () => {
  const { orderRef, signUrl } = await order();
  for (const path of ['/sign', '/sign/', '/sign/a/b', `/sign/${orderRef}/collect`]) {
    assert.equal((await fetch(`${provider.issuer}${path}`)).status, 404, path);
  }
  const { headers } = await fetch(signUrl);
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.match(headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Lax/);
});

test('the log tells that someone signed, and neither who nor what', () => {
  const text = logged.join('');
  assert.match(text, /"client":"first","isSigning":true/);
  for (const secret of [holder.id, holder.name, 'godkänner', 'secret-first']) assert.ok(!text.includes(secret), secret);
});

test('the issuer of e-ID outlives a restart; its key is the owner’s alone', async () => {
  const again = await startIdentityProvider(options);
  await again.close();
  assert.equal(again.eIdCaPem, provider.eIdCaPem);
  assert.equal(await readFile(join(folder, 'e-id', 'ca.pem'), 'utf8'), provider.eIdCaPem);
  assert.equal((await stat(join(folder, 'e-id', 'authority.pem'))).mode & 0o777, 0o600);
});
