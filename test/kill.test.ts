import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, handIn, isSettled, letterTo, waitFor } from './support/hubClient.ts';
import { killHub, startHubProcess, writeHubOptions } from './support/startHubProcess.ts';

/** Scenario 9: the process is killed at each boundary of each stage; after the restart there is exactly one letter, right. */
const STAGES = ['resolve', 'compose', 'seal', 'deliver', 'confirm'];
const POINTS = STAGES.flatMap((stage) => [`${stage}:claimed`, `${stage}:worked`, `${stage}:written`]);

let world: Ecosystem;
let optionsFile: string;
before(async () => {
  world = await startEcosystem({ withHub: false });
  optionsFile = await writeHubOptions(world);
});
after(() => world.close());

for (const point of POINTS) {
  test(`killed at ${point}: one delivery, one print job, right state`, { timeout: 60_000 }, async () => {
    const before = await world.deliveriesTo(PEOPLE.atFirst);
    const dying = await startHubProcess(optionsFile, point);
    const exited = once(dying.process, 'exit');
    const digital = await handIn(dying.url, letterTo(PEOPLE.atFirst, { address: ADDRESS }), {
      'idempotency-key': `d-${point}`,
    }).catch(() => undefined);
    const paper = await handIn(dying.url, letterTo(PEOPLE.notRegistered, { address: ADDRESS }), {
      'idempotency-key': `p-${point}`,
    }).catch(() => undefined);
    const [, signal] = await exited;
    assert.equal(signal, 'SIGKILL', 'the crash point was reached');

    const alive = await startHubProcess(optionsFile);
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
      await killHub(alive.process);
    }
  });
}

test('every boundary of every stage is a crash point', () => {
  assert.equal(new Set(POINTS).size, 15);
});
