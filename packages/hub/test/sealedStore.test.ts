import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createContentCipher, newId } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import { claimSet } from '../src/claimSet.ts';
import type { ClaimedLetter } from '../src/letter.ts';
import { createSealedStore, type SealedStore } from '../src/sealed.ts';
import { writeBack } from '../src/sql/writeBack.ts';
import type { NewSealed } from '../src/stages/stage.ts';
import { transition } from '../src/transition.ts';
import { seedLetter } from './support/consoleLetters.ts';
import { createHubDatabase } from './support/hubDatabase.ts';

/** What goes to the operator is byte for byte what is kept, whether it comes from memory or from the database (style 20). */
type Database = Awaited<ReturnType<typeof createHubDatabase>>;
let database: Database;
before(async () => {
  database = await createHubDatabase();
});
after(() => database.close());

const cipher = createContentCipher(Buffer.alloc(32, 7));
const SUPPLIER = { Id: '165568402266', Name: 'Operatören', ServiceAdress: 'https://localhost/' } as ServiceSupplier;

/** Letters that stand at seal, and the lease on them. */
async function atSeal(count: number): Promise<{ leaseId: string; letters: ClaimedLetter[] }> {
  const { pool, organisationId } = database;
  for (let n = 0; n < count; n++) {
    await seedLetter(pool, organisationId, { state: 'waiting', stage: 'seal', channel: 'digital' });
  }
  const leaseId = newId();
  const claim = { stage: 'seal', limit: count, leaseMs: 60_000, leaseId, node: 'a', turn: 0 } as const;
  const { letters } = await claimSet(pool, { ...claim, lanes: ['interactive', 'normal', 'bulk'] });
  return { leaseId, letters: [...letters] };
}

async function keep(leaseId: string, sealed: ReadonlyMap<ClaimedLetter, NewSealed>): Promise<void> {
  const steps = [...sealed].map(([letter, one]) => ({
    result: { letter, outcome: { kind: 'done' } as const, sealed: one, events: [] },
    next: transition(letter, { kind: 'done' }, new Date()),
  }));
  assert.equal((await writeBack(database.pool, leaseId, steps)).length, sealed.size);
}

async function requestsOf(store: SealedStore, letters: readonly ClaimedLetter[]): Promise<(Buffer | undefined)[]> {
  const latest = await store.latest(letters);
  return letters.map((letter) => latest.get(letter.id)?.request);
}

test('from memory and from the database come the same bytes, of every length', async () => {
  const sizes = [1, 0, 40_000, 300_000];
  const { leaseId, letters } = await atSeal(sizes.length);
  const requests = sizes.map((size) => randomBytes(size));
  const store = createSealedStore(database.pool, cipher);
  await keep(
    leaseId,
    new Map(letters.map((letter, n) => [letter, store.prepare(letter, requests[n] ?? Buffer.alloc(0), SUPPLIER)])),
  );
  assert.deepEqual(await requestsOf(store, letters), requests, 'the node that sealed them');
  assert.deepEqual(await requestsOf(store, letters), requests, 'the same node again, which holds them no longer');
  assert.deepEqual(await requestsOf(createSealedStore(database.pool, cipher), letters), requests, 'another node');
});

test('what was prepared but never written is not sent', async () => {
  const { leaseId, letters } = await atSeal(1);
  const [letter] = letters;
  assert.ok(letter);
  const written = createSealedStore(database.pool, cipher);
  await keep(leaseId, new Map([[letter, written.prepare(letter, Buffer.from('written'), SUPPLIER)]]));
  const lost = createSealedStore(database.pool, cipher);
  lost.prepare(letter, Buffer.from('prepared by a node that had lost its lease'), SUPPLIER);
  assert.deepEqual(await requestsOf(lost, [letter]), [Buffer.from('written')]);
});

test('a letter that has never been sealed has no request', async () => {
  const { letters } = await atSeal(1);
  assert.deepEqual(await requestsOf(createSealedStore(database.pool, cipher), letters), [undefined]);
});
