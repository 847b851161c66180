import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { freePort } from '@brevduva/base/testing';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { CLIENT, startTestIssuer, type TestIssuer } from './issuer.ts';
import {
  delivery,
  type LetterOptions,
  makeKeys,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { pdfOf } from './pdf.ts';
import { PERSON_ANNA, PERSON_STRANGER } from './people.ts';

const HTML_LETTER = `<!DOCTYPE html><html lang="sv"><head><title>Beslut</title></head><body>
<h1 style="color:#004b87">Beslut om avgift</h1><p>Din avgift är <strong>1 230 kr</strong>.</p></body></html>`;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };
/** Set to a folder to keep a picture of every page. */
const PICTURES = process.env['BREVDUVA_PICTURES'];

let browser: Browser | undefined;
let issuer: TestIssuer;
let operator: TestOperator;
let origin: string;

before(async () => {
  browser = await launchBrowser();
  const keys = await makeKeys();
  const port = await freePort();
  origin = `http://localhost:${port}`;
  issuer = await startTestIssuer(origin, { personnummer: PERSON_ANNA, name: 'Anna Andersson' });
  operator = await startTestOperator({
    keys,
    settings: { brand: { theme: 'pine' } },
    more: { web: { host: '127.0.0.1', port, publicUrl: origin }, oidc: { issuer: issuer.url, ...CLIENT } },
  });
});
after(async () => {
  await browser?.close();
  await operator.close();
  await issuer.stop();
});

async function send(options: LetterOptions): Promise<void> {
  await operator.deliver(await sealedRequest(operator.keys, delivery(options)));
}

test('a citizen logs in, finds her letter, reads it and its PDF, and logs out; axe finds nothing', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const page = await browser.newPage({ viewport: DESK, locale: 'sv-SE' });
  const complaints = watch(page);

  await page.goto(origin);
  await look(page, 'front');
  await page.getByRole('link', { name: 'Logga in med e-legitimation' }).click();
  await page.getByRole('heading', { name: 'Inkorg' }).waitFor();
  await look(page, 'inbox-empty');

  await send({
    subject: 'Beslut om avgift',
    contentType: 'text/html',
    text: HTML_LETTER,
    senderName: 'Uppsala kommun',
  });
  const pdf = { fileName: 'beslut.pdf', bytes: pdfOf('Beslut om plats') };
  const calendar = { fileName: 'inskolning.ics', bytes: Buffer.from('BEGIN:VCALENDAR'), contentType: 'text/calendar' };
  await send({ subject: 'Beslut om förskoleplats', attachments: [pdf, calendar], senderName: 'Uppsala kommun' });
  await page.reload();
  await look(page, 'inbox');
  assert.equal(await page.getByText('Oläst', { exact: true }).count(), 2);

  await page.getByRole('link', { name: /Beslut om förskoleplats/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Beslut om förskoleplats' }).waitFor();
  await page.getByText('Du har fått en plats.').waitFor();
  const frame = page.getByTitle('Bilagan beslut.pdf');
  await frame.scrollIntoViewIfNeeded();
  const shown = await page.request.get(`${origin}${await frame.getAttribute('src')}`);
  assert.equal(shown.headers()['content-type'], 'application/pdf');
  await look(page, 'letter');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Ladda ner inskolning.ics' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'inskolning.ics');

  await page.goto(`${origin}/inbox`);
  assert.equal(await page.getByText('Oläst', { exact: true }).count(), 1);
  await page.getByRole('link', { name: /Beslut om avgift/ }).click();
  await page.frameLocator('iframe').getByText('1 230 kr').waitFor();
  await look(page, 'letter-html');

  await page.getByRole('button', { name: 'Logga ut' }).click();
  await page.getByRole('link', { name: 'Logga in med e-legitimation' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test('nothing in a letter of somebody who got past the sender runs in the frame', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  await send({ subject: 'Fientligt', contentType: 'text/html', text: HTML_LETTER });
  // What a faulty check would have let in: put straight into the store, past the receiving side.
  await plantHtml(
    '<p id="x">Hej</p><img src=x onerror="parent.document.title=1"><script>top.document.title="tagen"</script>',
  );
  const page = await browser.newPage({ viewport: DESK, locale: 'sv-SE' });
  await page.goto(`${origin}/inbox`);
  await page.getByRole('link', { name: /Fientligt/ }).click();
  await page.frameLocator('iframe').getByText('Hej').waitFor();
  assert.match(await page.title(), /^Fientligt/);
  const body = await page.frameLocator('iframe').locator('body').innerHTML();
  assert.doesNotMatch(body, /script|onerror|<img/);
  await page.close();
});

test('a phone, a keyboard, English, and somebody without a mailbox', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const page = await browser.newPage({ viewport: PHONE, locale: 'en-GB' });
  await page.goto(`${origin}/inbox`);
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await look(page, 'phone-inbox');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
  await page.getByRole('link', { name: /Beslut om förskoleplats/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Beslut om förskoleplats' }).waitFor();
  await look(page, 'phone-letter');
  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.equal(width, PHONE.width, 'nothing is wider than the phone');
  await page.goto(`${origin}/inbox?q=finns+inte`);
  await look(page, 'phone-nothing-found');
  await page.goto(`${origin}/letter/finns-inte`);
  await page.getByText('There is nothing here').waitFor();
  await look(page, 'phone-not-found');
  await page.close();

  issuer.person = { personnummer: PERSON_STRANGER, name: 'Stina Främling' };
  const stranger = await browser.newPage({ viewport: PHONE, locale: 'sv-SE' });
  await stranger.goto(`${origin}/login`);
  await stranger.getByRole('heading', { name: 'Du har ingen brevlåda här' }).waitFor();
  await look(stranger, 'phone-no-mailbox');
  await stranger.close();
});

/** Whatever the browser complains of: a policy that stops our own script or style would show here. */
function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(await axeViolations(page), [], name);
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** Replaces the text of the latest letter, encrypted as the operator itself would have written it. */
async function plantHtml(html: string): Promise<void> {
  const { createContentKeys } = await import('../src/content/encryption.ts');
  const { partContext } = await import('../src/content/store.ts');
  const { CONTENT_KEY } = await import('./operator.ts');
  const { rows } = await operator.database.pool.query<{ id: string }>(
    'select id from letter order by received_at desc limit 1',
  );
  const id = rows[0]?.id ?? '';
  const encrypted = createContentKeys([CONTENT_KEY]).encrypt(Buffer.from(html, 'utf8'), partContext(id, 0));
  await operator.database.pool.query('update part set encrypted = $2 where letter_id = $1 and position = 0', [
    id,
    encrypted,
  ]);
}
