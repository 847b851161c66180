import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser } from './support/browser.ts';
import { answers, createInstallation, type Ready, until } from './support/installation.ts';

/**
 * The product as a person meets it: `brevduva up` in a process of its own, a real browser, a business system that hands in over
 * HTTP. Every page that is met is judged by axe.
 */
const ADDRESS = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '990 10', city: 'Lillköping' };
const FIRST_LETTER_MS_MAX = 60_000;

const installation = await createInstallation();
let browser: Browser | undefined;
let ready: Ready;
let startedAtMs = 0;

before(async () => {
  browser = await launchBrowser();
  if (browser === undefined) return;
  startedAtMs = Date.now();
  ready = await installation.start();
});
after(async () => {
  await browser?.close();
  await installation.remove();
});

interface Visitor {
  readonly page: Page;
  /** What the browser complained about: script errors, policy violations. */
  readonly complaints: string[];
}

async function visitor(width = 1280): Promise<Visitor> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'sv-SE' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

async function assertSound({ page, complaints }: Visitor): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], page.url());
  assert.deepEqual(complaints, [], page.url());
}

async function logInAsCitizen(mailbox: string, name: RegExp): Promise<Visitor> {
  const visit = await visitor();
  await visit.page.goto(mailbox);
  await assertSound(visit);
  await visit.page
    .getByRole('link', { name: /logga in/i })
    .first()
    .click();
  await assertSound(visit);
  await visit.page.getByRole('button', { name }).first().click();
  await visit.page.waitForURL(/\/inbox/);
  await assertSound(visit);
  return visit;
}

async function logInAsStaff(): Promise<Visitor> {
  const visit = await visitor();
  await visit.page.goto(ready.console);
  await visit.page.getByRole('button', { name: /Maja Lilja/ }).click();
  await visit.page.waitForURL(ready.console);
  await assertSound(visit);
  return visit;
}

async function handIn(letter: Record<string, unknown>, key: string = crypto.randomUUID()): Promise<string> {
  const response = await fetch(`${ready.hub}/api/v1/letters`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ready.apiKey}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ flow: 'beslut', body: { text: 'Hej!' }, ...letter }),
  });
  const answer = (await response.json()) as { id: string };
  assert.ok(response.ok, JSON.stringify(answer));
  return answer.id;
}

async function statusOf(id: string): Promise<{ status: string; events: { kind: string }[] }> {
  const response = await fetch(`${ready.hub}/api/v1/letters/${id}`, {
    headers: { authorization: `Bearer ${ready.apiKey}` },
  });
  return (await response.json()) as { status: string; events: { kind: string }[] };
}

const isNow = (id: string, status: string) => async () => (await statusOf(id)).status === status;
const hasMet = (id: string, kind: string) => async () =>
  (await statusOf(id)).events.some((event) => event.kind === kind);

/** How many letters with the subject the citizen sees in her inbox. */
async function inInbox({ page }: Visitor, subject: string): Promise<number> {
  await page.goto(new URL(`/inbox?q=${encodeURIComponent(subject)}`, page.url()).href);
  return page.getByRole('link', { name: subject }).count();
}

test('from start to the first letter in the citizen’s mailbox within a minute; she reads it and its PDF', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const citizen = await logInAsCitizen(ready.mailboxes[0], /Ann-Sofie Eriksson/);
  // The letter may come while she logs in; then she looks again.
  await until(async () => (await inInbox(citizen, 'Beslut om bygglov för carport')) === 1);
  await citizen.page.getByRole('link', { name: /Beslut om bygglov för carport/ }).click();
  const tookMs = Date.now() - startedAtMs;
  assert.ok(tookMs <= FIRST_LETTER_MS_MAX, `it took ${tookMs} ms`);
  t.diagnostic(`start to first letter read: ${tookMs} ms`);
  await assertSound(citizen);
  const message = citizen.page.frameLocator('iframe').first();
  await message.getByText('Byggnadsnämnden beviljar bygglov').waitFor();
  const [download] = await Promise.all([
    citizen.page.waitForEvent('download'),
    citizen.page
      .getByRole('link', { name: /^Ladda ner/ })
      .first()
      .click(),
  ]);
  assert.equal(download.suggestedFilename(), 'situationsplan.pdf');
});

test('digital: handed in, the citizen sees it, the console tells the whole story', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const subject = 'Räksmörgås åt alla & <b>envar</b>';
  const id = await handIn({ recipient: ready.sampleRecipients.digital, subject });
  await until(isNow(id, 'delivered'));
  const citizen = await logInAsCitizen(ready.mailboxes[0], /Ann-Sofie Eriksson/);
  assert.equal(await inInbox(citizen, subject), 1);
  const staff = await logInAsStaff();
  await staff.page.goto(`${ready.hub}/brev/${id}`);
  await assertSound(staff);
  await staff.page.getByRole('heading', { level: 1, name: subject }).waitFor();
  const text = await staff.page.locator('main').innerText();
  for (const part of ['Levererat digitalt', 'Brevlådan', 'Signerat av avsändaren', 'deliverSecure'])
    assert.ok(text.includes(part), part);
});

