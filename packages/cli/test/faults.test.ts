import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { AppError } from '@brevduva/base';
import type { SoapReply } from '@brevduva/protocol';
import { createFaultSwitch } from '../src/dev/faultSwitch.ts';
import { clearFaults, type FaultKind, readFaults, readFaultUse, setFault } from '../src/dev/faults.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-faults-'));
after(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => clearFaults(folder));

const PROCESSED: SoapReply = { status: 200, body: Buffer.from('<ok/>') };
const NOT_DELIVERED: SoapReply = { status: 200, body: Buffer.from('<Delivered>false</Delivered>') };

async function startParty() {
  const slept: number[] = [];
  const faultSwitch = await createFaultSwitch<string>({
    folder,
    sleep: async (delayMs) => void slept.push(delayMs),
    notDelivered: (call) => (call === 'deliverSecure' ? Promise.resolve(NOT_DELIVERED) : undefined),
  });
  let processed = 0;
  const next = async () => {
    processed += 1;
    return PROCESSED;
  };
  return {
    slept,
    processed: () => processed,
    far: (call = 'isReachable') => faultSwitch.around('far')(call, next),
    operator: (call = 'deliverSecure') => faultSwitch.around('brevladan')(call, next),
  };
}

test('without a fault every call goes through; the folder need not even exist', async () => {
  const party = await startParty();
  assert.equal(await party.far(), PROCESSED);
  const elsewhere = join(folder, 'not', 'there');
  assert.deepEqual(await readFaults(elsewhere), []);
  await setFault(elsewhere, { party: 'far', kind: 'down' });
  assert.equal((await readFaults(elsewhere)).length, 1);
});

test('each kind does what it says, to its party alone, from the next call on', async () => {
  const expected: [FaultKind, SoapReply | 'garbage', number][] = [
    ['slow', PROCESSED, 1],
    ['down', { hangUp: true }, 0],
    ['accept-then-silence', { hangUp: true }, 1],
    ['wrong-answer', 'garbage', 1],
    ['closes-after-lookup', NOT_DELIVERED, 0],
  ];
  for (const [kind, reply, processed] of expected) {
    const party = await startParty();
    await setFault(folder, { party: 'brevladan', kind, ...(kind === 'slow' ? { delayMs: 1234 } : {}) });
    const answer = await party.operator();
    if (reply === 'garbage') assert.match(String('body' in answer && answer.body), /^<html>/);
    else assert.deepEqual(answer, reply, kind);
    assert.equal(party.processed(), processed, kind);
    assert.deepEqual(party.slept, kind === 'slow' ? [1234] : []);
    assert.equal(await party.far(), PROCESSED);
  }
});

test('closes-after-lookup leaves other operations alone', async () => {
  const party = await startParty();
  await setFault(folder, { party: 'brevladan', kind: 'closes-after-lookup' });
  assert.equal(await party.operator('notify'), PROCESSED);
});

test('a count ends the fault, also over a restart; setting it again starts anew', async () => {
  const first = await startParty();
  const fault = await setFault(folder, { party: 'far', kind: 'down', calls: 3 });
  assert.deepEqual(await Promise.all([first.far(), first.far()]), [{ hangUp: true }, { hangUp: true }]);
  assert.deepEqual(await readFaultUse(folder), { [fault.id]: 2 });
  const second = await startParty();
  assert.deepEqual(await second.far(), { hangUp: true });
  assert.equal(await second.far(), PROCESSED);
  await setFault(folder, { party: 'far', kind: 'down', calls: 1 });
  assert.deepEqual(await second.far(), { hangUp: true });
  assert.equal(await second.far(), PROCESSED);
});

test('a party has one fault; clearing takes away one or all and says how many', async () => {
  await setFault(folder, { party: 'far', kind: 'down' });
  await setFault(folder, { party: 'far', kind: 'slow', delayMs: 10 });
  await setFault(folder, { party: 'posthornan', kind: 'down' });
  assert.deepEqual(
    (await readFaults(folder)).map(({ party, kind }) => [party, kind]),
    [
      ['far', 'slow'],
      ['posthornan', 'down'],
    ],
  );
  assert.equal(await clearFaults(folder, 'far'), 1);
  assert.equal(await clearFaults(folder, 'far'), 0);
  assert.equal(await clearFaults(folder), 1);
  assert.deepEqual(await readFaults(folder), []);
  const names = await readdir(folder);
  assert.ok(!names.some((name) => name.endsWith('.new')), 'no temporary file is left');
});

test('a damaged file is refused with its name, and clearing repairs it', async () => {
  for (const damaged of ['{', '{"faults":[{"party":"far"}]}', '[]']) {
    await writeFile(join(folder, 'faults.json'), damaged);
    await assert.rejects(readFaults(folder), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'CLI_FAULTS_FILE');
      assert.match(error.publicText, /faults\.json går inte att tolka\. Ta bort den/);
      return true;
    });
    await clearFaults(folder);
    assert.deepEqual(await readFaults(folder), []);
  }
});
