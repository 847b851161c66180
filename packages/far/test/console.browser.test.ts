import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../test/support/browser.ts';
import { checkPage, logIn, openVisitor, tabStops, visibleText } from '../../../test/support/consoleBrowser.ts';
import { CONFORMANCE_PATH } from '../src/conformance/paths.ts';
import { type ConsoleSetup, PERSON_NAMES, startFarConsole } from './consoleSetup.ts';
import { countEverything, logCall } from './requestLog.ts';
import { MUNICIPALITY, OPERATOR } from './sampleRegister.ts';

const PAGES = [
  ['oversikt', '/console'],
  ['brevlador', '/console/statistik?period=30d'],
  ['anrop-dygn', '/console/statistik/anrop?period=24h'],
  ['anrop-ar', '/console/statistik/anrop?period=12m'],
  ['avvisade', '/console/statistik/avvisade?period=7d'],
  ['avvisade-inga', `/console/statistik/avvisade?aktor=${OPERATOR}&period=30d`],
  ['granskningslogg', '/console/granskningslogg'],
  ['handelse', '/console/granskningslogg/1'],
] as const;

describe('the console in a browser', () => {
  let browser: Browser | undefined;
  let setup: ConsoleSetup;
  before(async () => {
    browser = await launchBrowser();
    setup = await startFarConsole();
    await logTraffic();
  });
  after(async () => {
    await browser?.close();
    await setup.close();
  });

  /** Two days of calls until now, some refused. */
  async function logTraffic(): Promise<void> {
    const { pool } = setup.database;
    const nowMs = Date.now();
    for (let hour = 0; hour < 48; hour += 1) {
      const at = new Date(nowMs - hour * 3_600_000 - 1000).toISOString();
      await logCall(pool, at, { idCount: 1 + ((hour * 37) % 900), durationMs: 2 + (hour % 9), sender: MUNICIPALITY });
      if (hour % 5 === 0) await logCall(pool, at, { errorCode: hour % 2 === 0 ? 5005 : 6005 });
    }
    await pool.query(`update connection set applied_at = now() - interval '30 days'`);
    await countEverything(pool, new Date(nowMs));
  }

  for (const lang of ['sv', 'en'] as const) {
    it(`shows every page so that all can use it, on a desk and on a phone, in ${lang}`, async (t) => {
      if (browser === undefined) return t.skip('no browser');
      const visitor = await openVisitor(browser);
      await logIn(visitor.page, `${setup.origin}/console`, PERSON_NAMES.stellan);
      for (const [name, path] of PAGES) {
        const url = `${setup.origin}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
        const answer = await visitor.page.goto(url);
        assert.equal(answer?.status(), 200, name);
        await checkPage(visitor.page, `far-${name}-${lang}`);
      }
      assert.deepEqual(visitor.complaints, []);
      await visitor.close();
    });
  }

  it('lets the visitor choose what is shown, and unfold the figures, by keyboard', async (t) => {
    if (browser === undefined) return t.skip('no browser');
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await logIn(page, `${setup.origin}/console/statistik/anrop`, PERSON_NAMES.freja);
    await page.getByRole('combobox', { name: 'Period' }).selectOption('24h');
    await page.waitForURL(/period=24h/);
    await page.getByRole('combobox', { name: 'Aktör' }).selectOption({ label: 'Kommun A' });
    await page.waitForURL(/aktor=162021004748/);
    assert.match(await visibleText(page), /Uppslagna mottagare per timme/);
    const summary = page.locator('summary', { hasText: 'Svarstid' });
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'Hälften inom' }).first().waitFor();
    assert.ok((await tabStops(page)).some((stop) => stop.includes('Hämta som CSV')));
    const href = await page.getByRole('link', { name: /^Hämta som CSV\s*: Per aktör$/ }).getAttribute('href');
    const file = await visitor.context.request.get(`${setup.origin}${href}`);
    assert.equal(file.headers()['content-disposition'], 'attachment; filename="far-aktorer.csv"');
    assert.match(await file.text(), /Kommun A;/);
    await visitor.close();
  });

  it('works without script: the filter has a button', async (t) => {
    if (browser === undefined) return t.skip('no browser');
    const visitor = await openVisitor(browser, { javaScriptEnabled: false });
    const { page } = visitor;
    await page.goto(`${setup.origin}/console/statistik/anrop`);
    await page.getByRole('button', { name: `Logga in som ${PERSON_NAMES.stellan}` }).click();
    await page.waitForURL('**/console/statistik/anrop');
    await page.getByRole('combobox', { name: 'Period' }).selectOption('7d');
    await page.getByRole('button', { name: 'Visa', exact: true }).click();
    await page.waitForURL(/period=7d/);
    assert.match(await page.locator('main').innerText(), /Uppslagna mottagare per timme/);
    await visitor.close();
  });

  it('shows the checklist to the party that has the certificate, in both languages', async (t) => {
    if (browser === undefined) return t.skip('no browser');
    const folder = await mkdtemp(join(tmpdir(), 'brevduva-cert-'));
    const tls = await setup.tlsOf(MUNICIPALITY);
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certPath, tls.cert);
    await writeFile(keyPath, tls.key, { mode: 0o600 });
    const url = new URL(CONFORMANCE_PATH, setup.far.soapUrl);
    const visitor = await openVisitor(browser, {
      ignoreHTTPSErrors: true,
      clientCertificates: [{ origin: url.origin, certPath, keyPath }],
    });
    for (const lang of ['sv', 'en'] as const) {
      const answer = await visitor.page.goto(`${url.href}?lang=${lang}`);
      assert.equal(answer?.status(), 200);
      const text = await visibleText(visitor.page);
      assert.match(text, lang === 'sv' ? /Alla krav uppfyllda/ : /All demands met/);
      assert.match(text, /6005/);
      await checkPage(visitor.page, `far-kontrollista-${lang}`);
    }
    assert.deepEqual(visitor.complaints, []);
    await visitor.close();
    await rm(folder, { recursive: true });
  });
});
