import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createManualClock, newId, type Queryable } from '@brevduva/base';
import { type ClaimedSet, claimSet, lanesAt } from '../src/claimSet.ts';
import type { Lane } from '../src/letter.ts';
import { createRightOfWay } from '../src/rightOfWay.ts';
import { shareOut } from '../src/shareOut.ts';
import { createHubDatabase } from './support/hubDatabase.ts';
import { seedWaiting } from './support/waitingLetters.ts';

/** Who is served when not all can be: by the sets that are claimed, never by the clock. */
const queue = (organisationId: string, due: number, weight = 10) => ({ organisationId, due, weight });
const turns = (count: number) => [...Array(count).keys()];

function servedOver(count: number, queues: readonly ReturnType<typeof queue>[], places: number): Map<string, number> {
  const served = new Map<string, number>();
  for (const turn of turns(count)) {
    const shares = shareOut(queues, places, turn);
    const letters = shares.reduce((sum, share) => sum + share.letters, 0);
    const due = queues.reduce((sum, each) => sum + each.due, 0);
    assert.equal(letters, Math.min(places, due), 'no place stays empty while anybody waits');
    for (const share of shares) {
      const own = queues.find(({ organisationId }) => organisationId === share.organisationId);
      assert.ok(own && share.letters <= own.due && share.letters > 0, JSON.stringify(share));
      served.set(share.organisationId, (served.get(share.organisationId) ?? 0) + share.letters);
    }
  }
  return served;
}

describe('the places of a set', () => {
  it('are shared alike by organisations of the same weight, however many letters each has', () => {
    for (const turn of turns(20)) {
      const shares = shareOut([queue('a', 100), queue('b', 100)], 100, turn);
      assert.deepEqual(
        shares.map(({ letters }) => letters),
        [50, 50],
      );
    }
  });

  it('follow the weights to within one letter', () => {
    for (const turn of turns(20)) {
      const shares = shareOut([queue('large', 100, 30), queue('small', 100, 10)], 100, turn);
      const [large = 0, small = 0] = shares.map(({ letters }) => letters);
      assert.ok(Math.abs(large - 75) <= 1 && large + small === 100, `${large} + ${small}`);
    }
  });

  it('that one does not need go to the others', () => {
    assert.deepEqual(shareOut([queue('few', 3), queue('many', 1000)], 100, 0), [
      { organisationId: 'few', letters: 3 },
      { organisationId: 'many', letters: 97 },
    ]);
    assert.deepEqual(shareOut([], 100, 0), []);
  });

  it('come to everybody in turn when they are fewer than the organisations', () => {
    const queues = turns(290).map((n) => queue(`${n}`, 64));
    const served = servedOver(290, queues, 64);
    const each = turns(290).map((n) => served.get(`${n}`) ?? 0);
    assert.ok(Math.min(...each) >= 56 && Math.max(...each) <= 72, `${Math.min(...each)}–${Math.max(...each)} of 64`);
  });

  it('come also to the lightest beside the heaviest', () => {
    const queues = [...turns(40).map((n) => queue(`${n}`, 64, 100)), queue('light', 64, 1)];
    const light = servedOver(1000, queues, 64).get('light') ?? 0;
    assert.ok(light >= 8 && light <= 24, `${light} of the 16 that the weight gives`);
  });
});

describe('the right of way', () => {
  it('lets others begin when the last interactive set has ended, and at once when there is none', async () => {
    const clock = createManualClock('2026-01-01');
    const way = createRightOfWay(clock);
    await way.giveWay();
    const [first, second] = [way.enter(), way.enter()];
    let isFree = false;
    const waiting = way.giveWay().then(() => {
      isFree = true;
    });
    first();
    await Promise.resolve();
    assert.equal(isFree, false);
    second();
    await waiting;
    assert.ok(isFree);
    await way.giveWay();
  });

  it('is not waited for longer than a moment, so that nothing stands still', async () => {
    const clock = createManualClock('2026-01-01');
    const way = createRightOfWay(clock);
    way.enter();
    const waiting = way.giveWay();
    clock.advance(200);
    await waiting;
  });
});

