import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { createLog, createManualClock, createWebServer, listen, listRoutes } from '@brevduva/base';
import { type Browser, chromium } from 'playwright-core';
import { createAccountStatistics } from '../src/accountStatistics.ts';
import { createRegister } from '../src/index.ts';
import { createErrorPages, registerWeb } from '../src/web.http.ts';
import { createFarDatabase } from './database.ts';
import { fillSampleRegister, OPERATOR, REACHABLE, REGISTERED_AT } from './sampleRegister.ts';

const SOAP_URL = 'https://far.example/webservice/Recipient/v3';
const CHROMIUM = '/usr/bin/chromium';

describe('the public web', () => {
  const log = createLog({ service: 'far', level: 'silent' });
  const clock = createManualClock('2026-11-23T12:00:00Z');
  const app = createWebServer({ name: 'far web', log, clock, renderError: createErrorPages() });
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  let url: string;
  before(async () => {
    database = await createFarDatabase();
    await fillSampleRegister(database.pool);
    const statistics = createAccountStatistics({ pool: database.pool, clock });
    registerWeb(app, { pool: database.pool, log, statistics, soapUrl: SOAP_URL, isDevelopmentRegister: true });
    url = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await app.close();
    await database.close();
  });

  it('shows the start page to everyone, in the language of the browser or the one chosen', async () => {
    const swedish = await fetch(`${url}/`);
    assert.equal(swedish.status, 200);
    assert.match(await swedish.text(), /Kommun A/);
    const english = await fetch(`${url}/`, { headers: { 'accept-language': 'en-GB,en' } });
    assert.match(await english.text(), /Mailboxes per operator/);
    const chosen = await fetch(`${url}/?lang=en`);
    assert.match(chosen.headers.get('set-cookie') ?? '', /^far_lang=en; .*HttpOnly/);
    const kept = await fetch(`${url}/`, { headers: { cookie: 'far_lang=en' } });
    assert.match(await kept.text(), /Mailboxes per operator/);
  });

  it('shows no recipient', async () => {
    const page = await (await fetch(`${url}/`)).text();
    assert.doesNotMatch(page, new RegExp(`${REACHABLE}|${REACHABLE.slice(2)}|${REACHABLE.slice(2, 8)}-`));
  });

  it('counts the accounts at most once a minute', async () => {
    await createRegister(database.pool).addAccounts([
      { recipientId: '191212121212', operator: OPERATOR, registeredAt: REGISTERED_AT },
    ]);
    const countOf = async () => /bd-stat__value">(\d+)</.exec(await (await fetch(`${url}/`)).text())?.[1];
    assert.equal(await countOf(), '6', 'deregistered ones are not counted, nor the one added just now');
    clock.advance(60_000);
    assert.equal(await countOf(), '7');
  });

  it('serves the service description and its schemas', async () => {
    const wsdl = await fetch(`${url}/webservice/Recipient/v3?wsdl`);
    assert.equal(wsdl.headers.get('content-type'), 'text/xml; charset=utf-8');
    const text = await wsdl.text();
    assert.ok(text.includes(`<soap:address location="${SOAP_URL}"/>`));
    const names = [...text.matchAll(/schemaLocation="\?xsd=([^"]+)"/g)].map((match) => match[1]);
    assert.ok(names.length > 0);
    for (const name of names) {
      const xsd = await fetch(`${url}/webservice/Recipient/v3?xsd=${name}`);
      assert.match(await xsd.text(), /targetNamespace="http:\/\/minameddelanden.gov.se\/schema\//);
    }
  });

  it('has no other document and takes no questions: 404 with a code', async () => {
    for (const query of ['', '?xsd=Nothing', '?xsd=..%2F..%2Fetc%2Fpasswd', '?xsd=Common&xsd=Sender']) {
      const answer = await fetch(`${url}/webservice/Recipient/v3${query}`);
      assert.equal(answer.status, 404, query);
      const problem = (await answer.json()) as { code: string; title: string };
      assert.equal(problem.code, 'FAR_NO_SUCH_DOCUMENT');
      assert.match(problem.title, /Här finns bara tjänstebeskrivningen/);
    }
    const post = await fetch(`${url}/webservice/Recipient/v3`, { method: 'POST', body: '<x/>' });
    assert.ok([404, 405].includes(post.status), String(post.status));
  });

  it('gives a person who is lost a page, in her language', async () => {
    const lost = await fetch(`${url}/nothing`, { headers: { accept: 'text/html' } });
    assert.equal(lost.status, 404);
    assert.match(await lost.text(), /<h1[^>]*>Sidan finns inte<.*BASE_NOT_FOUND/s);
    const english = await fetch(`${url}/nothing`, { headers: { accept: 'text/html', 'accept-language': 'en' } });
    assert.match(await english.text(), /<h1[^>]*>The page does not exist</);
  });

  it('says that it is well', async () => {
    const health = await fetch(`${url}/health`);
    assert.deepEqual([health.status, await health.json()], [200, { status: 'ok' }]);
  });

  it('declares every route public on purpose', () => {
    assert.deepEqual([...new Set(listRoutes(app).map((route) => route.access))], ['public']);
  });

  it('is accessible: axe finds nothing, on a wide screen and on a phone, in both languages', async () => {
    await withBrowser(async (browser) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      for (const path of ['/', '/?lang=en', '/nothing']) {
        for (const width of [1280, 360]) {
          const page = await browser.newPage({ viewport: { width, height: 800 } });
          await page.goto(`${url}${path}`);
          await page.evaluate(axe);
          const violations = await page.evaluate<string[]>(
            'axe.run().then((result) => result.violations.map((each) => each.id + " " + each.nodes[0].html))',
          );
          assert.deepEqual(violations, [], `${path} at ${width}`);
          await page.close();
        }
      }
    });
  });
});

describe('the public web without its database', () => {
  const log = createLog({ service: 'far', level: 'silent' });
  const clock = createManualClock('2026-11-23T12:00:00Z');
  const app = createWebServer({ name: 'far web', log, clock, renderError: createErrorPages() });
  let url: string;
  before(async () => {
    const database = await createFarDatabase();
    const statistics = createAccountStatistics({ pool: database.pool, clock });
    registerWeb(app, { pool: database.pool, log, statistics, soapUrl: SOAP_URL, isDevelopmentRegister: false });
    url = await listen(app, { host: '127.0.0.1', port: 0 });
    await database.close();
  });
  after(() => app.close());

  it('is not well, and says so without telling why', async () => {
    const health = await fetch(`${url}/health`);
    assert.deepEqual([health.status, await health.json()], [503, { status: 'databaseUnavailable' }]);
    const page = await fetch(`${url}/`, { headers: { accept: 'text/html' } });
    assert.ok(page.status >= 500);
    const text = await page.text();
    assert.match(text, /Försök igen om en stund/);
    assert.doesNotMatch(text, /postgres|DATABASE_URL|\.ts:/i);
  });
});

async function withBrowser(work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}
