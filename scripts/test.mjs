// Runs all tests, or those whose path contains one of the words given: `npm test -- far protocol`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';
import { testBunches } from './testBunches.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Processes at the same time: one more than there are cores, since most of them wait now and then for a process or a browser. */
const CONCURRENCY = availableParallelism() + 1;
const REPORTERS = [
  ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
  ...[`--test-reporter=${new URL('suiteGuard.mjs', import.meta.url)}`, '--test-reporter-destination=stderr'],
];

register();
const { testServerUrl } = await import('../packages/base/src/testing/index.ts');

const words = process.argv.slice(2);
const files = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (files.length === 0) {
  process.stderr.write(`Ingen testfil passar: ${words.join(' ')}\n`);
  process.exit(1);
}
const bunchFolder = mkdtempSync(join(tmpdir(), 'brevduva-tests-'));
process.on('exit', () => rmSync(bunchFolder, { recursive: true, force: true }));
const bunches = testBunches(files, { root: ROOT, folder: bunchFolder });
// One database server for the whole run; it ends with this process however that ends.
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', ...REPORTERS, `--test-concurrency=${CONCURRENCY}`, ...bunches],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, BREVDUVA_TEST_PG: await testServerUrl() } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  throw error;
});
child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));

function testFiles() {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'test'));
  return [join(ROOT, 'test'), ...packages].flatMap(testFilesIn).sort();
}

/** Folders without tests are no fault: a package may have none yet. */
function testFilesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath ?? entry.path, entry.name)));
}
