import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Pool } from '@brevduva/base';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { seedSession } from '../../packages/hub/test/support/consoleLetters.ts';
import { axeViolations } from './browser.ts';

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Set to a folder to keep a picture of every page that a test checks. */
const PICTURES = process.env['BREVDUVA_PICTURES'];

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: script errors, policy violations, whatever stands in its console as an error or a warning. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A browser of its own for one person, in a Swedish browser on a computer far from Sweden, so that the clock is proven too. */
export async function openVisitor(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: DESK,
    locale: 'sv-SE',
    timezoneId: 'America/New_York',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { context, page, complaints, close: () => context.close() };
}

/** A visitor who is logged in to the console at `origin` as staff of the organisation. */
export async function openStaff(
  browser: Browser,
  { pool, origin, organisation }: { pool: Pool; origin: string; organisation: { id: string; name: string } },
  roles: readonly string[] = ['caseworker'],
): Promise<Visitor> {
  const visitor = await openVisitor(browser);
  const { cookie } = await seedSession(pool, organisation, roles);
  const [name = '', value = ''] = cookie.split('=');
  await visitor.context.addCookies([{ name, value, url: origin }]);
  return visitor;
}

/**
 * Makes tests of the visitor's page: skipped where there is no browser, failed when the browser complained of anything else than the statuses
 * that a page may be meant to come with. `visitor` is asked at each test: there is none yet when tests are declared.
 */
export function browserTests(
  visitor: () => Visitor | undefined,
  statuses = /status of (409|422)/,
): (name: string, work: (page: Page, t: TestContext) => Promise<void>) => void {
  return (name, work) => {
    test(name, async (t) => {
      const maja = visitor();
      if (maja === undefined) return t.skip('no browser');
      maja.complaints.length = 0;
      await work(maja.page, t);
      assert.deepEqual(
        maja.complaints.filter((complaint) => !statuses.test(complaint)),
        [],
      );
    });
  };
}

/** Goes to an address of the console and logs in on the way; ends where it wanted. */
export async function logIn(page: Page, url: string, name = 'Maja Lilja'): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: `Logga in som ${name}` }).click();
  await page.waitForURL(url);
}

/** The text that a person sees there: what is folded away is not in it. */
export async function visibleText(page: Page, selector = 'main'): Promise<string> {
  return (await page.evaluate(`document.querySelector('${selector}').innerText`)) as string;
}

/** Holds the page as it stands to what every page must keep, on a desk and on a phone, with all that is folded unfolded. */
export async function checkPage(page: Page, name: string): Promise<void> {
  await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
  for (const [size, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await axeViolations(page), [], `${name}, ${size}`);
    const overflow = (await page.evaluate(OVERFLOWING)) as string[];
    assert.deepEqual(overflow, [], `${name}, ${size}: wider than the screen`);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${size}.png`, fullPage: true });
  }
  await page.setViewportSize(DESK);
}

/** What sticks out to the right of the screen without a frame around it that scrolls by itself. */
const OVERFLOWING = `[...document.querySelectorAll('main *')].filter((each) => {
  if (each.closest('.bd-table-frame, .bd-code, pre, .ds-sr-only, .bd-skip-link')) return false;
  const box = each.getBoundingClientRect();
  return box.width > 0 && box.right > window.innerWidth + 1;
}).map((each) => each.outerHTML.slice(0, 120))`;

/** Every place that Tab reaches, in order, until it comes round. */
export async function tabStops(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement?.blur(); window.scrollTo(0, 0)');
  const stops: string[] = [];
  for (let n = 0; n < 300; n += 1) {
    await page.keyboard.press('Tab');
    const stop = (await page.evaluate(ACTIVE)) as string | null;
    if (stop === null || stop === stops[0]) return stops;
    stops.push(stop);
  }
  throw new Error('Tab never comes round');
}

/** Everything on the page that one can act on and see, by the same marks as {@link tabStops}. */
export async function actionable(page: Page): Promise<string[]> {
  return (await page.evaluate(`(() => { ${MARK}
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
      .filter((each) => each.checkVisibility() && !each.disabled).map(mark); })()`)) as string[];
}

const MARK = `const mark = (each) => {
  const all = [...document.querySelectorAll('*')];
  return all.indexOf(each) + ' ' + each.tagName + ' ' + (each.textContent || each.name || '').trim().slice(0, 40);
};`;
const ACTIVE = `(() => { ${MARK} const each = document.activeElement; return each === null || each === document.body ? null : mark(each); })()`;
