import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { named } from '../packages/hub/src/waysIn/printer/ippValues.ts';
import { jobIdOf, type PrinterHub, startPrinterHub } from '../packages/hub/test/support/printerHub.ts';
import { furtherPage, letterPage, printoutPdf } from '../packages/hub/test/support/printouts.ts';
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

/** What no rule could make a letter of, as a caseworker meets it in a browser. */
let hub: PrinterHub;
let browser: Browser | undefined;
let maja: Visitor;
let url: (path: string) => string;
before(async () => {
  [hub, browser] = await Promise.all([startPrinterHub(), launchBrowser()]);
  url = (path) => `${hub.hub.webUrl}${path}`;
  if (browser === undefined) return;
  const organisation = { id: hub.organisationId, name: 'Kommun A' };
  maja = await openStaff(browser, { pool: hub.pool, origin: url('/'), organisation });
});
after(async () => {
  await browser?.close();
  await hub.close();
});

const browserTest = browserTests(() => (browser === undefined ? undefined : maja));

/** Prints and waits until it is read. */
async function print(name: string, pages: Parameters<typeof printoutPdf>[0]): Promise<void> {
  const printed = await hub.print('printJob', { attributes: [named('job-name', name)], document: printoutPdf(pages) });
  await hub.ended(jobIdOf(printed));
}

const WRONG = letterPage({ number: '19270517-8355', name: 'Anna Ek', reference: 'BYGG-9' });

browserTest('with nothing to sort out the page says so', async (page) => {
  await page.goto(url('/att-reda-ut'));
  assert.match(await visibleText(page), /Inget att reda ut/);
  await checkPage(page, 'hand-ins-empty');
});

browserTest('a caseworker finds it in the menu, reads the page, corrects the number and hands it in', async (page) => {
  await print('Beslut vecka 47', [WRONG, furtherPage('Så här överklagar du')]);
  await print('Påminnelser', [furtherPage('Utan nummer')]);
  await page.goto(url('/'));
  await page.getByRole('link', { name: /Att reda ut/ }).click();
  await checkPage(page, 'hand-ins');
  await page.getByRole('link', { name: 'Beslut vecka 47, sidorna 1–2' }).click();
  await page.getByRole('img', { name: /^Sida 1 av 2/ }).waitFor();
  const width = await page.evaluate(`(async () => {
    const image = document.querySelector('main img');
    await image.decode();
    return image.naturalWidth;
  })()`);
  assert.ok(Number(width) > 500, 'the page is there to be read');
  await checkPage(page, 'hand-in');
  await page.getByRole('button', { name: 'Lämna in' }).click();
  assert.match(await visibleText(page), /Mottagarens nummer har fel kontrollsiffra/);
  await checkPage(page, 'hand-in-faults');
  await page.getByLabel('Mottagarens nummer').fill('19270517-8354');
  await page.getByRole('button', { name: 'Lämna in' }).click();
  await page.getByRole('status').getByText('Brevet är inlämnat.').waitFor();
  assert.doesNotMatch(await visibleText(page), /Beslut vecka 47/);
  await page.getByRole('link', { name: 'Visa brevet' }).click();
  assert.match(await visibleText(page), /Beslut om bygglov[\s\S]*En person redde ut vad som lämnats in/);
});

