import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { applyConfiguration } from '../packages/hub/src/organisation/applyConfiguration.ts';
import { createCredentialAdmin } from '../packages/hub/src/organisation/credentialAdmin.ts';
import { parseConfiguration } from '../packages/hub/src/organisation/parseConfiguration.ts';
import { type IntakeHub, startIntakeHub } from '../packages/hub/test/support/intakeHub.ts';
import { launchBrowser } from './support/browser.ts';
import {
  actionable,
  browserTests,
  checkPage,
  openStaff,
  openVisitor,
  tabStops,
  type Visitor,
  visibleText,
} from './support/consoleBrowser.ts';

/** Forms from a portal, as a caseworker of the sample municipality meets them in a browser. */
const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url));
let hub: IntakeHub;
let browser: Browser | undefined;
let maja: Visitor;
let portalKey: string;
let url: (path: string) => string;
before(async () => {
  [hub, browser] = await Promise.all([startIntakeHub({ runsPipeline: true }), launchBrowser()]);
  url = (path) => `${hub.hub.webUrl}${path}`;
  if (browser === undefined) return;
  const configuration = parseConfiguration(await readFile(`${EXAMPLES}/lillkoping/organisation.yaml`, 'utf8'));
  await applyConfiguration(hub.pool, configuration, { by: 'test' });
  const of = { organizationNumber: configuration.organisation.number, systemCode: 'verksamt' };
  portalKey = (await createCredentialAdmin(hub.pool).makeSecret(of, { kind: 'apiKey', by: 'test' })).secret;
  const { rows } = await hub.pool.query('select id, name from organisation where organization_number = $1', [
    configuration.organisation.number,
  ]);
  maja = await openStaff(browser, { pool: hub.pool, origin: url('/'), organisation: rows[0] });
});
after(async () => {
  await browser?.close();
  await hub.close();
});

const browserTest = browserTests(() => (browser === undefined ? undefined : maja));

/** Hands in the sample's notice, which its receiver fetches; `isLate`: nobody has done so. */
async function handIn(subject: string, { isLate }: { isLate: boolean }): Promise<string> {
  const form = new FormData();
  form.append('transactionId', subject);
  form.append('product', 'serveringsansvarig');
  form.append('subject', subject);
  form.append('form', new Blob([await readFile(`${EXAMPLES}/serveringstillstand/anmalan.xml`)]), 'anmalan.xml');
  form.append('attachment', new Blob([await readFile(`${EXAMPLES}/serveringstillstand/planritning.pdf`)]), 'plan.pdf');
  const headers = { authorization: `Bearer ${portalKey}` };
  const response = await fetch(url('/api/v1/forms'), { method: 'POST', headers, body: form });
  const { id } = (await response.json()) as { id: string };
  assert.equal(response.status, 201);
  while (isLate) {
    const { rows } = await hub.pool.query(
      `update form_message set received_at = now() - interval '80 hours', due_at = case when lease_id is null then now() else due_at end
       where id = $1 and state = 'received' returning id`,
      [id],
    );
    if (rows.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return id;
}

browserTest('with no forms the page says when there will be some', async (page) => {
  await page.goto(url('/formular'));
  assert.match(await visibleText(page), /Inga formulär[\s\S]*verksamt\.se/);
  await checkPage(page, 'forms-empty');
});

browserTest('a caseworker finds one in the menu, reads it and takes its files home', async (page) => {
  await handIn('Anmälan från Bröderna Kafé', { isLate: false });
  await page.goto(url('/'));
  await page.getByRole('link', { name: 'Formulär', exact: true }).click();
  await checkPage(page, 'forms');
  await page.getByRole('link', { name: 'Anmälan från Bröderna Kafé' }).click();
  assert.match(
    await visibleText(page),
    /Tillstandshavare › Foretagsnamn\s+Bröderna Kafé 80[\s\S]*Moa Exempelsson[\s\S]*plan\.pdf\s+Bilaga/,
  );
  await checkPage(page, 'form');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'plan.pdf' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'plan.pdf');
});

browserTest('one that did not arrive tells why and what to do; the keyboard is enough to end it', async (page) => {
  await handIn('Anmälan som ingen hämtade', { isLate: true });
  await page.goto(url('/att-reda-ut'));
  await checkPage(page, 'hand-ins-with-forms');
  await page.getByRole('link', { name: 'Visa formulären' }).click();
  await page.getByRole('link', { name: 'Anmälan som ingen hämtade' }).click();
  assert.match(await visibleText(page), /Ingen har hämtat formuläret i tid\./);
  await checkPage(page, 'form-failed');
  await page.reload();
  const stops = await tabStops(page);
  assert.deepEqual(
    (await actionable(page)).filter((each) => !stops.includes(each)),
    [],
  );
  await page.locator('summary', { hasText: 'Avsluta för hand' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type(' ');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Fältet måste fyllas i.' }).waitFor();
  await checkPage(page, 'form-settle-faults');
  await page.getByLabel('Hur kom det fram?').fill('Lämnat till registrator.');
  await page.getByRole('button', { name: 'Avsluta' }).click();
  await page.getByRole('status').getByText('Formuläret är avslutat.').waitFor();
  assert.match(await visibleText(page), /Avslutat för hand[\s\S]*Lämnat till registrator\./);
});

browserTest('English is English all through, and without script it works all the same', async () => {
  assert.ok(browser);
  const id = await handIn('Third', { isLate: true });
  const visitor = await openVisitor(browser, { javaScriptEnabled: false });
  await visitor.context.addCookies(await maja.context.cookies());
  const { page } = visitor;
  await page.goto(url(`/formular/${id}?lang=en`));
  const words = (await visibleText(page)).replace(/Tillstandshavare|Serveringsstalle|Serveringsansvariga/g, '');
  assert.doesNotMatch(words, /Formulär|Bilaga|Mottag|Raderas|Försök|hämta(?!.*Tillstånd)/);
  await page.getByRole('button', { name: 'Try again' }).click();
  assert.match(await visibleText(page, 'body'), /The form is tried again\./);
  await visitor.close();
});
