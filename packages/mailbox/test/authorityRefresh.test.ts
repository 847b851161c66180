import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { QUESTION_GAP_MS } from '../src/deliver/authorityRefresh.ts';
import { MAILBOX_MIGRATIONS } from '../src/index.ts';
import { beginDueQuestion, beginQuestion, replaceCopy } from '../src/sql/authorityCopy.ts';
import { faultOf } from './faultOf.ts';
import {
  byMany,
  DISPATCHER,
  delivery,
  type Keys,
  makeKeys,
  SENDER,
  sealedRequest,
  startTestOperator,
  type TestOperator,
} from './operator.ts';
import { startTestRegisterOwner, type TestRegisterOwner } from './registerOwner.ts';
import { until } from './until.ts';

const OTHER = '162021003898';
let keys: Keys;
let owner: TestRegisterOwner;
let database: TestDatabase;
const running: TestOperator[] = [];

before(async () => {
  keys = await makeKeys();
});
beforeEach(async () => {
  owner = await startTestRegisterOwner(keys);
  database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
});
afterEach(async () => {
  for (const operator of running.splice(0)) await operator.close();
  await Promise.all([owner.close(), database.close()]);
});

/** An operator that has been given nobody: it knows only whom the register names. */
async function operatorOf(settings: { authorityRefreshMs?: number } = {}): Promise<TestOperator> {
  const operator = await startTestOperator({ keys, database, settings, more: { far: owner.far } });
  running.push(operator);
  return operator;
}

const numbers = async (table: 'sender' | 'dispatcher'): Promise<string[]> => {
  const { rows } = await database.pool.query<{ number: string }>(
    `select organization_number as number from ${table} order by 1`,
  );
  return rows.map((row) => row.number);
};

test('at start the copy becomes what the register says, and who is gone there is gone here', async () => {
  await database.pool.query(`insert into sender values ('${OTHER}', 'Förr ansluten', now())`);
  await database.pool.query(`insert into dispatcher values ('${OTHER}', 'Förr ansluten', now())`);
  await database.pool.query(`insert into dispatcher_sender values ('${OTHER}', '${OTHER}')`);
  await operatorOf();
  await until(async () => !(await numbers('sender')).includes(OTHER));
  assert.deepEqual(await numbers('sender'), [SENDER]);
  assert.deepEqual(await numbers('dispatcher'), [DISPATCHER]);
});

test('and again when the copy has become old', async () => {
  await operatorOf({ authorityRefreshMs: 1000 });
  await until(async () => (await numbers('sender')).length === 1 && owner.calls.get('getSenders') !== undefined);
  owner.senders.push({ number: OTHER, name: 'Kommun C' });
  await until(async () => (await numbers('sender')).length === 2);
});

test('a sender that has just been connected gets through with its first letter', async () => {
  owner.senders = [];
  owner.dispatchers = [];
  const operator = await operatorOf();
  await until(async () => (await numbers('sender')).length === 0);
  await assert.rejects(operator.deliver(await sealedRequest(keys, delivery())), faultOf(6005));
  owner.dispatchers = [{ number: DISPATCHER, name: 'Förmedling B', senders: [] }];
  await assert.rejects(operator.deliver(await sealedRequest(keys, delivery())), faultOf(5014));
  owner.senders = [{ number: SENDER, name: 'Kommun A' }];
  await assert.rejects(operator.deliver(await sealedRequest(keys, delivery())), faultOf(6005));
  assert.equal(await operator.letterCount(), 0);
  owner.dispatchers = [{ number: DISPATCHER, name: 'Förmedling B', senders: [SENDER] }];
  assert.equal((await operator.deliver(await sealedRequest(keys, delivery()))).Status[0]?.Delivered, true);
  assert.equal(await operator.letterCount(), 1);
});

test('many strangers at once make one question, and whom the copy knows asks none', async () => {
  const operator = await operatorOf();
  await until(() => (owner.calls.get('getSenders') ?? 0) === 1);
  await operator.deliver(await sealedRequest(keys, delivery()));
  assert.equal(owner.calls.get('getSenders'), 1);
  owner.senders = [];
  await database.pool.query('delete from sender');
  const requests = await Promise.all(Array.from({ length: 8 }, () => sealedRequest(keys, delivery())));
  const startedMs = Date.now();
  await byMany(keys, { caller: keys.dispatcher, count: requests.length }, (caller, n) =>
    assert.rejects(caller.deliverSecure(operator.running.soapUrl, requests[n] ?? Buffer.of()), faultOf(5014)),
  );
  const asked = owner.calls.get('getSenders') ?? 0;
  // The first at once, then one a second however many come.
  const askedMax = 1 + 1 + Math.ceil((Date.now() - startedMs) / QUESTION_GAP_MS);
  assert.ok(asked >= 2 && asked <= askedMax, `${asked} questions, at most ${askedMax}`);
});

test('while the register does not answer, the old copy stays and serves; /health tells its age', async () => {
  const first = await operatorOf();
  await until(async () => (await numbers('dispatcher')).length === 1 && (owner.calls.get('getSenders') ?? 0) > 0);
  await until(async () => (await healthOf(first)).register?.ageSeconds !== null);
  owner.isBroken = true;
  const second = await operatorOf();
  await until(() => second.logged().includes('the copy of its lists stays'));
  assert.deepEqual(await numbers('sender'), [SENDER]);
  assert.equal((await second.deliver(await sealedRequest(keys, delivery()))).Status[0]?.Delivered, true);
  const health = await healthOf(second);
  assert.equal(health.status, 'ok');
  assert.ok(Number(health.register?.ageSeconds) >= 0);
});

test('an answer that comes after the answer to a later question changes nothing', async () => {
  const lists = (names: string[]) => ({
    senders: names.map((organizationNumber) => ({ organizationNumber, name: 'X' })),
    dispatchers: [],
    pairs: [],
  });
  const early = await beginQuestion(database.pool);
  const late = await beginQuestion(database.pool);
  assert.equal(await replaceCopy(database.pool, late, lists([OTHER]), new Date()), true);
  assert.equal(await replaceCopy(database.pool, early, lists([SENDER]), new Date()), false);
  assert.deepEqual(await numbers('sender'), [OTHER]);
});

test('of several nodes one asks when the copy is old', async () => {
  const due = () => beginDueQuestion(database.pool, { everyMs: 60_000, againMs: 60_000 });
  const won = (await Promise.all([due(), due(), due(), due()])).filter((question) => question !== undefined);
  assert.equal(won.length, 1);
});

test('lists of which one row cannot be stored change nothing at all', async () => {
  await database.pool.query(`insert into sender values ('${SENDER}', 'Kommun A', now())`);
  const question = await beginQuestion(database.pool);
  const lists = {
    senders: [{ organizationNumber: OTHER, name: 'Kommun C' }],
    dispatchers: [{ organizationNumber: 'inget nummer', name: 'X' }],
    pairs: [],
  };
  await assert.rejects(replaceCopy(database.pool, question, lists, new Date()), { code: '23514' });
  assert.deepEqual(await numbers('sender'), [SENDER]);
});

async function healthOf(operator: TestOperator) {
  const answer = await fetch(`${operator.running.webUrl}/health`);
  return (await answer.json()) as { status: string; register?: { ageSeconds: number | null } };
}
