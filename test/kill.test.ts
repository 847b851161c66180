import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, handIn, isSettled, letterTo, waitFor } from './support/hubClient.ts';

/** Scenario 9: the process is killed at each boundary of each stage; after the restart there is exactly one letter, right. */
const STAGES = ['resolve', 'compose', 'seal', 'deliver', 'confirm'];
const POINTS = STAGES.flatMap((stage) => [`${stage}:claimed`, `${stage}:worked`, `${stage}:written`]);

const SCRIPT = fileURLToPath(new URL('./support/hubProcess.ts', import.meta.url));

let world: Ecosystem;
let optionsFile: string;
before(async () => {
  world = await startEcosystem({ withHub: false });
  const { clock: _clock, log: _log, contentKey, ...options } = world.hubOptions;
  optionsFile = join(world.world.dir, 'hub.json');
  await writeFile(optionsFile, JSON.stringify({ ...options, contentKey: contentKey.toString('base64') }), {
    mode: 0o600,
  });
});
after(() => world.close());

async function startHubProcess(crashAt?: string): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, optionsFile, ...(crashAt ? [crashAt] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`the hub ended at once: ${code} ${signal}`))),
  ])) as [string];
  return { url: (JSON.parse(line) as { url: string }).url, process: child };
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

for (const point of POINTS) {
  test(`killed at ${point}: one delivery, one print job, right state`, { timeout: 60_000 }, async () => {
    const before = await world.deliveriesTo(PEOPLE.atFirst);
    const dying = await startHubProcess(point);
    const exited = once(dying.process, 'exit');
    const digital = await handIn(dying.url, letterTo(PEOPLE.atFirst, { address: ADDRESS }), {
      'idempotency-key': `d-${point}`,
    }).catch(() => undefined);
    const paper = await handIn(dying.url, letterTo(PEOPLE.notRegistered, { address: ADDRESS }), {
      'idempotency-key': `p-${point}`,
    }).catch(() => undefined);
    const [, signal] = await exited;
    assert.equal(signal, 'SIGKILL', 'the crash point was reached');

    const alive = await startHubProcess();
    try {
      // The business system does what it should: it hands in again with the same key when it got no answer.
      const digitalId = (
        digital ??
        (await handIn(alive.url, letterTo(PEOPLE.atFirst, { address: ADDRESS }), { 'idempotency-key': `d-${point}` }))
      ).json.id;
      const paperId = (
        paper ??
        (await handIn(alive.url, letterTo(PEOPLE.notRegistered, { address: ADDRESS }), {
          'idempotency-key': `p-${point}`,
        }))
      ).json.id;
      const [one, other] = [
        await waitFor(alive.url, digitalId, isSettled),
        await waitFor(alive.url, paperId, isSettled),
      ];
      assert.equal(one.status, 'delivered', JSON.stringify(one.events));
      assert.equal(other.status, 'printed', JSON.stringify(other.events));
      assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 1, 'delivered exactly once');
      const jobs = await readdir(world.world.paperDir);
      assert.ok(jobs.includes(paperId));
      assert.ok(!jobs.includes(digitalId), 'a digital letter is never printed too');
      assert.equal(one.receipts.length, 1);
      assert.equal(other.receipts.length, 1);
    } finally {
      await stop(alive.process);
    }
  });
}

test('every boundary of every stage is a crash point', () => {
  assert.equal(new Set(POINTS).size, 15);
});
