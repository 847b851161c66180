import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or another one named by the environment. */
const CHROMIUM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// No sandbox: tests run as root in containers, and visit only pages of our own.
const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a page must keep: WCAG 2.0–2.2 A and AA, and axe's best practices. */
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Starts a real browser; the caller closes it. Where there is none, fails when CI=true and otherwise
 * gives undefined after a loud notice, so that the test can skip: `if (browser === undefined) return t.skip(…)`.
 */
export async function launchBrowser(): Promise<Browser | undefined> {
  const executablePath = [process.env['BREVDUVA_CHROMIUM'], ...CHROMIUM_PATHS].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
  const notice =
    'CHROMIUM NOT FOUND: install it with `apt-get install -y chromium`, or set BREVDUVA_CHROMIUM to its path.';
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`\n${notice}\n\n`);
  return undefined;
}

/** What axe found on the page as it stands, one line per place; empty when all is well. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Run by the debugger, so the page's content security policy stays as strict as it is.
  await page.evaluate(axeSource);
  const run = `axe.run(document, { runOnly: ${JSON.stringify(AXE_TAGS)}, iframes: false, resultTypes: ['violations'] })`;
  const { violations } = (await page.evaluate(run)) as { violations: AxeViolation[] };
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

interface AxeViolation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
