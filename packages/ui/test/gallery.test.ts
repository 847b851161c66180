import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, launchBrowser } from '../../../test/support/browser.ts';
import { GALLERY_MESSAGE_PATH, galleryMessage } from '../src/gallery/mailbox.ts';
import { type GalleryPage, gallery } from '../src/gallery.ts';
import { LANGUAGES, type Language, MESSAGE_CONTENT_SECURITY_POLICY, uiAssets } from '../src/index.ts';

const NONCE = 'bm9uY2U';
// As strict as @brevduva/base sends it: no inline style, no inline script, nothing from elsewhere.
const POLICY = `default-src 'none'; style-src 'self' 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'; font-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'`;
const PAGES: readonly GalleryPage[] = ['lists', 'letter', 'controls', 'charts', 'mailbox', 'error'];
// 200 % zoom of a 1280 px window leaves 640 CSS pixels of twice the density.
const VIEWS = [
  { name: '1280', width: 1280, height: 900, deviceScaleFactor: 1 },
  { name: '390', width: 390, height: 844, deviceScaleFactor: 2 },
  { name: 'zoom200', width: 640, height: 450, deviceScaleFactor: 2 },
] as const;
const PDF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F 28 Tf 72 740 Td (Beslut om avgift) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>
%%EOF
`);

/** A page with a few lines on it. */
const PAGE_PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACoAAAA7CAAAAAAoIke5AAAAM0lEQVR42mP4TzRgGFVKotJqOBiKbq2uxhSj3AFDydSRm16xg1EHjCaXUaWjSkeVDj2lAJ12VnrNHYm3AAAAAElFTkSuQmCC',
  'base64',
);

let browser: Browser | undefined;
let server: Server;
let origin: string;

before(async () => {
  browser = await launchBrowser();
  server = createServer((request, response) => {
    const { status, contentType, body, policy = POLICY } = answer(new URL(request.url ?? '/', 'http://localhost'));
    response.writeHead(status, { 'content-type': contentType, 'content-security-policy': policy });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(async () => {
  await browser?.close();
  server.close();
});

for (const view of VIEWS) {
  for (const lang of LANGUAGES) {
    test(`every component is accessible at ${view.name} in ${lang}`, async (t) => {
      if (browser === undefined) return t.skip('no browser');
      const { name, width, height, deviceScaleFactor } = view;
      const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor });
      for (const which of PAGES) {
        const page = await context.newPage();
        const complaints = collectComplaints(page);
        await page.goto(`${origin}/${which}?lang=${lang}`, { waitUntil: 'load' });
        await page.evaluate('document.fonts.ready.then(() => true)');
        await screenshot(page, `${which}-${lang}-${name}`);
        // What axe judges by width is the same in both languages.
        if (lang === 'sv' || name === '1280') {
          assert.deepEqual(await axeViolations(page), [], `${which} ${lang} ${name}`);
        }
        assert.deepEqual(complaints, [], `${which} ${lang} ${name}: the browser's console`);
        assert.equal(await overflow(page), 0, `${which} ${lang} ${name}: the page itself must not scroll sideways`);
        await page.close();
      }
      await context.close();
    });
  }
}

test('a bad page is found out', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const page = await browser.newPage();
  await page.setContent(
    '<!doctype html><html><body><img src="data:,"><input><p style="color:#bbb">svag text</p></body>',
  );
  const found = (await axeViolations(page)).map((line) => line.split(':')[0]);
  for (const rule of ['color-contrast', 'html-has-lang', 'image-alt', 'label']) assert.ok(found.includes(rule), rule);
  await page.close();
});

test("a letter's document keeps its own style and cannot run script", async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const page = await browser.newPage();
  await page.goto(`${origin}/mailbox?lang=sv`);
  const frame = page.frames().find((candidate) => candidate.url().endsWith(GALLERY_MESSAGE_PATH));
  assert.equal(await frame?.evaluate("getComputedStyle(document.querySelector('h1')).color"), 'rgb(18, 72, 107)');
  assert.equal(await frame?.evaluate('document.title'), 'Beslut om avgift');
  assert.equal(await frame?.evaluate('self.origin'), 'null');
  await page.close();
});

test('copy buttons, wrapping and focus work; without script the copy button stays away', async (t) => {
  if (browser === undefined) return t.skip('no browser');
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${origin}/controls?lang=sv`);
  assert.equal(await page.evaluate("document.activeElement.querySelector('h2').textContent"), 'Rätta det här först');
  await page.goto(`${origin}/letter?lang=sv`);
  const block = page.locator('.bd-code').nth(1);
  await block.getByRole('button', { name: 'Kopiera' }).click();
  await block.getByRole('button', { name: 'Kopierat' }).waitFor();
  assert.match(String(await page.evaluate('navigator.clipboard.readText()')), /^<SealedDelivery xmlns=/);
  await context.close();
  const bare = await browser.newContext({ javaScriptEnabled: false });
  const still = await bare.newPage();
  await still.goto(`${origin}/letter?lang=sv`);
  assert.equal(await still.getByRole('button', { name: 'Kopiera' }).count(), 0);
  await bare.close();
});

interface Answer {
  status: number;
  contentType: string;
  body: string | Buffer;
  policy?: string;
}

function answer(url: URL): Answer {
  const file = uiAssets.find((asset) => asset.path === url.pathname);
  if (file !== undefined) return { status: 200, contentType: file.contentType, body: file.bytes };
  if (url.pathname === '/beslut.pdf') return { status: 200, contentType: 'application/pdf', body: PDF };
  if (url.pathname === '/sida.png') return { status: 200, contentType: 'image/png', body: PAGE_PICTURE };
  if (url.pathname === GALLERY_MESSAGE_PATH) {
    const contentType = 'text/html; charset=utf-8';
    return { status: 200, contentType, body: galleryMessage('sv'), policy: MESSAGE_CONTENT_SECURITY_POLICY };
  }
  const which = PAGES.find((name) => url.pathname === `/${name}`);
  if (which === undefined) return { status: 404, contentType: 'text/plain', body: 'not found' };
  const lang: Language = url.searchParams.get('lang') === 'en' ? 'en' : 'sv';
  return { status: 200, contentType: 'text/html; charset=utf-8', body: gallery(which, lang, NONCE) };
}

/** Refusals by the content security policy, missing files and script errors all end up here. */
function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isExpected = message.location().url.endsWith(GALLERY_MESSAGE_PATH); // the letter's script, refused
    if (message.type() === 'error' && !isExpected) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on(
    'response',
    (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`),
  );
  return complaints;
}

async function overflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
}

/** Pictures for people to look at: BREVDUVA_SCREENSHOTS=/tmp/x node --import tsx --test … */
async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['BREVDUVA_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
