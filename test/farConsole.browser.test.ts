import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SoapCallError } from '@brevduva/protocol';
import type { Browser } from 'playwright-core';
import { type ConsoleSetup, startFarConsole } from '../packages/far/test/consoleSetup.ts';
import { MUNICIPALITY, OPERATOR, OTHER_SENDER, REACHABLE } from '../packages/far/test/sampleRegister.ts';
import { axeViolations, launchBrowser } from './support/browser.ts';
import { checkPage, logIn, openVisitor, type Visitor, visibleText } from './support/consoleBrowser.ts';

/** The register owner's staff connects a new sender, step by step, in a real browser; then the sender's own system gets answers. */

const NEW_SENDER = '162120002528';
const NAME = 'Åmåls nya kommun';
const REFERENCE = 'DNR 2026-17';
const RESULT = 'Protokoll 2026-17-3';

let browser: Browser | undefined;
let setup: ConsoleSetup;
let staff: Visitor;

before(async () => {
  browser = await launchBrowser();
  if (browser === undefined) return;
  setup = await startFarConsole({ environment: 'production' });
  staff = await openVisitor(browser);
  await logIn(staff.page, `${setup.origin}/console/aktorer`, 'Freja Öberg');
});

after(async () => {
  await staff?.close();
  await browser?.close();
  await setup?.close();
});

/** The page as it stands, by axe and by width; in English by axe. Ends in Swedish. */
async function checkBoth(name: string): Promise<void> {
  const { page } = staff;
  await checkPage(page, name);
  await page.getByRole('link', { name: 'English' }).click();
  assert.deepEqual(await axeViolations(page), [], `${name}, English`);
  await page.getByRole('link', { name: 'Svenska' }).click();
}

/** Asks with the new sender's own certificate, as its own system would. */
async function ask(tls: Awaited<ReturnType<ConsoleSetup['tlsOf']>>): Promise<boolean | number> {
  try {
    const question = { senderOrgNr: NEW_SENDER, recipientId: [REACHABLE] };
    const answer = await setup.client(tls).isReachable(setup.far.soapUrl, question);
    return answer.return[0]?.SenderAccepted ?? false;
  } catch (error) {
    assert.ok(error instanceof SoapCallError);
    return error.fault?.errorCode ?? 0;
  }
}

test('a new sender is connected step by step, and then its own certificate gets answers', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page } = staff;
  const click = (name: string) => page.getByRole('main').getByRole('link', { name, exact: true }).first().click();
  const submit = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const missing = () => page.locator('.bd-checklist__entry:not([data-done]) .bd-checklist__text').allTextContents();
  const tls = await setup.tlsOf(NEW_SENDER);
  assert.equal(await ask(tls), 5002);
  await checkBoth('far-actors');

  await click('Ny ansökan');
  await submit('Registrera ansökan');
  assert.match(await page.title(), /^Fel: Ny ansökan/);
  assert.match(await visibleText(page), /Det är inte ett organisationsnummer\. Skriv tio siffror/);
  assert.match(await visibleText(page), /Välj minst ett av alternativen/);
  await checkPage(page, 'far-apply-faults');
  await page.goto(`${setup.origin}/console/aktorer/ny`);
  await checkBoth('far-apply');
  await page.getByLabel('Organisationsnummer').fill('212000-2528');
  await page.getByLabel('Organisationens namn').fill(NAME);
  await page.getByLabel('Avsändare').check();
  await page.getByLabel('Namn', { exact: true }).fill('Åsa Ödman');
  await page.getByLabel('E-post').fill('asa@amal.example');
  await submit('Registrera ansökan');
  await page.getByText('Ansökan är registrerad.').waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), NAME);
  assert.equal(await page.locator('[aria-current=step] .bd-stage__name').textContent(), 'Ansökan');
  assert.deepEqual(await missing(), ['Ett undertecknat avtal']);
  await checkBoth('far-actor-application');

  await click('Registrera avtal');
  await checkBoth('far-agreement');
  await page.getByLabel('Avtalets referens').fill(REFERENCE);
  await page.getByLabel('Undertecknat den').fill('2026-01-15');
  await page.getByLabel('Undertecknat av').fill('Kommundirektören');
  await submit('Registrera avtalet');
  await page.getByText('Avtalet är registrerat.').waitFor();
  assert.deepEqual(await missing(), ['Ett giltigt certifikat för anrop till registret']);

  await click('Lägg till certifikat');
  await checkBoth('far-certificate');
  await page.getByLabel('Certifikat (PEM)').fill('skräp');
  await submit('Lägg till certifikatet');
  assert.match(await visibleText(page), /Certifikatet går inte att läsa/);
  await page.getByLabel('Certifikat (PEM)').fill(tls.cert);
  await submit('Lägg till certifikatet');
  await page.getByText('Certifikatet är tillagt.').waitFor();
  assert.deepEqual(await missing(), []);

  await click('Starta teknisk test');
  await checkBoth('far-test');
  await submit('Starta teknisk test');
  await page.getByText('Den tekniska testen är startad.').waitFor();
  assert.equal(await ask(tls), 5002, 'this register is for production');
  await checkBoth('far-actor-test');

  await click('Registrera resultat');
  await checkBoth('far-conformance');
  await page.getByLabel('Godkända').check();
  await page.getByLabel('Hänvisning eller skäl').fill(RESULT);
  await submit('Registrera resultatet');
  await click('Godkänn för produktion');
  await checkBoth('far-approve');
  await submit('Godkänn för produktion');
  await page.getByText('Aktören är godkänd för produktion.').waitFor();
  assert.equal(await ask(tls), true);

  assert.deepEqual(await page.locator('.bd-timeline strong').allTextContents(), [
    'Godkändes för produktion',
    'Kontrollernas resultat registrerades',
    'Teknisk test startade',
    'Certifikat lades till',
    'Avtalet registrerades',
    'Ansökan registrerades',
  ]);
  await checkBoth('far-actor-production');
  assert.deepEqual(
    staff.complaints.filter((each) => !each.includes('422')),
    [],
  );
});

