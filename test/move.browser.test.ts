import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser } from './support/browser.ts';
import { createInstallation, type Ready, until } from './support/installation.ts';

/**
 * A person decides about her mailbox, on a real `brevduva up`: she moves it between the two operators and mail arrives at the new
 * one; another opens one, turns a sender away and closes it again. Every page on the way is judged by axe.
 */
const ADDRESS = { name: 'Åsa Öberg', street: 'Ängsvägen 3', postalCode: '990 10', city: 'Lillköping' };
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const installation = await createInstallation();
let browser: Browser | undefined;
let ready: Ready;

before(async () => {
  browser = await launchBrowser();
  if (browser !== undefined) ready = await installation.start();
});
after(async () => {
  await browser?.close();
  await installation.remove();
});

interface Visit {
  page: Page;
  complaints: string[];
}

/** Logs in with the e-ID as the person with this number. */
async function logIn(
  mailbox: string,
  number: string,
  options: { locale?: string; phone?: boolean } = {},
): Promise<Visit> {
  assert.ok(browser);
  const { locale = 'sv-SE', phone = false } = options;
  const context = await browser.newContext({ viewport: phone ? PHONE : DESK, locale });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${mailbox}/login?return=/inbox`);
  await page.getByLabel('Personnummer eller samordningsnummer').fill(number);
  await page.getByRole('button', { name: 'Legitimera med numret' }).click();
  await page.waitForURL((url) => url.origin === mailbox);
  return { page, complaints };
}

/** Axe finds nothing, the browser complains of nothing, and nothing is wider than the screen. */
async function assertSound({ page, complaints }: Visit): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], page.url());
  assert.deepEqual(complaints, [], page.url());
  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, page.viewportSize()?.width, `${page.url()} is wider than the screen`);
}

/** The e-ID's own button, and back. */
async function sign(visit: Visit): Promise<void> {
  const { page } = visit;
  await page.getByRole('heading', { level: 1, name: 'Skriv under' }).waitFor();
  await assertSound(visit);
  await page.getByRole('button', { name: 'Skriv under' }).click();
}

async function handIn(letter: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${ready.hub}/api/v1/letters`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ready.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ flow: 'beslut', body: { text: 'Hej!' }, address: ADDRESS, ...letter }),
  });
  const answer = (await response.json()) as { id: string };
  assert.ok(response.ok, JSON.stringify(answer));
  return answer.id;
}

const isNow = (id: string, status: string) => async () => {
  const response = await fetch(`${ready.hub}/api/v1/letters/${id}`, {
    headers: { authorization: `Bearer ${ready.apiKey}` },
  });
  return ((await response.json()) as { status: string }).status === status;
};

/** How many letters with the subject lie in her inbox. */
async function inInbox({ page }: Visit, mailbox: string, subject: string): Promise<number> {
  await page.goto(`${mailbox}/inbox?q=${encodeURIComponent(subject)}`);
  return page.getByRole('link', { name: subject }).count();
}

test('she moves her mailbox to the other operator; the next letter arrives there and not where she was', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const [brevladan, posthornan] = ready.mailboxes;
  const number = ready.sampleRecipients.digital;
  const before = await handIn({ recipient: number, subject: 'Före flytten' });
  await until(isNow(before, 'delivered'));

  const visit = await logIn(posthornan, number);
  await visit.page.getByRole('heading', { level: 1, name: 'Du har en brevlåda hos Brevlådan' }).waitFor();
  await assertSound(visit);
  const stay = await visit.page.getByRole('link', { name: 'Behåll den hos Brevlådan' }).getAttribute('href');
  assert.equal(new URL(stay ?? '').origin, brevladan);
  await visit.page.getByRole('button', { name: 'Skriv under och flytta hit' }).click();
  await sign(visit);
  await visit.page.getByText('Din brevlåda är flyttad hit.').waitFor();
  await assertSound(visit);

  const after = await handIn({ recipient: number, subject: 'Efter flytten' });
  await until(isNow(after, 'delivered'));
  assert.equal(await inInbox(visit, posthornan, 'Efter flytten'), 1);
  assert.equal(await inInbox(visit, posthornan, 'Före flytten'), 0);

  const old = await logIn(brevladan, number);
  await old.page.getByText('Din brevlåda finns nu hos Posthörnan.').waitFor();
  await assertSound(old);
  assert.equal(await inInbox(old, brevladan, 'Före flytten'), 1);
  assert.equal(await inInbox(old, brevladan, 'Efter flytten'), 0);
});

