/*
 * Takes the pictures of the console, the mailbox and the print shop in README and docs anew, from the sample installation that `npm start` shows:
 * `node --import tsx scripts/screenshots.ts`. Needs Chromium, and 23 free ports from 4790.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog, systemClock } from '@brevduva/base';
import type { Browser, Page } from 'playwright-core';
import { type Installation, startInstallation } from '../packages/cli/src/up/startInstallation.ts';
import { launchBrowser } from '../test/support/browser.ts';

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const SIZE = { width: 1280, height: 800 };
const PORT_BASE = 4790;
const WAIT_MS = 30_000;

const folder = await mkdtemp(join(tmpdir(), 'brevduva-screenshots-'));
const browser = await launchBrowser();
if (browser === undefined) throw new Error('no browser, no pictures');
const installation = await startInstallation({
  folder,
  portBase: PORT_BASE,
  withSampleLetters: true,
  databaseUrl: undefined,
  clock: systemClock,
  log: createLog({ service: 'screenshots', level: 'error' }),
});
try {
  await mkdir(IMAGES, { recursive: true });
  await photograph(browser, installation);
} finally {
  await browser.close();
  await installation.close();
  await rm(folder, { recursive: true, force: true });
}

async function photograph(open: Browser, installed: Installation): Promise<void> {
  await photographPrintShop(open, installed);
  await photographConsole(open, installed);
  await photographMailbox(open, installed);
}

async function photographMailbox(open: Browser, { mailboxes }: Installation): Promise<void> {
  const context = await open.newContext({ viewport: SIZE, locale: 'sv-SE', colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(mailboxes[0]?.url ?? '');
  await page
    .getByRole('link', { name: /logga in/i })
    .first()
    .click();
  await page
    .getByRole('button', { name: /Ann-Sofie Eriksson/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Beslut om bygglov för carport' }).click();
  await page.frameLocator('iframe').first().getByText('Byggnadsnämnden').waitFor();
  await picture(page, 'mailbox.png');
}

async function photographPrintShop(open: Browser, { printShop }: Installation): Promise<void> {
  const context = await open.newContext({ viewport: SIZE, locale: 'sv-SE', colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(printShop);
  // The first letters take some seconds to the shop, and some from there to the post.
  const posted = page.getByText('Postat').first();
  for (const deadlineMs = Date.now() + WAIT_MS; !(await posted.isVisible()); await page.reload()) {
    if (Date.now() > deadlineMs) throw new Error('no letter was posted');
    await page.waitForTimeout(500);
  }
  await page.locator('table th a').first().click();
  await page.locator('table th a').first().click();
  await page.getByRole('heading', { name: /^Blad 1/ }).scrollIntoViewIfNeeded();
  await page.waitForLoadState('networkidle');
  await page.evaluate('scrollTo(0, 540)');
  await picture(page, 'print-shop.png');
}

async function photographConsole(open: Browser, { hub = '' }: Installation): Promise<void> {
  const context = await open.newContext({ viewport: SIZE, locale: 'sv-SE', colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(hub);
  await page.getByRole('button', { name: 'Logga in som Maja Lilja' }).click();
  await page.getByRole('heading', { name: 'Översikt' }).waitFor();
  await waitUntilAllHaveArrived(page, hub);
  await picture(page, 'console.png');
  await page.getByRole('link', { name: 'Beslut om bygglov för carport' }).click();
  await page.getByRole('heading', { name: 'Beslut om bygglov för carport' }).waitFor();
  await picture(page, 'console-letter.png');
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(IMAGES, name) });
  process.stdout.write(`${join(IMAGES, name)}\n`);
}

/** Nothing is on its way any more: the picture is the same each time. */
async function waitUntilAllHaveArrived(page: Page, hub: string): Promise<void> {
  const deadlineMs = Date.now() + WAIT_MS;
  for (;;) {
    await page.goto(hub);
    const waiting = await page.getByRole('link', { name: /^På väg/ }).textContent();
    if (/\D0$/.test(waiting?.trim() ?? '')) return;
    if (Date.now() > deadlineMs) throw new Error(`letters are still on their way: ${waiting}`);
    await page.waitForTimeout(500);
  }
}