test('paper: no mailbox; the console shows the print', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const id = await handIn({ recipient: ready.sampleRecipients.paper, subject: 'På papper', address: ADDRESS });
  await until(isNow(id, 'printed'));
  const staff = await logInAsStaff();
  await staff.page.goto(`${ready.hub}/brev/${id}`);
  await assertSound(staff);
  const print = await staff.page.request.get(`${ready.hub}/brev/${id}/utskrift`);
  assert.equal(print.headers()['content-type'], 'application/pdf');
  assert.ok((await print.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));
});

test('case: a person fills in the address and sends the letter on paper', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const id = await handIn({ recipient: ready.sampleRecipients.case, subject: 'Ingen kanal alls' });
  await until(isNow(id, 'case'));
  const staff = await logInAsStaff();
  await staff.page.goto(`${ready.hub}/arenden`);
  await assertSound(staff);
  await staff.page.getByRole('link', { name: 'Ingen kanal alls' }).first().click();
  await staff.page.getByLabel('Namn', { exact: true }).fill('Paweł Wiśniewski');
  await staff.page.getByLabel('Adressrader').fill('Ängsvägen 3');
  await staff.page.getByLabel('Postnummer').fill('00010');
  await staff.page.getByLabel('Ort', { exact: true }).fill('Lillköping');
  await staff.page.getByRole('button', { name: 'Skicka på papper' }).click();
  await staff.page.getByText(/postn/i).first().waitFor();
  assert.equal((await statusOf(id)).status, 'case', 'a faulty address moves nothing');
  // The browser itself noted the answer 422; that is no complaint about the page.
  staff.complaints.length = 0;
  await assertSound(staff);
  await staff.page.getByLabel('Postnummer').fill('990 10');
  await staff.page.getByRole('button', { name: 'Skicka på papper' }).click();
  await staff.page.getByText('Brevet går nu på papper.').waitFor();
  await assertSound(staff);
  await until(isNow(id, 'printed'));
});

test('duplicate: the same submission twice is one letter in the inbox', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const letter = { recipient: ready.sampleRecipients.digital, subject: 'Bara en gång' };
  const ids = [await handIn(letter, 'samma-nyckel'), await handIn(letter, 'samma-nyckel')];
  assert.equal(ids[0], ids[1]);
  await until(isNow(ids[0] ?? '', 'delivered'));
  assert.equal(await inInbox(await logInAsCitizen(ready.mailboxes[0], /Ann-Sofie Eriksson/), 'Bara en gång'), 1);
});

test('operator down, then up: the letter is seen to wait, then to arrive', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await installation.cli('faults', 'brevladan', 'down');
  await until(async () => !(await answers(ready.mailboxes[0])));
  const id = await handIn({ recipient: ready.sampleRecipients.digital, subject: 'Efter avbrottet', address: ADDRESS });
  await until(hasMet(id, 'operatorUnreachable'));
  const staff = await logInAsStaff();
  await staff.page.goto(`${ready.hub}/brev/${id}`);
  await staff.page
    .getByText(/operatören går inte att nå/i)
    .first()
    .waitFor();
  await assertSound(staff);
  await installation.cli('faults', 'clear');
  await until(isNow(id, 'delivered'));
  assert.equal(await inInbox(await logInAsCitizen(ready.mailboxes[0], /Ann-Sofie Eriksson/), 'Efter avbrottet'), 1);
});

test('accept, then silence: unknown in the console, once in the inbox, never on paper', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await installation.cli('faults', 'brevladan', 'accept-then-silence', '--calls', '2');
  const id = await handIn({ recipient: ready.sampleRecipients.digital, subject: 'Tystnaden', address: ADDRESS });
  await until(hasMet(id, 'outcomeUnknown'));
  await until(isNow(id, 'delivered'));
  await installation.cli('faults', 'clear');
  const staff = await logInAsStaff();
  await staff.page.goto(`${ready.hub}/brev/${id}`);
  await staff.page
    .getByText(/Utgången okänd/)
    .first()
    .waitFor();
  assert.equal((await staff.page.request.get(`${ready.hub}/brev/${id}/utskrift`)).status(), 404, 'nothing was printed');
  assert.equal(await inInbox(await logInAsCitizen(ready.mailboxes[0], /Ann-Sofie Eriksson/), 'Tystnaden'), 1);
});

test('the pages that need no login are sound too, and so are those that do not exist', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const [first, second] = ready.mailboxes;
  for (const width of [1280, 390]) {
    const visit = await visitor(width);
    for (const url of [`${ready.hub}/api`, ready.far, first, second]) {
      await visit.page.goto(url);
      await assertSound(visit);
    }
    for (const origin of [ready.hub, ready.far, first, ready.identityProvider]) {
      const answer = await visit.page.goto(`${origin}/finns-inte`);
      assert.equal(answer?.status(), 404, origin);
      // The browser itself notes the 404; that is no complaint about the page.
      visit.complaints.length = 0;
      await assertSound(visit);
    }
  }
});
