import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { authorityService, FAULTS, recipientService } from '@brevduva/protocol';
import { CHECKLIST, checklistFor, operationOf } from '../src/conformance/checklist.ts';
import { readConformance } from '../src/conformance/readConformance.ts';
import { rollUpRequests } from '../src/statistics/rollUpRequests.ts';
import { createFarDatabase } from './database.ts';
import { logCall } from './requestLog.ts';
import { fillSampleRegister, MUNICIPALITY, OPERATOR, SERVED } from './sampleRegister.ts';

const SINCE = new Date('2026-11-20T08:00:00Z');

describe('the conformance checklist', () => {
  it('names operations and codes that the register has', () => {
    const operations = { ...recipientService.operations, ...authorityService.operations };
    const codes = new Set<number>(Object.values(FAULTS).map(({ code }) => code));
    for (const item of CHECKLIST) {
      assert.ok(operationOf(item) in operations, item.id);
      if ('codes' in item.rule) for (const code of item.rule.codes) assert.ok(codes.has(code), `${item.id} ${code}`);
      assert.match(item.clause, /^[a-n](\.\d)?(, [a-n](\.\d)?)*$/, item.id);
    }
    assert.equal(new Set(CHECKLIST.map(({ id }) => id)).size, CHECKLIST.length);
  });

  it('is what docs/contract/conformance-checklist.md says', async () => {
    const page = await readFile(new URL('../../../docs/contract/conformance-checklist.md', import.meta.url), 'utf8');
    const lines = page.split('\n').filter((line) => /^\| `\w+` \| [a-z, ]+ \| (yes)? *\|/.test(line));
    const documented = lines.map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    assert.deepEqual(
      documented.map(([, id, roles, required, operation, , clause]) => [id, roles, required, operation, clause]),
      CHECKLIST.map((item) => [
        item.id,
        item.roles.join(', '),
        item.isRequired ? 'yes' : '',
        operationOf(item),
        item.clause,
      ]),
    );
  });

  it('demands something of every role, what is demanded first, and once of who has several roles', () => {
    for (const role of ['sender', 'dispatcher', 'operator', 'forwarder'] as const) {
      assert.ok(
        checklistFor([role]).some(({ isRequired }) => isRequired),
        role,
      );
    }
    const all = checklistFor(['operator', 'forwarder', 'dispatcher', 'sender']);
    assert.equal(all.length, CHECKLIST.length);
    const firstOptional = all.findIndex(({ isRequired }) => !isRequired);
    assert.ok(all.slice(firstOptional).every(({ isRequired }) => !isRequired));
    assert.deepEqual(checklistFor([]), []);
  });
});

