/* The long form of the differential test, with seeds that nobody has tried: `node --import tsx scripts/differential.ts 100000 [seed]`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TEST = 'packages/protocol/test/differential.test.ts';
/** For one process: the schema's judge gives back no memory before its process ends. */
const DOCUMENTS_MAX = 10_000;

const [total = 10 * DOCUMENTS_MAX, firstSeed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number);
if (!Number.isInteger(total) || !Number.isInteger(firstSeed)) {
  process.stderr.write('node --import tsx scripts/differential.ts [number of documents] [first seed]\n');
  process.exit(2);
}
for (let done = 0; done < total; done += DOCUMENTS_MAX) {
  const count = Math.min(DOCUMENTS_MAX, total - done);
  process.stdout.write(`${done} of ${total}, DIFFERENTIAL_SEED=${firstSeed + done}\n`);
  // the test stands alone here: without the contract to compare with it must fail, not be passed over
  const env = { ...process.env, CI: 'true', DIFFERENTIAL_SEED: `${firstSeed + done}`, DIFFERENTIAL_COUNT: `${count}` };
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=spec', TEST], {
    ...{ cwd: ROOT, env, stdio: 'inherit' },
  });
  if (status !== 0) process.exit(1);
}
