// Runs all tests, or those whose path contains one of the words given: `npm test -- far protocol`.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Test files at the same time. More would only make them wait for each other where there are few cores. */
const CONCURRENCY = 2;

register();
const { testServerUrl } = await import('../packages/base/src/testing/index.ts');

const words = process.argv.slice(2);
const files = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (files.length === 0) {
  process.stderr.write(`Ingen testfil passar: ${words.join(' ')}\n`);
  process.exit(1);
}
// One database server for the whole run; it ends with this process however that ends.
const child = spawn(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-reporter=spec', `--test-concurrency=${CONCURRENCY}`, ...files],
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
