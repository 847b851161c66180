import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { Browser, Locator, Page } from 'playwright-core';
import { readRunning } from '../packages/cli/src/installation.ts';
import { axeViolations, launchBrowser } from './support/browser.ts';
import { createInstallation, type Ready, until } from './support/installation.ts';

/**
 * A letter on paper as a person can follow it: handed in over HTTP, seen sheet by sheet at the development print shop, told of in the
 * console; and what becomes of it when the print shop fails. Every page that is met is judged by axe.
 */
const ADDRESS = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '990 10', city: 'Lillköping' };

const installation = await createInstallation();
let browser: Browser | undefined;
let ready: Ready;
let staff: Page;
let shop: Page;

before(async () => {
  browser = await launchBrowser();
  if (browser === undefined) return;
  ready = await installation.start('--no-sample');
  staff = await newPage(browser);
  shop = await newPage(browser);
  await staff.goto(ready.console);
  await staff.getByRole('button', { name: /Maja Lilja/ }).click();
  await staff.waitForURL(ready.console);
});
after(async () => {
  await browser?.close();
  await installation.remove();
});

async function newPage(open: Browser): Promise<Page> {
  const context = await open.newContext({ viewport: { width: 1280, height: 900 }, locale: 'sv-SE' });
  const page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(String(error)));
  return page;
}

async function go(page: Page, url: string): Promise<void> {
  await page.goto(url);
  assert.deepEqual(await axeViolations(page), [], url);
}

async function handIn(subject: string): Promise<string> {
  const response = await fetch(`${ready.hub}/api/v1/letters`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${ready.apiKey}`, 'content-type': 'application/json' },
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({
      ...{ flow: 'beslut', recipient: ready.sampleRecipients.paper, subject, address: ADDRESS },
      body: { text: 'Hej på papper!' },
    }),
  });
  const answer = (await response.json()) as { id: string };
  assert.ok(response.ok, JSON.stringify(answer));
  return answer.id;
}

async function statusOf(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${ready.apiKey}` };
  const response = await fetch(`${ready.hub}/api/v1/letters/${id}`, { headers });
  return ((await response.json()) as { status: string }).status;
}

const isNow = (id: string, status: string) => async () => (await statusOf(id)) === status;

/** What a browser knows of a picture. */
interface Picture {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  decode(): Promise<void>;
}

async function hrefOf(link: Locator): Promise<string> {
  return new URL((await link.getAttribute('href')) ?? '', ready.printShop).href;
}

/** The letter's page at the print shop; undefined while it has not come there. */
async function shopAddress(id: string): Promise<string | undefined> {
  await shop.goto(ready.printShop);
  const batches = await Promise.all((await shop.locator('table th a').all()).map(hrefOf));
  for (const batch of batches) {
    await shop.goto(batch);
    const link = shop.getByRole('link', { name: id.slice(-12) });
    if ((await link.count()) > 0) return hrefOf(link);
  }
  return undefined;
}

/** As the print shop's state badge says it. */
async function stateAtShop(id: string): Promise<string | undefined> {
  const address = await shopAddress(id);
  if (address === undefined) return undefined;
  await shop.goto(address);
  return shop.locator('.bd-badge').first().innerText();
}

const faults = (...words: string[]) => installation.cli('faults', ...words);

/** The heading that stands there only where there is something. */
const CASES = /Att utreda med tryckeriet/;

/** What the console asks somebody to look into with the print shop. */
async function toLookInto(): Promise<string> {
  await staff.goto(`${ready.hub}/utskriftsbatcher`);
  return staff.locator('main').innerText();
}

test('on paper: the print shop shows each sheet with its mark, posts the letter, and the console knows', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await go(shop, ready.printShop);
  await shop.getByText('Inga batcher än').waitFor();
  const id = await handIn('På papper');
  await until(isNow(id, 'printed'));
  assert.equal(await stateAtShop(id), 'Postat');
  assert.deepEqual(await axeViolations(shop), []);
  const front = shop.getByRole('img', { name: /^Blad 1 av 1, framsidan/ });
  const drawn = await front.evaluate(async (image: Picture) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  assert.ok((drawn[0] ?? 0) > 800 && (drawn[1] ?? 0) > 1100, `a legible A4 page, not ${drawn}`);
  const text = await shop.locator('main').innerText();
  for (const part of [`${id} blad 1/1`, 'E65', 'B, ekonomi, SE', 'Svartvitt', 'dubbelsidigt', 'bygglov, beslut']) {
    assert.ok(text.includes(part), part);
  }
  assert.doesNotMatch(text, /annat brev|inget märke/);
  const pdf = await shop.request.get(await hrefOf(shop.getByRole('link', { name: 'Öppna PDF:en' })));
  assert.equal(pdf.headers()['content-type'], 'application/pdf');
  await shop.setViewportSize({ width: 390, height: 844 });
  await go(shop, shop.url());
  await go(shop, shop.url().replace(/\/brev\/.*/, ''));
  await shop.getByRole('heading', { name: 'Jobbsedel' }).waitFor();
  await shop.setViewportSize({ width: 1280, height: 900 });
  await go(staff, `${ready.hub}/utskriftsbatcher`);
  await staff.getByRole('cell', { name: 'tryckeriet' }).waitFor();
  assert.doesNotMatch(await toLookInto(), CASES);
});

test('rejected by the print shop: a case with its reason', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await faults('tryckeriet', 'refuse-for-good', '--calls', '1');
  const id = await handIn('Avvisas av tryckeriet');
  await until(isNow(id, 'case'));
  await faults('clear');
  await go(staff, `${ready.hub}/brev/${id}`);
  await staff
    .getByText(/Papperet fastnade i pressen/)
    .first()
    .waitFor();
  assert.equal(await stateAtShop(id), 'Avvisat');
});