describe('a claim', () => {
  let database: Awaited<ReturnType<typeof createHubDatabase>>;
  before(async () => {
    database = await createHubDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    await database.pool.query(`update letter set stage = null, state = 'cancelled' where stage is not null`);
  });

  const claim = (limit: number, turn: number, lanes: readonly Lane[] = lanesAt(turn)): Promise<ClaimedSet> =>
    claimSet(database.pool, { stage: 'resolve', limit, leaseMs: 60_000, leaseId: newId(), node: 'a', lanes, turn });
  const wait = (count: number, lane: Lane, organisationId = database.organisationId) =>
    seedWaiting(database.pool, organisationId, { count, lane });
  const lanesOf = ({ letters }: ClaimedSet) => [...new Set(letters.map(({ lane }) => lane))].join('+');

  it('takes the fastest lane first, and never two lanes in one set', async () => {
    await wait(300, 'bulk');
    await wait(2, 'normal');
    await wait(1, 'interactive');
    const sets: [string, number, boolean][] = [];
    for (const turn of turns(4)) {
      const set = await claim(100, turn);
      sets.push([lanesOf(set), set.letters.length, set.isMore]);
    }
    assert.deepEqual(sets, [
      ['interactive', 1, true],
      ['normal', 2, true],
      ['bulk', 100, true],
      ['bulk', 100, true],
    ]);
  });

  it('says when nothing is left', async () => {
    await wait(10, 'bulk');
    assert.deepEqual([(await claim(10, 0)).isMore, (await claim(10, 1)).letters.length], [false, 0]);
  });

  it('comes to every lane in sixteen turns, though a faster one is never empty', async () => {
    await wait(200, 'interactive');
    await wait(200, 'normal');
    await wait(200, 'bulk');
    const sets: string[] = [];
    for (const turn of turns(32)) sets.push(lanesOf(await claim(4, turn)));
    const counts = ['interactive', 'normal', 'bulk'].map((lane) => sets.filter((each) => each === lane).length);
    assert.deepEqual(counts, [28, 2, 2]);
    assert.deepEqual([sets[7], sets[15], sets[23], sets[31]], ['normal', 'bulk', 'normal', 'bulk']);
  });

  it('of the worker for interactive letters leaves all others alone', async () => {
    await wait(50, 'bulk');
    assert.deepEqual(await claim(10, 0, ['interactive']), { letters: [], isMore: false });
    await wait(1, 'interactive');
    const set = await claim(10, 1, ['interactive']);
    assert.deepEqual([lanesOf(set), set.letters.length, set.isMore], ['interactive', 1, false]);
  });

  it('gives another municipality its part of the first set, though 20 000 letters came before its own', async () => {
    await wait(20_000, 'bulk');
    await wait(30, 'bulk', database.otherOrganisationId);
    const { letters } = await claim(100, 0);
    const theirs = letters.filter(({ organisationId }) => organisationId === database.otherOrganisationId);
    assert.deepEqual([letters.length, theirs.length], [100, 30]);
  });

  it('follows the weights of the configuration', async () => {
    const { pool, organisationId, otherOrganisationId } = database;
    await pool.query(`update organisation set lane_weights = '{10,10,40}' where id = $1`, [organisationId]);
    await wait(500, 'bulk');
    await wait(500, 'bulk', otherOrganisationId);
    const { letters } = await claim(100, 0);
    const ours = letters.filter((letter) => letter.organisationId === organisationId).length;
    assert.ok(Math.abs(ours - 80) <= 1, `${ours}`);
  });

  it('takes nothing that is not due, and goes on to the next lane when another worker holds the letters', async () => {
    const { pool } = database;
    await wait(1, 'interactive');
    await wait(1, 'bulk');
    const other = await pool.connect();
    try {
      await other.query('begin');
      await other.query('select id from letter where lane = 0 and stage is not null for update');
      assert.equal(lanesOf(await claim(10, 0)), 'bulk');
    } finally {
      await other.query('rollback');
      other.release();
    }
    await pool.query(`update letter set due_at = now() + interval '1 hour' where stage is not null`);
    assert.deepEqual(await claim(10, 1), { letters: [], isMore: false });
  });

  it('reads its index, however many letters wait', async () => {
    const { pool } = database;
    await wait(20_000, 'bulk');
    await pool.query('analyze letter');
    const plans: string[] = [];
    // Asks for the plan of what is run, and runs it.
    const explaining = {
      query: async (statement: { text: string; values: unknown[] }) => {
        const { rows } = await pool.query(`explain ${statement.text}`, statement.values);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return pool.query(statement);
      },
    } as unknown as Queryable;
    const wanted = { stage: 'resolve', limit: 100, leaseMs: 1, leaseId: newId(), node: 'a', turn: 0 } as const;
    const { letters } = await claimSet(explaining, { ...wanted, lanes: lanesAt(0) });
    assert.equal(letters.length, 100);
    assert.equal(plans.length, 2);
    for (const plan of plans) {
      assert.match(plan, /letter_queue/);
      assert.doesNotMatch(plan, /Seq Scan on letter\b|Bitmap/, plan);
    }
  });
});
