import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ERROR_LISTS, errorPage, FAULT_LISTS } from '../scripts/errorCodes.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PREFIXES: Readonly<Record<string, string>> = {
  base: 'BASE_',
  hub: 'HUB_',
  far: 'FAR_',
  mailbox: 'MAILBOX_',
  cli: 'CLI_',
  sdk: 'SDK_',
};

test('docs/errors.md is what the code says', () => {
  assert.equal(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8'), errorPage(), 'run: npm run docs');
});

test('every code stands in one list, with its package’s prefix and a text', () => {
  const seen = new Set<string>();
  const all = [...Object.entries(ERROR_LISTS), ...Object.entries(FAULT_LISTS)];
  for (const [name, specs] of all) {
    for (const [code, spec] of Object.entries(specs)) {
      assert.ok(!seen.has(code), `${code} stands twice`);
      seen.add(code);
      assert.ok(code.startsWith(PREFIXES[name.split(':')[0] ?? ''] ?? '?'), `${code} in ${name}`);
      const text = typeof spec === 'string' ? spec : spec.text;
      assert.match(text, /[.?!]$/, `${code}: ${text}`);
    }
  }
  assert.ok(seen.size > 100);
});

test('every code that is declared is used', () => {
  const sources = readdirSync(join(ROOT, 'packages'), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && /\/src(\/|$)/.test(entry.parentPath ?? entry.path),
    )
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))
    .join('\n');
  const unused = [...Object.values(ERROR_LISTS), ...Object.values(FAULT_LISTS)]
    .flatMap((specs) => Object.keys(specs))
    .filter((code) => sources.split(code).length < 3);
  assert.deepEqual(unused, [], 'declared but raised nowhere');
});
