import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, handIn, isSettled, letterTo, waitFor } from './support/hubClient.ts';
import { printedLetters } from './support/printed.ts';
import { crashAt, killHub, startHubProcess, writeHubOptions } from './support/startHubProcess.ts';

/** Scenario 9: the process is killed at each boundary of each stage; after the restart there is exactly one letter, right. */
const STAGES = ['resolve', 'compose', 'seal', 'deliver', 'confirm'];
const BATCH_STEPS = ['closed', 'claimed', 'built', 'published', 'handedOver'];
const POINTS = [
  ...STAGES.flatMap((stage) => [`${stage}:claimed`, `${stage}:worked`, `${stage}:written`]),
  ...BATCH_STEPS.map((step) => `printBatch:${step}`),
];

let world: Ecosystem;
let optionsFile: string;
/** Started after the last kill; the next one kills it. */
let hub: Awaited<ReturnType<typeof startHubProcess>>;
before(async () => {
  world = await startEcosystem({ withHub: false });
  optionsFile = await writeHubOptions(world);
  hub = await startHubProcess(optionsFile);
});
after(async () => {
  await killHub(hub.process);
  await world.close();
});

for (const point of POINTS) {
  test(`killed at ${point}: one delivery, one print job, right state`, { timeout: 60_000 }, async () => {
    const before = await world.deliveriesTo(PEOPLE.atFirst);
    const dying = hub;
    await crashAt(dying.process, point);
    const exited = once(dying.process, 'exit');
    const [digital, paper] = [await tryHandIn(dying.url, DIGITAL, point), await tryHandIn(dying.url, PAPER, point)];
    const [, signal] = await exited;
    assert.equal(signal, 'SIGKILL', 'the crash point was reached');

    hub = await startHubProcess(optionsFile);
    // The business system does what it should: it hands in again with the same key when it got no answer.
    const digitalId = (digital ?? (await handInAs(hub.url, DIGITAL, point))).json.id;
    const paperId = (paper ?? (await handInAs(hub.url, PAPER, point))).json.id;
    const one = await waitFor(hub.url, digitalId, isSettled);
    const other = await waitFor(hub.url, paperId, isSettled);
    assert.equal(one.status, 'delivered', JSON.stringify(one.events));
    assert.equal(other.status, 'printed', JSON.stringify(other.events));
    assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 1, 'delivered exactly once');
    const jobs = (await printedLetters(world.world.paperDir)).map(({ letter }) => letter);
    assert.equal(jobs.filter((id) => id === paperId).length, 1, 'in one batch, once');
    assert.ok(!jobs.includes(digitalId), 'a digital letter is never printed too');
    assert.equal(one.receipts.length, 1);
    assert.equal(other.receipts.length, 1);
  });
}

for (const point of ['followUp:claimed', 'followUp:worked', 'followUp:written']) {
  test(`scenario 18, killed at ${point}: unread is printed once`, { timeout: 60_000 }, async () => {
    const { pools, paperDir } = world.world;
    await pools.hub.query("update flow set unread_days = 14, unread_action = 'print'");
    const before = await world.deliveriesTo(PEOPLE.atFirst);
    const { id } = (await handInAs(hub.url, DIGITAL, point)).json;
    await waitFor(hub.url, id, isSettled);
    await crashAt(hub.process, point);
    const exited = once(hub.process, 'exit');
    await pools.hub.query('update letter set due_at = now() where id = $1', [id]);
    assert.equal((await exited)[1], 'SIGKILL', 'the crash point was reached');
    hub = await startHubProcess(optionsFile);
    const { events } = await waitFor(hub.url, id, ({ status }) => status === 'printed');
    const told = events.map(({ kind }) => kind).filter((kind) => ['delivered', 'unread', 'printed'].includes(kind));
    assert.deepEqual(told, ['delivered', 'unread', 'printed']);
    assert.equal((await printedLetters(paperDir)).filter(({ letter }) => letter === id).length, 1);
    assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 1, 'and delivered once');
  });
}

interface Sample {
  readonly recipient: string;
  /** Of the idempotency key, before the point. */
  readonly key: string;
}

const DIGITAL: Sample = { recipient: PEOPLE.atFirst, key: 'd' };
const PAPER: Sample = { recipient: PEOPLE.notRegistered, key: 'p' };

function handInAs(url: string, { recipient, key }: Sample, point: string) {
  return handIn(url, letterTo(recipient, { address: ADDRESS }), { 'idempotency-key': `${key}-${point}` });
}

/** @returns undefined when the hub died before it answered. */
async function tryHandIn(url: string, letter: Sample, point: string) {
  return handInAs(url, letter, point).catch(() => undefined);
}

test('every boundary of every stage is a crash point', () => {
  assert.equal(new Set(POINTS).size, 20);
});
