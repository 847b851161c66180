import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLog } from '@brevduva/base';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { type IdentityProvider, startIdentityProvider } from '../src/dev/identityProvider.ts';
import { SAMPLE_STAFF } from '../src/dev/sample/organizations.ts';
import { createSampleRecipients } from '../src/dev/sample/recipients.ts';

const VERIFIER = 'v'.repeat(43);
const persons = createSampleRecipients();
let browser: Browser | undefined;
let provider: IdentityProvider;
let partyUrl: string;
let closeAll = async () => {};

before(async () => {
  // The party one logs in to: enough of one to see that the browser is let back to it.
  const party = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<title>Parten</title><p id="address">${request.url?.replaceAll('&', '&amp;')}</p>`);
  });
  await new Promise<void>((resolve) => party.listen(0, '127.0.0.1', resolve));
  partyUrl = `http://localhost:${(party.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-idp-browser-'));
  const client = (clientId: string, audience: 'citizen' | 'staff') => ({
    clientId,
    audience,
    name: clientId,
    clientSecret: 'secret',
    redirectUris: [`${partyUrl}/callback`],
    postLogoutRedirectUris: [`${partyUrl}/`],
  });
  provider = await startIdentityProvider({
    keyFile: join(folder, 'keys.json'),
    signingFolder: join(folder, 'e-id'),
    port: 0,
    clients: [client('posthornan', 'citizen'), client('hub', 'staff')],
    persons,
    staff: SAMPLE_STAFF,
    now: () => new Date(),
    log: createLog({ service: 'test', level: 'silent' }),
  });
  browser = await launchBrowser();
  closeAll = async () => {
    await browser?.close();
    await provider.close();
    party.close();
    party.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  };
});

after(() => closeAll());

function loginUrl(clientId: string): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${partyUrl}/callback`,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  });
  return `${provider.issuer}/auth?${query}`;
}

async function openPage(open: Browser): Promise<{ page: Page; complaints: string[] }> {
  const page = await open.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(String(error)));
  return { page, complaints };
}

test('a person searches, chooses and comes back to the party; two persons after each other', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page, complaints } = await openPage(browser);
  const [first, second] = persons.filter((one) => one.kind === 'person').slice(5, 7);
  assert.ok(first && second);
  for (const person of [first, second]) {
    await page.goto(loginUrl('posthornan'));
    assert.deepEqual(await axeViolations(page), []);
    await page.getByLabel('Sök på namn, nummer eller företag').fill(person.id);
    await page.getByRole('button', { name: 'Sök' }).click();
    await page.getByRole('button', { name: `Legitimera som ${person.name}` }).click();
    await page.waitForURL(`${partyUrl}/callback?**`);
    assert.match((await page.textContent('#address')) ?? '', /^\/callback\?code=[\w-]+/);
  }
  assert.deepEqual(complaints, []);
});

test('a wrong number is explained at the field and on top', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page } = await openPage(browser);
  await page.goto(loginUrl('posthornan'));
  await page.getByLabel('Personnummer eller samordningsnummer').fill('191212121212');
  await page.getByRole('button', { name: 'Legitimera med numret' }).click();
  assert.match((await page.textContent('.bd-error-summary')) ?? '', /Bara testnummer tas emot/);
  assert.equal(await page.getByLabel('Personnummer eller samordningsnummer').getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await axeViolations(page), []);
});

test('staff log in; start page, error page and logout page are accessible', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page, complaints } = await openPage(browser);
  await page.goto(loginUrl('hub'));
  assert.deepEqual(await axeViolations(page), []);
  await page.getByRole('button', { name: 'Logga in som Maja Lilja' }).click();
  await page.waitForURL(`${partyUrl}/callback?**`);
  await page.goto(provider.issuer);
  assert.deepEqual(await axeViolations(page), []);
  assert.deepEqual(complaints, []);
  await page.goto(`${provider.issuer}/auth?client_id=none`);
  assert.deepEqual(await axeViolations(page), []);

  // The form sends itself; without script it waits for the button.
  await page.goto(`${provider.issuer}/session/end?client_id=hub&post_logout_redirect_uri=${partyUrl}/`);
  await page.waitForURL(`${partyUrl}/`);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(loginUrl('hub'));
  await plain.getByRole('button', { name: 'Logga in som Maja Lilja' }).click();
  await plain.goto(`${provider.issuer}/session/end?client_id=hub&post_logout_redirect_uri=${partyUrl}/`);
  assert.equal(await plain.title(), 'Logga ut – Utvecklingslegitimation');
  await plain.getByRole('button', { name: 'Logga ut' }).click();
  await plain.waitForURL(`${partyUrl}/`);
  await context.close();
});

test('a person reads and signs, on a phone and without script', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const person = persons.find((one) => one.kind === 'person');
  assert.ok(person);
  const text = 'Jag godkänner villkoren för Mina meddelanden.\n\nMottagare ansluter sig med brevlåda hos posthornan.';
  const { page, complaints } = await openPage(browser);
  await page.setViewportSize({ width: 360, height: 700 });
  await page.goto(loginUrl('posthornan'));
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360, 'buttons in sight');
  for (const [answer, status] of [
    ['Skriv under', 'complete'],
    ['Avbryt', 'cancelled'],
  ] as const) {
    const { orderRef, signUrl } = await orderSignature({ personalNumber: person.id, text });
    await page.goto(signUrl);
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await page.locator('.bd-message-text').innerText(), text);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
    await page.getByRole('button', { name: answer }).click();
    await page.waitForURL(`${partyUrl}/account?order=${orderRef}`);
    assert.equal((await signService(`/sign/${orderRef}/collect`, {}))['status'], status);
    await page.goBack();
    assert.match((await page.textContent('h1')) ?? '', /Det finns inget att skriva under/);
    assert.deepEqual(await axeViolations(page), []);
  }
  const isOwn = (complaint: string) => !/status of 410/.test(complaint);
  assert.deepEqual(complaints.filter(isOwn), []);

  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto((await orderSignature({ personalNumber: person.id, text })).signUrl);
  await plain.keyboard.press('Tab');
  await plain.getByRole('button', { name: 'Skriv under' }).press('Enter');
  await plain.waitForURL(`${partyUrl}/account?**`);
  await context.close();
});

async function orderSignature(what: { personalNumber: string; text: string }) {
  const nonce = createHash('sha256').update(what.text).digest('hex');
  const body = await signService('/sign', { ...what, nonce, returnUrl: `${partyUrl}/account` });
  return { orderRef: body['orderRef'] ?? '', signUrl: body['signUrl'] ?? '' };
}

async function signService(path: string, body: object): Promise<Record<string, string>> {
  const authorization = `Basic ${Buffer.from('posthornan:secret').toString('base64')}`;
  const init = { method: 'POST', headers: { authorization }, body: JSON.stringify(body) };
  return (await (await fetch(`${provider.issuer}${path}`, init)).json()) as Record<string, string>;
}