describe('ticking it off', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  beforeEach(async () => {
    database = await createFarDatabase();
    await fillSampleRegister(database.pool);
  });
  afterEach(() => database.close());

  const read = (roles: Parameters<typeof checklistFor>[0], organizationNumber: string = MUNICIPALITY, since = SINCE) =>
    readConformance(database.pool, { organizationNumber, roles, since });
  async function done(...question: Parameters<typeof read>): Promise<string[]> {
    const { items } = await read(...question);
    return items.filter(({ doneAt }) => doneAt !== undefined).map(({ item }) => item.id);
  }
  async function rollUp(now: string): Promise<void> {
    while ((await rollUpRequests(database.pool, new Date(now))) > 0);
  }

  it('shows a call at once, and the same when it is counted', async () => {
    const { pool } = database;
    assert.deepEqual(await done(['dispatcher']), []);
    await logCall(pool, '2026-11-20T09:00:00Z');
    assert.deepEqual(await done(['dispatcher']), ['lookUp']);
    await logCall(pool, '2026-11-20T09:01:00Z', { idCount: 2 });
    await logCall(pool, '2026-11-20T09:02:00Z', { operation: 'isRegistered' });
    const expected = ['lookUp', 'lookUpSeveral', 'isRegistered'];
    assert.deepEqual(await done(['dispatcher']), expected);
    const before = await read(['dispatcher']);
    for (const now of ['2026-11-20T09:03:00Z', '2026-11-20T09:04:00Z', '2026-11-21T12:00:00Z']) {
      await rollUp(now);
      assert.deepEqual(await read(['dispatcher']), before, now);
    }
    assert.deepEqual(before.items[0]?.doneAt, new Date('2026-11-20T09:01:00Z'), 'when it was last done');
  });

  it('counts nothing from before the technical test, nor what another has done', async () => {
    await logCall(database.pool, '2026-11-20T07:59:59Z', { idCount: 5 });
    await logCall(database.pool, '2026-11-20T09:00:00Z', { caller: SERVED });
    assert.deepEqual(await done(['dispatcher']), []);
    await rollUp('2026-11-21T09:00:00Z');
    assert.deepEqual(await done(['dispatcher']), []);
    await logCall(database.pool, '2026-11-22T09:00:00Z');
    assert.deepEqual(await done(['dispatcher']), ['lookUp'], 'the question about several was before the test');
  });

  it('wants to see that a party copes with the limit: refused, and then answered', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-20T09:00:00Z');
    await logCall(pool, '2026-11-20T09:10:00Z', { errorCode: 5005 });
    assert.deepEqual(await done(['dispatcher']), ['lookUp']);
    await logCall(pool, '2026-11-20T09:20:00Z', { idCount: 1000 });
    assert.deepEqual(await done(['dispatcher']), ['lookUp', 'lookUpSeveral', 'lookUpTooMany']);
    await logCall(pool, '2026-11-20T09:30:00Z', { errorCode: 5005 });
    assert.ok((await done(['dispatcher'])).includes('lookUpTooMany'), 'once is enough');
    await rollUp('2026-11-21T09:00:00Z');
    assert.ok((await done(['dispatcher'])).includes('lookUpTooMany'));
  });

  it('takes one of several refusals, and no other', async () => {
    await logCall(database.pool, '2026-11-20T09:00:00Z', { errorCode: 5002 });
    assert.deepEqual(await done(['dispatcher']), []);
    await logCall(database.pool, '2026-11-20T09:00:00Z', { errorCode: 5014 });
    assert.deepEqual(await done(['dispatcher']), ['lookUpOtherSender']);
  });

  it('ticks a sender’s list by its dispatcher’s questions for it', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-20T09:00:00Z', { sender: MUNICIPALITY });
    await logCall(pool, '2026-11-20T09:00:00Z', { sender: SERVED, errorCode: 5001 });
    assert.deepEqual(await done(['sender'], SERVED), []);
    await logCall(pool, '2026-11-20T09:05:00Z', { sender: SERVED });
    assert.deepEqual(await done(['sender'], SERVED), ['senderAskedFor']);
    await rollUp('2026-11-21T12:00:00Z');
    const checked = await read(['sender'], SERVED);
    assert.deepEqual([checked.isDone, checked.requiredDone, checked.requiredCount, checked.refusals], [true, 1, 1, []]);
  });

  it('is done when all that is demanded is, whatever else there is', async () => {
    const { pool } = database;
    const required = checklistFor(['operator']).filter(({ isRequired }) => isRequired);
    for (const [index, item] of required.entries()) {
      assert.equal((await read(['operator'], OPERATOR)).requiredDone, index, item.id);
      const errorCode = 'codes' in item.rule ? (item.rule.codes[0] ?? 0) : 0;
      await logCall(pool, '2026-11-20T09:00:00Z', { caller: OPERATOR, operation: operationOf(item), errorCode });
    }
    const checked = await read(['operator'], OPERATOR);
    assert.equal(checked.isDone, true);
    assert.ok(
      checked.items.some(({ doneAt }) => doneAt === undefined),
      'what is only worth trying is still open',
    );
  });

  it('lists the latest refusals with their CallId, newest first, only its own', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-19T09:00:00Z', { errorCode: 5001 });
    await logCall(pool, '2026-11-20T09:00:00Z', { errorCode: 5001, caller: SERVED });
    const callId = await logCall(pool, '2026-11-20T09:00:00Z', { errorCode: 6005 });
    await logCall(pool, '2026-11-20T09:30:00Z', { errorCode: 5001, operation: '' });
    const { refusals } = await read(['dispatcher']);
    assert.deepEqual(
      refusals.map(({ errorCode }) => errorCode),
      [5001, 6005],
    );
    assert.deepEqual(refusals[1], {
      callId,
      receivedAt: new Date('2026-11-20T09:00:00Z'),
      caller: MUNICIPALITY,
      operation: 'isReachable',
      errorCode: 6005,
      durationMs: 4,
    });
  });
});
