/** What docs/contract says is what the code says, as far as a program can tell. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CONTRACT_SCHEMAS, CONTRACT_SERVICES, FAULTS } from '@brevduva/protocol';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}docs/contract/`;
const page = (name: string): string => readFileSync(`${FOLDER}${name}.md`, 'utf8');
const common = page('README');

for (const { name, operations } of CONTRACT_SERVICES) {
  test(`the page of ${name} is listed, and names every operation`, () => {
    const file = name.toLowerCase();
    const count = Object.keys(operations).length;
    assert.match(common, new RegExp(`\\| \\[${name}\\]\\(${file}\\.md\\) \\|[^|]*\\| ${count} \\|`));
    const text = page(file);
    for (const operation of Object.keys(operations)) assert.ok(text.includes(`\`${operation}\``), operation);
  });
}

test('the common page has every code of the contract with its official words, and no other', () => {
  const rows = [...common.matchAll(/^\| (\d+) \| (.*?) \| .* \|$/gm)].map(([, code, text]) => `${code} ${text}`);
  const codes = Object.values(FAULTS).map(({ code, description }) => `${code} ${description}`);
  assert.deepEqual(
    codes.filter((row) => !rows.includes(row)),
    [],
  );
  const questions = rows.filter((row) => !codes.includes(row)).map((row) => Number(row.split(' ')[0]));
  assert.deepEqual(
    questions,
    Array.from({ length: 15 }, (_, index) => index + 1),
    'besides codes only the open questions begin with a number, and all of them are there',
  );
});

test('a code that a page says is never given is given nowhere', () => {
  const sources = filesIn(`${ROOT}packages`).filter((file) => file.includes('/src/') && !file.endsWith('/faults.ts'));
  const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const [name, { code: number, description }] of Object.entries(FAULTS)) {
    const row = common.split('\n').find((line) => line.startsWith(`| ${number} | ${description} |`)) ?? '';
    const isGiven = new RegExp(`'${name}'`).test(code);
    assert.equal(row.endsWith('| never; read from others |'), !isGiven, `${number} ${name}`);
  }
});

test('every setting that a page names is one, and every file is there', () => {
  const pages = readdirSync(FOLDER).map((name) => name.replace('.md', ''));
  const sources = filesIn(`${ROOT}packages`).filter((file) => file.includes('/src/'));
  const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  for (const name of pages) {
    const text = page(name);
    for (const [path] of text.matchAll(/(?:packages|test|scripts)\/[\w/.-]+\.ts/g)) {
      assert.ok(readFileSync(`${ROOT}${path}`).length > 0, path);
    }
    for (const setting of settingsIn(text)) {
      assert.match(code, new RegExp(`\\b${setting}\\??:|\\b${setting} =|'${setting}'`), `${name}: ${setting}`);
    }
    for (const [, link = ''] of text.matchAll(/\]\(([\w./-]+\.md)/g)) {
      assert.ok(readFileSync(`${FOLDER}${link}`).length > 0, link);
    }
  }
});

test('the number of schemas is right', () => {
  assert.ok(common.includes(` ${CONTRACT_SCHEMAS.length} schemas in all`));
});

/** The last column of tables that have a column of settings. */
function settingsIn(text: string): string[] {
  const settings: string[] = [];
  let isTable = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) isTable = false;
    else if (/\| setting \|$/.test(line)) isTable = true;
    else if (isTable) {
      const last = line.split('|').at(-2) ?? '';
      for (const [, name = ''] of last.matchAll(/`([a-zA-Z]+)(?:[:.][^`]*)?`/g)) settings.push(name);
    }
  }
  return settings.filter((name) => !/^(createSoapClient|readDistribution|startFar|startHub|startMailbox)$/.test(name));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .filter((file) => !file.includes('node_modules'));
}