test('somebody without a mailbox opens one by keyboard, gets a letter, turns the sender away, gets paper, and closes it', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const [brevladan] = ready.mailboxes;
  const number = ready.sampleRecipients.paper;
  const visit = await logIn(brevladan, number);
  const { page } = visit;
  await page.getByRole('heading', { level: 1, name: 'Öppna din brevlåda' }).waitFor();
  await assertSound(visit);
  await page.getByRole('button', { name: 'Skriv under och öppna' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Skriv under' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Din brevlåda är öppen.').waitFor();
  await assertSound(visit);
  const digital = await handIn({ recipient: number, subject: 'Det första digitala' });
  await until(isNow(digital, 'delivered'));
  assert.equal(await inInbox(visit, brevladan, 'Det första digitala'), 1);

  await page.getByRole('link', { name: 'Inställningar' }).click();
  await page.getByRole('heading', { level: 1, name: 'Inställningar' }).waitFor();
  await assertSound(visit);
  await page.getByRole('link', { name: 'Välj avsändare' }).click();
  await page.getByRole('checkbox', { name: 'Lillköpings kommun' }).focus();
  await page.keyboard.press('Space');
  await assertSound(visit);
  await page.getByRole('button', { name: 'Gå vidare' }).click();
  await page.getByText('Lillköpings kommun skickar då papper.').waitFor();
  await assertSound(visit);
  await page.getByRole('button', { name: 'Skriv under' }).click();
  await sign(visit);
  await page.getByText('Dina val av avsändare är sparade.').waitFor();
  await assertSound(visit);
  const paper = await handIn({ recipient: number, subject: 'Nu på papper' });
  await until(isNow(paper, 'printed'));

  await page.getByRole('link', { name: 'Inställningar' }).first().click();
  await page.getByRole('link', { name: 'Ändrade val av avsändare' }).click();
  await page.getByText('Jag ändrar vilka avsändare jag tar emot digital post från.').waitFor();
  await assertSound(visit);
  await page.goto(`${brevladan}/settings/close`);
  await assertSound(visit);
  await page.getByRole('button', { name: 'Skriv under och stäng' }).click();
  await sign(visit);
  await page.getByText('Din brevlåda är stängd.').first().waitFor();
  await assertSound(visit);
  assert.equal(await inInbox(visit, brevladan, 'Det första digitala'), 1);
});

test('on a phone, in English: cancelled at the e-ID, and then somebody who may not', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const [brevladan] = ready.mailboxes;
  const phone = { phone: true, locale: 'en-GB' };
  const visit = await logIn(brevladan, ready.sampleRecipients.case, phone);
  await visit.page.getByRole('heading', { level: 1, name: 'Open your mailbox' }).waitFor();
  await assertSound(visit);
  await visit.page.getByRole('button', { name: 'Sign and open' }).click();
  await visit.page.getByRole('button', { name: 'Avbryt' }).click();
  await visit.page.getByText('You cancelled the signature').waitFor();
  await assertSound(visit);
  await visit.page.getByRole('link', { name: 'Try again' }).click();
  await visit.page.getByRole('heading', { level: 1, name: 'Open your mailbox' }).waitFor();

  const minor = await logIn(brevladan, ready.samplePersons.minor, phone);
  await minor.page.getByRole('button', { name: 'Sign and open' }).click();
  await minor.page.getByRole('button', { name: 'Skriv under' }).click();
  await minor.page.getByRole('heading', { level: 1, name: 'You must be 18' }).waitFor();
  await assertSound(minor);
});
