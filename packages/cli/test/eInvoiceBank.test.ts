import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLog, newId, systemClock } from '@brevduva/base';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { startEInvoiceBank } from '../src/dev/eInvoiceBank.ts';
import { sampleEInvoiceWishes } from '../src/dev/sample/eInvoiceWishes.ts';
import { featuredRecipients } from '../src/dev/sample/featured.ts';
import { createSampleRecipients } from '../src/dev/sample/recipients.ts';

const recipients = createSampleRecipients();
const featured = featuredRecipients(recipients);
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd';
const INVOICE = `<Invoice xmlns="${UBL}:Invoice-2"><ID>70019</ID><DueDate>2026-12-31</DueDate><DocumentCurrencyCode>SEK</DocumentCurrencyCode>
<AdditionalDocumentReference><Attachment><EmbeddedDocumentBinaryObject>JVBERi0xLjc=</EmbeddedDocumentBinaryObject></Attachment></AdditionalDocumentReference>
<AccountingSupplierParty><Party><PartyLegalEntity><RegistrationName>Lillköpings kommun</RegistrationName></PartyLegalEntity></Party></AccountingSupplierParty>
<AccountingCustomerParty><Party><PartyLegalEntity><RegistrationName>Åkerbär &amp; Co AB</RegistrationName></PartyLegalEntity></Party></AccountingCustomerParty>
<TaxTotal><TaxAmount>0.00</TaxAmount></TaxTotal><LegalMonetaryTotal><PayableAmount>3150.00</PayableAmount></LegalMonetaryTotal></Invoice>`;
let folder: string;
let bank: Awaited<ReturnType<typeof startEInvoiceBank>>;
const start = () =>
  startEInvoiceBank({
    ...{ host: '127.0.0.1', port: 0, token: 'hemlig', folder, clock: systemClock },
    wishes: sampleEInvoiceWishes(recipients, featured),
    takeFault: async () => undefined,
    log: createLog({ service: 'test', level: 'silent' }),
  });
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brevduva-bank-'));
  bank = await start();
});
after(async () => {
  await bank.close();
  await rm(folder, { recursive: true });
});

async function call(path: string, init: RequestInit = {}, token = 'hemlig') {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const response = await fetch(`${bank.url}${path}`, { ...init, headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const send = (id: string, xml = INVOICE) =>
  call('/invoices', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', 'idempotency-key': id, 'x-receiver': '0007:5568402266' },
    body: xml,
  });

test('the sample’s wishes: the featured company, and persons without a mailbox', async () => {
  const ask = (recipient: string) => ({ recipient });
  const body = JSON.stringify({
    ...{ creditor: '164999000013', flow: 'faktura' },
    invoices: [ask(featured.company.id), ask(featured.paper.id)],
  });
  const { body: answer } = await call('/registry', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const [company, person] = answer['invoices'] as Record<string, unknown>[];
  assert.deepEqual(company, {
    ...{ recipient: featured.company.id, wanted: true },
    ...{ endpoint: `0007:${featured.company.id.slice(2)}`, name: featured.company.name },
  });
  assert.deepEqual(person, { recipient: featured.paper.id, wanted: false });
  const refused = await call('/registry', { method: 'POST', body }, 'gissad');
  assert.deepEqual([refused.status, refused.body['code']], [401, 'BASE_SESSION_REQUIRED']);
});

test('an id is one invoice: again the same answer, other bytes are refused, and a restart keeps it', async () => {
  const id = newId();
  const [first, again] = [await send(id), await send(id)];
  assert.deepEqual([first.status, first.body['status']], [202, 'accepted']);
  assert.deepEqual(again, first);
  assert.equal((await send(id, INVOICE.replace('3150', '3151'))).status, 409);
  await bank.close();
  bank = await start();
  assert.equal((await call(`/invoices/${id}`)).body['status'], 'delivered');
  assert.equal((await call(`/invoices/${newId()}`)).status, 404);
  assert.equal((await call('/invoices/..%2f..%2fetc')).status, 404);
  const unread = await send(newId(), '<!DOCTYPE a><a/>');
  assert.deepEqual([unread.status, unread.body['reason']], [422, 'Fakturan går inte att läsa.']);
});

test('its pages: readable, accessible, in two languages, and no wider than a phone', async (t) => {
  const id = newId();
  await send(id);
  const browser = await launchBrowser();
  if (browser === undefined) return t.skip('no browser');
  for (const width of [1280, 390]) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    for (const path of ['/', `/fakturor/${id}`, '/?lang=en']) {
      await page.goto(`${bank.url}${path}`);
      assert.deepEqual(await axeViolations(page), [], path);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      assert.ok(overflow <= 0, `${path}: ${overflow} px too wide`);
      assert.match((await page.textContent('main')) ?? '', /Åkerbär & Co AB/);
      assert.match((await page.textContent('main')) ?? '', /3.150,00|3,150\.00/);
      const picture = process.env['BREVDUVA_PICTURE'];
      if (picture !== undefined)
        await page.screenshot({ path: `${picture}-${width}-${path.length}.png`, fullPage: true });
    }
    await page.close();
  }
  await browser.close();
  const pdf = await fetch(`${bank.url}/fakturor/${id}/pdf`);
  assert.deepEqual([pdf.headers.get('content-type'), await pdf.text()], ['application/pdf', '%PDF-1.7']);
});
