import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AppError, createLog } from '@brevduva/base';
import { type IdentityClient, startIdentityProvider } from '../src/dev/identityProvider.ts';
import { SAMPLE_STAFF } from '../src/dev/sample/organizations.ts';
import { createSampleRecipients } from '../src/dev/sample/recipients.ts';
import { createBrowser } from './browserSession.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-idp-'));
after(() => rm(folder, { recursive: true, force: true }));

const keyFile = join(folder, 'identity-provider.json');
const persons = createSampleRecipients({ seed: 1, persons: 60, companies: 5 });
const holder = persons.find((one) => one.mailbox?.operator === 'posthornan');
assert.ok(holder);

const CLIENTS: readonly IdentityClient[] = [
  { ...client('mailbox', 'Posthörnan'), audience: 'citizen', operator: 'posthornan', authMethod: 'client_secret_post' },
  { ...client('other', 'Brevlådan'), audience: 'citizen', authMethod: 'client_secret_post' },
  { ...client('hub', 'Brevduva'), audience: 'staff' },
];

function client(clientId: string, name: string) {
  return {
    clientId,
    name,
    clientSecret: `secret-${clientId}`,
    redirectUris: [`http://localhost:1/${clientId}/callback`],
    postLogoutRedirectUris: [`http://localhost:1/${clientId}/`],
  };
}

const options = {
  keyFile,
  signingFolder: join(folder, 'e-id'),
  clients: CLIENTS,
  persons,
  staff: SAMPLE_STAFF,
  now: () => new Date(),
};
const log = createLog({ service: 'test', level: 'silent' });
const provider = await startIdentityProvider({ ...options, port: 0, log });
after(() => provider.close());

type Browser = ReturnType<typeof createBrowser>;

function authorization(clientId: string, more: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: `http://localhost:1/${clientId}/callback`,
    state: 's1',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
  return { url: `${provider.issuer}/auth?${query}`, verifier };
}

/** Goes to the login page, fills in the form and follows until the client's own address. */
async function logIn(browser: Browser, clientId: string, form: Record<string, string>) {
  const { url, verifier } = authorization(clientId);
  const page = await browser.go(url);
  assert.match(page.to, /\/interaction\/[\w-]+$/);
  let step = await browser.go(`${page.to}/login`, form);
  while (step.to.startsWith(provider.issuer)) step = await browser.go(step.to);
  assert.ok(step.to, `${step.status} ${step.text}`);
  const code = new URL(step.to).searchParams.get('code');
  assert.ok(code, step.to);
  return { code, verifier };
}

async function tokenFor(clientId: string, { code, verifier }: { code: string; verifier: string }) {
  const secret = `secret-${clientId}`;
  const isBasic = clientId === 'hub';
  const response = await fetch(`${provider.issuer}/token`, {
    method: 'POST',
    headers: isBasic ? { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` } : {},
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: `http://localhost:1/${clientId}/callback`,
      ...(isBasic ? {} : { client_id: clientId, client_secret: secret }),
    }),
  });
  const body = (await response.json()) as { id_token?: string };
  assert.equal(response.status, 200, JSON.stringify(body));
  const idToken = body.id_token ?? '';
  return { idToken, claims: JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) };
}

test('a person chosen from the list gets an id token with number, name and level', async () => {
  const { claims } = await tokenFor('mailbox', await logIn(createBrowser(), 'mailbox', { personnummer: holder.id }));
  assert.equal(claims.iss, provider.issuer);
  assert.equal(claims.aud, 'mailbox');
  assert.equal(claims.personnummer, holder.id);
  assert.equal(claims.name, holder.name);
  assert.equal(claims.acr, 'loa3');
});

test('a test number that nobody in the sample has can be typed, with hyphen too', async () => {
  const login = await logIn(createBrowser(), 'mailbox', { personnummer: '19900101-9802' });
  const { claims } = await tokenFor('mailbox', login);
  assert.equal(claims.personnummer, '199001019802');
  assert.equal(claims.name, 'Testperson 9802');
});

test('staff are a choice of their own, with roles and organisation', async () => {
  const { claims } = await tokenFor('hub', await logIn(createBrowser(), 'hub', { staffId: 'maja.registrator' }));
  assert.equal(claims.staff_id, 'maja.registrator');
  assert.deepEqual(claims.roles, ['caseworker']);
  assert.equal(claims.organization_name, 'Lillköpings kommun');
  assert.equal(claims.personnummer, undefined);
});

test('the page says that there is no password, and puts holders of the mailbox first; search finds names and numbers', async () => {
  const browser = createBrowser();
  const { to } = await browser.go(authorization('mailbox').url);
  const page = (await browser.go(to)).text;
  assert.match(page, /Utvecklingslegitimation – inget lösenord/);
  assert.match(page, /Legitimera dig hos Posthörnan/);
  const mailboxes = [...page.matchAll(/· (Posthörnan|Brevlådan|Ingen)/g)].map((match) => match[1]);
  assert.equal(mailboxes.length, 20);
  const others = mailboxes.findIndex((name) => name !== 'Posthörnan');
  assert.equal(others === -1 ? -1 : mailboxes.lastIndexOf('Posthörnan') - others, -1, 'its holders stand first');
  const found = (await browser.go(`${to}?q=${encodeURIComponent(holder.name.toUpperCase())}`)).text;
  assert.ok(found.includes(`value="${holder.id}"`));
  assert.match((await browser.go(`${to}?q=finns+inte`)).text, /Ingen testperson passar/);
});