browserTest('the keyboard is enough, and two who act at once are told apart', async (page) => {
  await page.goto(url('/att-reda-ut'));
  await page.getByRole('link', { name: 'Påminnelser, sida 1' }).click();
  const stops = await tabStops(page);
  assert.deepEqual(
    (await actionable(page)).filter((each) => !stops.includes(each)),
    [],
  );
  const other = await maja.context.newPage();
  await other.goto(page.url());
  await page.locator('summary', { hasText: 'Skicka inte' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('En provutskrift.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Det skickas inte.').waitFor();
  await other.getByLabel('Mottagarens nummer').fill('19270517-8354');
  await other.getByLabel('Ämne').fill('Påminnelse');
  await other.getByRole('button', { name: 'Lämna in' }).click();
  await other.getByText('Någon annan hann före').waitFor();
  assert.match(await visibleText(other), /Maja Lilja valde att inte skicka det[\s\S]*En provutskrift\./);
  await checkPage(other, 'hand-in-conflict');
  await other.close();
});

browserTest('English is English all through', async (page) => {
  await print('English', [WRONG]);
  await page.goto(url('/att-reda-ut?lang=en'));
  await checkPage(page, 'hand-ins-english');
  await page.getByRole('link', { name: 'English, sida 1' }).click();
  const words = (await visibleText(page)).replace(/English, sida 1|Ärendesystemet|Beslut/g, '');
  assert.doesNotMatch(words, /Mottagar|Lämna|Skicka|Sida |Ämne|Adress/);
  await checkPage(page, 'hand-in-english');
});

browserTest('what systems have handed in as files is shown with what became of each row', async (page) => {
  await page.goto(url('/filinlamningar?lang=sv'));
  assert.match(await visibleText(page), /Inga filer har lämnats in/);
  await checkPage(page, 'files-empty');
  await seedDeliveries();
  await page.goto(url('/brev'));
  await page.getByRole('link', { name: 'Filinlämningar' }).click();
  assert.match(
    await visibleText(page),
    /påminnelser <b>vecka 47<\/b>\.zip[\s\S]*Nekad[\s\S]*fakturor\.csv[\s\S]*Mottagen/,
  );
  await checkPage(page, 'files');
  await page.getByRole('link', { name: 'påminnelser <b>vecka 47</b>.zip' }).click();
  assert.match(
    await visibleText(page),
    /Inget ur filen har skickats[\s\S]*Filen b\.pdf finns inte\.[\s\S]*HUB_FILE_MISSING/,
  );
  await checkPage(page, 'file');
  for (const path of ['/filinlamningar?lang=en', `/filinlamningar/${DELIVERIES.failed}?lang=en`]) {
    await page.goto(url(path));
    assert.doesNotMatch(await visibleText(page), /Filinlämning|Verksamhetssystem(?! i)|Nekad|Utfall|Mottage/);
    await checkPage(page, path.startsWith('/filinlamningar?') ? 'files-english' : 'file-english');
  }
});

const DELIVERIES = { done: '01990000-0000-7000-8000-00000000d0e0', failed: '01990000-0000-7000-8000-0000000fa11e' };

/** One that was taken and one that was refused, as the worker leaves them. */
async function seedDeliveries(): Promise<void> {
  const row = (line: number, more: object) => ({ line, file: 'b.pdf', reference: `R-${line}`, faults: [], ...more });
  const missing = { code: 'HUB_FILE_MISSING', text: 'Filen b.pdf finns inte.' };
  const rows = [row(3, { outcome: 'refused', faults: [missing] }), row(2, { outcome: 'heldBack' })];
  for (const [id, name, state, told] of [
    [DELIVERIES.done, 'fakturor.csv', 'done', []],
    [DELIVERIES.failed, 'påminnelser <b>vecka 47</b>.zip', 'failed', rows],
  ] as const) {
    await hub.pool.query(
      `insert into file_delivery (organisation_id, id, business_system_id, name, kind, state, is_taken, ended_at, accepted, refused,
         understood_as, told_rows)
       select organisation_id, $2, id, $3, 'index', $4, true, now(), $5, $6, 'CSV i UTF-8 med semikolon', $7
       from business_system where organisation_id = $1 order by code limit 1`,
      [hub.organisationId, id, name, state, state === 'done' ? 4_200 : 0, told.length, JSON.stringify(told)],
    );
  }
}

browserTest('without script it works all the same', async () => {
  assert.ok(browser);
  await print('Utan skript', [WRONG]);
  const visitor = await openVisitor(browser, { javaScriptEnabled: false });
  await visitor.context.addCookies(await maja.context.cookies());
  await visitor.page.goto(url('/att-reda-ut?lang=sv'));
  await visitor.page.getByRole('link', { name: 'Utan skript, sida 1' }).click();
  await visitor.page.getByLabel('Mottagarens nummer').fill('19270517-8354');
  await visitor.page.getByRole('button', { name: 'Lämna in' }).click();
  await visitor.page.getByRole('status').getByText('Brevet är inlämnat.').waitFor();
  await visitor.close();
});