test('lost before it was posted: a case when the time has passed, closed when the letter is found', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await go(shop, ready.printShop);
  await shop
    .getByLabel('Med brev som hämtas från och med nu')
    .selectOption({ label: 'Tappar bort brevet före posten' });
  await shop.getByRole('button', { name: 'Ändra' }).click();
  const id = await handIn('Tappas bort');
  await until(async () => (await stateAtShop(id)) === 'Borttappat');
  assert.notEqual(await statusOf(id), 'printed');
  await faults('clear');
  await passDeadlines();
  await until(async () => /Brev har inte postats i tid/.test(await toLookInto()));
  assert.deepEqual(await axeViolations(staff), []);
  await go(shop, (await shopAddress(id)) ?? '');
  await shop.getByRole('button', { name: 'Posta nu' }).click();
  await until(isNow(id, 'printed'));
  await until(async () => !CASES.test(await toLookInto()));
});

/** Hours pass: what should have been posted by now has not been. */
async function passDeadlines(): Promise<void> {
  const { hubDatabaseUrl } = (await readRunning(installation.folder)) ?? {};
  const client = new pg.Client({ connectionString: hubDatabaseUrl });
  await client.connect();
  await client.query(`update print_batch set post_by = now() - interval '1 hour'`).finally(() => client.end());
}

test('receipts that come twice are one; of an unknown letter, or broken, are cases', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await faults('tryckeriet', 'tells-twice');
  const id = await handIn('Två gånger');
  await until(isNow(id, 'printed'));
  await faults('clear');
  assert.doesNotMatch(await toLookInto(), CASES);
  await go(shop, (await shopAddress(id)) ?? '');
  await shop.getByRole('button', { name: 'Skicka kvittensen igen' }).click();
  await shop.getByRole('link', { name: /^Batch / }).click();
  await shop.getByRole('button', { name: 'Om ett okänt brev' }).click();
  await until(async () => /kvitterat brev som det inte har fått av oss/.test(await toLookInto()));
  await shop.getByRole('button', { name: 'En trasig fil' }).click();
  await until(async () => /gick inte att läsa helt/.test(await toLookInto()));
  assert.equal(await statusOf(id), 'printed');
});

test('down: nothing is taken; up again, the letter that waited is posted', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await faults('tryckeriet', 'down');
  const id = await handIn('Väntar på tryckeriet');
  await until(async () => /Lämnad/.test(await firstRow()));
  assert.equal(await shopAddress(id), undefined);
  await faults('clear');
  await until(isNow(id, 'printed'));
});

/** Of the console's list of batches, the latest. */
async function firstRow(): Promise<string> {
  await staff.goto(`${ready.hub}/utskriftsbatcher`);
  return staff.locator('table').last().locator('tbody tr').first().innerText();
}

test('returned: told by the print shop, or registered by typing the mark; a case each, and the address is flagged', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const [told, typed] = [await handIn('I retur till tryckeriet'), await handIn('I retur till kommunen')];
  await until(async () => (await isNow(told, 'printed')()) && (await isNow(typed, 'printed')()));
  await go(shop, (await shopAddress(told)) ?? '');
  await shop.getByLabel('Posten skickar tillbaka brevet').selectOption({ label: 'Ej avhämtat' });
  await shop.getByRole('button', { name: 'I retur till tryckeriet' }).click();
  await shop.getByText('Kom i retur').waitFor();
  await until(isNow(told, 'case'));
  await go(shop, (await shopAddress(typed)) ?? '');
  const mark = await shop.getByText(`${typed} blad 1/1`).innerText();
  await shop.getByRole('button', { name: 'I retur till kunden' }).click();
  await shop.getByText('Kom i retur').waitFor();
  await go(staff, `${ready.hub}/returer`);
  await staff.getByText('Ej avhämtat').first().waitFor();
  await staff.getByLabel('Bladmärke').fill(mark);
  await staff.getByLabel('Okänd på adressen eller flyttat').check();
  await staff.getByRole('button', { name: 'Registrera' }).click();
  await staff.getByText('Returen är registrerad. Brevet ligger nu bland ärendena. Adressen är markerad.').waitFor();
  assert.deepEqual(await axeViolations(staff), []);
  await staff
    .getByRole('row', { name: /I retur till kommunen/ })
    .getByText('Markerad')
    .waitFor();
  assert.equal(await statusOf(typed), 'case');
  await go(staff, `${ready.hub}/arenden`);
  await staff.getByRole('link', { name: 'I retur till kommunen' }).first().click();
  await staff.getByRole('heading', { level: 1, name: 'I retur till kommunen' }).waitFor();
  assert.deepEqual(await axeViolations(staff), []);
});

test('what a print shop does not do is no fault of its; a form from elsewhere changes nothing', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const { code, err } = await faults('tryckeriet', 'refuse-now');
  assert.equal(code, 2);
  assert.match(err, /tryckeriet kan inte refuse-now/);
  const counted = await faults('tryckeriet', 'down', '--calls', '2');
  assert.equal(counted.code, 2);
  assert.match(counted.err, /är av tills felet stängs av: ange inte --calls/);
  const elsewhere = await faults('far', 'loses-letter');
  assert.match(elsewhere.err, /far kan inte loses-letter/);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://other.example' };
  const { status } = await fetch(`${ready.printShop}/fel`, { method: 'POST', headers, body: 'kind=down' });
  assert.equal(status, 403);
  assert.match((await faults()).out, /Inga fel är påslagna/);
});