test('real numbers, companies and nonsense are refused with the reason, and nobody is logged in', async () => {
  const refusals: [string, RegExp][] = [
    ['191212121212', /Bara testnummer tas emot/],
    ['164999010004', /Ett organisationsnummer kan inte legitimera sig/],
    ['199013019802', /Datumet i numret finns inte/],
    ['199001019803', /Kontrollsiffran stämmer inte/],
    ['<script>', /Skriv tolv siffror/],
  ];
  for (const [personnummer, text] of refusals) {
    const browser = createBrowser();
    const { to } = await browser.go(authorization('mailbox').url);
    const answer = await browser.go(`${to}/login`, { personnummer });
    assert.equal(answer.status, 422);
    assert.match(answer.text, text);
    assert.doesNotMatch(answer.text, /value="<script>/);
  }
});

test('unknown staff, a citizen at a staff client and an expired login are refused', async () => {
  const browser = createBrowser();
  const { to } = await browser.go(authorization('hub').url);
  for (const form of [{ staffId: 'nobody' }, { personnummer: holder.id }]) {
    const answer = await browser.go(`${to}/login`, form);
    assert.equal(answer.status, 422);
    assert.match(answer.text, /unknown_staff/);
  }
  const stranger = await createBrowser().go(`${to}/login`, { staffId: 'maja.registrator' });
  assert.equal(stranger.status, 400);
  assert.match(stranger.text, /login_expired/);
});

test('every login asks anew, at the same party and at another, and the new person is the one', async () => {
  const browser = createBrowser();
  await tokenFor('mailbox', await logIn(browser, 'mailbox', { personnummer: holder.id }));
  const again = await tokenFor('mailbox', await logIn(browser, 'mailbox', { personnummer: '199001019802' }));
  assert.equal(again.claims.personnummer, '199001019802');
  const other = await tokenFor('other', await logIn(browser, 'other', { personnummer: holder.id }));
  assert.equal(other.claims.personnummer, holder.id);
});

test('cancel leads back to the party with access_denied', async () => {
  const browser = createBrowser();
  const { to } = await browser.go(authorization('mailbox').url);
  let step = await browser.go(`${to}/cancel`, {});
  while (step.to.startsWith(provider.issuer)) step = await browser.go(step.to);
  assert.equal(new URL(step.to).searchParams.get('error'), 'access_denied');
});

test('logout asks by a form that sends itself, and leads back to the party', async () => {
  const browser = createBrowser();
  const { idToken } = await tokenFor('mailbox', await logIn(browser, 'mailbox', { personnummer: holder.id }));
  const back = 'http://localhost:1/mailbox/';
  const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: back });
  const page = await browser.go(`${provider.issuer}/session/end?${query}`);
  assert.match(page.text, /<button[^>]*name="logout" value="yes"/);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const done = await browser.go(`${provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
  assert.equal(done.to, back);
});

test('without PKCE, with a foreign redirect address or under another host name nothing is shown', async () => {
  const noPkce = await createBrowser().go(authorization('mailbox', { code_challenge: '' }).url);
  assert.match(noPkce.to, /error=invalid_request/);
  const foreign = await createBrowser().go(authorization('mailbox', { redirect_uri: 'http://evil.example/' }).url);
  assert.equal(foreign.status, 400);
  assert.match(foreign.text, /Inloggningen gick inte/);
  assert.equal(await statusWithHost('evil.example'), 421);
});

test('keys survive a restart and are readable by the owner alone; a taken port is one clear line', async () => {
  const jwks = await (await fetch(`${provider.issuer}/jwks`)).json();
  const second = await startIdentityProvider({ ...options, port: 0, log });
  assert.deepEqual(await (await fetch(`${second.issuer}/jwks`)).json(), jwks);
  await second.close();
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
  const port = Number(new URL(provider.issuer).port);
  await assert.rejects(startIdentityProvider({ ...options, port, log }), (error) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'BASE_PORT_TAKEN');
    assert.match(error.publicText, new RegExp(`Port ${port} används redan`));
    return true;
  });
});

test('pages carry a policy whose nonce is theirs; style sheets are served', async () => {
  const response = await fetch(provider.issuer);
  const page = await response.text();
  const nonce = /script-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '-';
  assert.ok(page.includes(`nonce="${nonce.replaceAll('+', '&#43;')}"`) || page.includes(`nonce="${nonce}"`));
  const style = /href="(\/assets\/[^"]+brevduva\.css)"/.exec(page)?.[1];
  const served = await fetch(`${provider.issuer}${style}`);
  assert.equal(served.status, 200);
  assert.match(served.headers.get('content-type') ?? '', /^text\/css/);
});

/** fetch does not let one choose the Host header. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(provider.issuer, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