test('a sender is suspended, its system is refused at once, and let in when that is lifted', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page } = staff;
  const tls = await setup.tlsOf(NEW_SENDER);
  await page.goto(`${setup.origin}/console/aktorer/${NEW_SENDER}`);
  await page.getByRole('link', { name: 'Stäng av' }).click();
  await checkBoth('far-suspend');
  await page.getByLabel('Skäl').fill('Nyckeln har läckt, se ärende 2026-44');
  await page.getByRole('button', { name: 'Stäng av aktören' }).click();
  await page.getByText('Aktören är avstängd', { exact: true }).waitFor();
  assert.equal(await ask(tls), 5002);
  await checkBoth('far-actor-suspended');
  await page.goto(`${setup.origin}/console/aktorer?behover=ja`);
  assert.match(await visibleText(page), new RegExp(`${NAME}.*Avstängd`, 's'));
  await page.goto(`${setup.origin}/console/aktorer/${NEW_SENDER}/hav-avstangning`);
  await page.getByLabel('Skäl').fill('Ny nyckel är på plats');
  await page.getByRole('button', { name: 'Häv avstängningen' }).click();
  await page.getByText('Avstängningen är hävd.').waitFor();
  assert.equal(await ask(tls), true);
});

test('a dispatcher gets a sender that has consented, an operator a certificate that soon expires; every page is for everyone', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { page } = staff;
  const at = (path: string) => page.goto(`${setup.origin}/console/aktorer${path}`);
  await at(`/${MUNICIPALITY}/ny-avsandare`);
  await checkBoth('far-serve');
  await page.getByLabel('Avsändarens organisationsnummer').fill(OTHER_SENDER);
  await page.getByLabel('Samtycke').fill('SAMTYCKE 2026-8');
  await page.getByRole('button', { name: 'Lägg till avsändaren' }).click();
  await page.getByText('Avsändaren är tillagd.').waitFor();
  await checkBoth('far-dispatcher');
  const { cert } = await setup.tlsOf(OPERATOR, { days: 6, notBefore: new Date(Date.now() - 60_000) });
  await at(`/${OPERATOR}/nytt-certifikat`);
  await page.getByLabel('Certifikat (PEM)').fill(cert);
  await page.getByRole('button', { name: 'Lägg till certifikatet' }).click();
  await page.getByText('5 dagar kvar').waitFor();
  await checkBoth('far-operator');
  await page.getByRole('link', { name: /^Ta ur bruk/ }).click();
  await checkBoth('far-retire');
  await at('/certifikat');
  assert.match(await visibleText(page), /Brevlådan.*5 dagar kvar.*Ersättare saknas/s);
  await checkBoth('far-expiring');
  await at(`/${OPERATOR}/adresser`);
  await checkBoth('far-addresses');
  await at('?behover=ja');
  await checkBoth('far-attention');
  await at('?q=finns-inte');
  await checkBoth('far-no-hits');
});
