import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createLog, createPool } from '@brevduva/base';
import { createRegister } from '../src/index.ts';
import { insertChange } from '../src/sql/accountRequests.ts';
import { dropRequestLogMonths } from '../src/sql/requestLog.ts';
import { countAccountsOfDay, rollUpMovements } from '../src/statistics/countAccounts.ts';
import { durationPercentile } from '../src/statistics/durations.ts';
import { rollUpRequests } from '../src/statistics/rollUpRequests.ts';
import { createStatisticsWork } from '../src/statistics/statisticsWork.ts';
import { addDays, daysBetween, swedishDay } from '../src/statistics/swedishDay.ts';
import { createFarDatabase } from './database.ts';
import { logCall } from './requestLog.ts';
import { fillSampleRegister, MUNICIPALITY, OPERATOR, REACHABLE } from './sampleRegister.ts';

const log = createLog({ service: 'far', level: 'silent' });
const at = (text: string) => new Date(text);

let database: Awaited<ReturnType<typeof createFarDatabase>>;
beforeEach(async () => {
  database = await createFarDatabase();
});
afterEach(() => database.close());

/** Until there is no more to do at once, as the worker does. */
async function rollUp(now: string, pool = database.pool): Promise<void> {
  while ((await rollUpRequests(pool, at(now))) > 0);
}

async function rowsOf<Row extends Record<string, unknown>>(sql: string): Promise<Row[]> {
  return (await database.pool.query<Row>(sql)).rows;
}

const hours = () =>
  rowsOf<{ hour: Date; calls: number }>(
    'select hour, sum(calls)::integer as calls from request_hour where caller = -1 group by 1 order by 1',
  );
const days = () =>
  rowsOf<{ day: string; calls: number }>(
    'select day, sum(calls)::integer as calls from request_day where caller = -1 group by 1 order by 1',
  );
const everything = () =>
  rowsOf(`select 'hour' as what, to_jsonb(request_hour) as row from request_hour
    union all select 'day', to_jsonb(request_day) from request_day
    union all select 'caller', to_jsonb(caller_operation) from caller_operation
    union all select 'sender', to_jsonb(sender_asked) from sender_asked order by 1, 2`);

describe('counting the request log', () => {
  it('counts calls, ids, outcomes and durations per hour, day, caller and operation', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-23T10:00:00Z', { idCount: 1000, durationMs: 7 });
    await logCall(pool, '2026-11-23T10:59:59.999Z', { idCount: 3, durationMs: 40 });
    await logCall(pool, '2026-11-23T11:00:00Z', { errorCode: 5005, durationMs: 0 });
    await logCall(pool, '2026-11-23T11:00:01Z', { caller: null, operation: '', errorCode: 5002, durationMs: 90_000 });
    await rollUp('2026-11-23T11:05:00Z');
    assert.deepEqual(
      await rowsOf(`select hour, caller::text, operation, error_code as code, calls, ids, ms_1, ms_8, ms_50, ms_more
        from request_hour where caller >= 0 order by hour, caller desc`),
      [
        {
          hour: at('2026-11-23T10:00:00Z'),
          caller: MUNICIPALITY,
          operation: 'isReachable',
          code: 0,
          calls: 2,
          ids: 1003,
          ms_1: 0,
          ms_8: 1,
          ms_50: 1,
          ms_more: 0,
        },
        {
          hour: at('2026-11-23T11:00:00Z'),
          caller: MUNICIPALITY,
          operation: 'isReachable',
          code: 5005,
          calls: 1,
          ids: 1,
          ms_1: 1,
          ms_8: 0,
          ms_50: 0,
          ms_more: 0,
        },
        {
          hour: at('2026-11-23T11:00:00Z'),
          caller: '0',
          operation: '',
          code: 5002,
          calls: 1,
          ids: 1,
          ms_1: 0,
          ms_8: 0,
          ms_50: 0,
          ms_more: 1,
        },
      ],
    );
    assert.deepEqual(await days(), [{ day: '2026-11-23', calls: 4 }]);
    assert.deepEqual(
      await rowsOf('select caller::text, error_code as code, first_at, several_at from caller_operation order by 2'),
      [
        {
          caller: MUNICIPALITY,
          code: 0,
          first_at: at('2026-11-23T10:00:00Z'),
          several_at: at('2026-11-23T10:59:59.999Z'),
        },
        { caller: MUNICIPALITY, code: 5005, first_at: at('2026-11-23T11:00:00Z'), several_at: null },
      ],
    );
  });

  it('ends the same however often it is done, and counts what came meanwhile', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-23T10:00:00Z');
    await rollUp('2026-11-23T10:05:00Z');
    const once = await everything();
    await rollUp('2026-11-23T10:05:00Z');
    await rollUp('2026-11-23T10:05:30Z');
    assert.deepEqual(await everything(), once);
    await logCall(pool, '2026-11-23T10:06:00Z');
    await rollUp('2026-11-23T10:06:30Z');
    assert.deepEqual(
      (await days()).map(({ calls }) => calls),
      [2],
    );
    // Done again from the beginning, as after a backup without the progress.
    await pool.query('update statistics_progress set requests_until = null');
    const before = await everything();
    await rollUp('2026-11-23T10:06:30Z');
    assert.deepEqual(await everything(), before);
  });

  it('counts a line that was written when its call ended, under the hour in which it began', async () => {
    const { pool } = database;
    await logCall(pool, '2026-11-23T10:30:00Z');
    await rollUp('2026-11-23T11:01:00Z');
    await logCall(pool, '2026-11-23T10:59:58Z');
    await rollUp('2026-11-23T11:02:00Z');
    assert.deepEqual(await hours(), [{ hour: at('2026-11-23T10:00:00Z'), calls: 2 }]);
    await rollUp('2026-11-23T11:16:00Z');
    const [progress] = await rowsOf<{ requests_until: Date }>('select requests_until from statistics_progress');
    assert.deepEqual(progress?.requests_until, at('2026-11-23T11:00:00Z'), 'then the hour is closed');
  });

  it('catches up with a long log, a day at a time', async () => {
    const { pool } = database;
    for (const day of [1, 2, 3, 20]) await logCall(pool, `2026-10-${String(day).padStart(2, '0')}T12:00:00Z`);
    assert.equal(await rollUpRequests(pool, at('2026-11-23T10:00:00Z')), 1, 'there is more');
    assert.equal((await days()).length, 1);
    await rollUp('2026-11-23T10:00:00Z');
    assert.deepEqual(
      (await days()).map(({ day }) => day),
      ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-20'],
    );
  });

  it('leaves nothing half done when it is killed in the middle', async () => {
    const { pool } = database;
    await fillSampleRegister(pool);
    await logCall(pool, '2026-11-23T10:00:00Z');
    await rollUp('2026-11-23T10:05:00Z');
    await logCall(pool, '2026-11-23T10:06:00Z', { sender: MUNICIPALITY });
    const before = await everything();
    for (const table of ['request_hour', 'request_day', 'caller_operation', 'sender_asked', 'statistics_progress']) {
      // The server ends the connection just as the table is written.
      await pool.query(`create function die() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
      await pool.query(
        `create trigger die after insert or update on ${table} for each statement execute function die()`,
      );
      await assert.rejects(rollUpRequests(pool, at('2026-11-23T10:07:00Z')), { code: 'BASE_DATABASE_UNREACHABLE' });
      await pool.query('drop function die cascade');
      assert.deepEqual(await everything(), before, table);
    }
    await rollUp('2026-11-23T10:07:00Z');
    assert.deepEqual(
      (await days()).map(({ calls }) => calls),
      [2],
    );
  });

  it('is done by one node at a time; several nodes count each line once', async () => {
    const { pool } = database;
    const other = createPool({ connectionString: database.url, applicationName: 'other node', allowExitOnIdle: true });
    try {
      for (let hour = 0; hour < 20; hour += 1)
        await logCall(pool, `2026-11-22T${String(hour).padStart(2, '0')}:30:00Z`);
      const holder = await other.connect();
      await holder.query('begin');
      await holder.query('select from statistics_progress for update');
      await rollUp('2026-11-23T10:00:00Z');
      assert.deepEqual(await hours(), [], 'the other node has the work');
      await holder.query('rollback');
      holder.release();
      await Promise.all([pool, other, pool, other].map((each) => rollUp('2026-11-23T10:00:00Z', each)));
      await rollUp('2026-11-23T10:00:00Z');
      assert.deepEqual(
        (await days()).reduce((sum, { calls }) => sum + calls, 0),
        20,
      );
    } finally {
      await other.end();
    }
  });

  it('does nothing when the clock is set back', async () => {
    await logCall(database.pool, '2026-11-23T10:00:00Z');
    await rollUp('2026-11-23T12:00:00Z');
    const before = await everything();
    await rollUp('2026-11-20T12:00:00Z');
    assert.deepEqual(await everything(), before);
  });
});

describe('days by the Swedish clock', () => {
  for (const [what, calls, expected] of [
    [
      'begin at midnight in winter',
      ['2026-11-22T22:59:59Z', '2026-11-22T23:00:00Z'],
      [
        { day: '2026-11-22', calls: 1 },
        { day: '2026-11-23', calls: 1 },
      ],
    ],
    [
      'begin at midnight in summer',
      ['2026-06-30T21:59:59Z', '2026-06-30T22:00:00Z'],
      [
        { day: '2026-06-30', calls: 1 },
        { day: '2026-07-01', calls: 1 },
      ],
    ],
    [
      'have 23 hours in spring',
      Array.from({ length: 25 }, (_, hour) =>
        new Date(Date.parse('2026-03-28T22:30:00Z') + hour * 3_600_000).toISOString(),
      ),
      [
        { day: '2026-03-28', calls: 1 },
        { day: '2026-03-29', calls: 23 },
        { day: '2026-03-30', calls: 1 },
      ],
    ],
    [
      'and 25 in autumn',
      Array.from({ length: 27 }, (_, hour) =>
        new Date(Date.parse('2026-10-24T21:30:00Z') + hour * 3_600_000).toISOString(),
      ),
      [
        { day: '2026-10-24', calls: 1 },
        { day: '2026-10-25', calls: 25 },
        { day: '2026-10-26', calls: 1 },
      ],
    ],
  ] as const) {
    it(what, async () => {
      for (const call of calls) await logCall(database.pool, call);
      const end = new Date(Date.parse(calls.at(-1) ?? '') + 60_000).toISOString();
      await rollUp(end);
      assert.deepEqual(await days(), expected);
    });
  }

  it('are counted by the calendar', () => {
    assert.equal(swedishDay(at('2026-10-24T22:00:00Z')), '2026-10-25');
    assert.equal(swedishDay(at('2026-12-31T23:00:00Z')), '2027-01-01');
    assert.equal(addDays('2026-10-25', 1), '2026-10-26');
    assert.equal(addDays('2028-03-01', -1), '2028-02-29');
    assert.deepEqual(daysBetween('2026-03-28', '2026-03-30'), ['2026-03-28', '2026-03-29', '2026-03-30']);
    assert.deepEqual(daysBetween('2026-03-30', '2026-03-28'), []);
  });
});

describe('percentiles', () => {
  const counts = (...pairs: [number, number][]) => {
    const all = Array.from({ length: 16 }, () => 0);
    for (const [index, count] of pairs) all[index] = count;
    return all;
  };

  it('are read out of the classes', () => {
    assert.equal(durationPercentile(counts(), 0.5), undefined);
    assert.equal(durationPercentile(counts([3, 10]), 0.5), 4, 'in the middle of 3 to 5 ms');
    assert.equal(durationPercentile(counts([0, 95], [8, 5]), 0.95), 1);
    assert.equal(durationPercentile(counts([0, 90], [8, 10]), 0.95), 40, 'half of the way from 30 to 50 ms');
    assert.equal(durationPercentile(counts([15, 1]), 0.5), 3000, 'at least that');
  });
});

describe('the count of mailboxes', () => {
  beforeEach(() => fillSampleRegister(database.pool));
  const counted = () =>
    rowsOf<{ day: string; operator: string | null; active: number; pending: number }>(
      `select day, operator.name as operator, active, pending from account_day
       left join operator on operator.id = operator_id order by day, operator_id desc`,
    );

  it('is taken once a day, also when two nodes take it at once, and is not changed by what comes after', async () => {
    const now = at('2026-11-22T23:00:30Z');
    await Promise.all([1, 2, 3].map(() => countAccountsOfDay(database.pool, now)));
    const expected = [
      { day: '2026-11-23', operator: 'Brevlådan', active: 4, pending: 1 },
      { day: '2026-11-23', operator: null, active: 1, pending: 0 },
    ];
    assert.deepEqual(await counted(), expected);
    await createRegister(database.pool).addAccounts([
      { recipientId: '191212121212', operator: OPERATOR, registeredAt: now },
    ]);
    await countAccountsOfDay(database.pool, at('2026-11-23T22:59:59Z'));
    assert.deepEqual(await counted(), expected, 'still the same Swedish day');
    await countAccountsOfDay(database.pool, at('2026-11-23T23:00:00Z'));
    assert.deepEqual((await counted()).slice(2), [
      { day: '2026-11-24', operator: 'Brevlådan', active: 5, pending: 1 },
      { day: '2026-11-24', operator: null, active: 1, pending: 0 },
    ]);
  });

  it('is taken of an empty register too', async () => {
    await database.pool.query('truncate sender_preference, account');
    await countAccountsOfDay(database.pool, at('2026-11-23T10:00:00Z'));
    assert.deepEqual(
      (await counted()).map(({ active }) => active),
      [0, 0],
    );
  });
});

describe('the count of movements', () => {
  let other = 0;
  beforeEach(async () => {
    await fillSampleRegister(database.pool);
    await createRegister(database.pool).addOperator({
      organizationNumber: '165591628135',
      name: 'Posthörnan',
      domain: 'posthornan.example',
      serviceAddress: 'https://other.example/service/v3',
    });
    const [row] = await rowsOf<{ id: number }>(`select id from operator where name = 'Posthörnan'`);
    other = row?.id ?? 0;
  });

  async function change(
    changedAt: string,
    kind: 'C' | 'D' | 'S' | 'P' | 'W',
    before: number | null,
    after: number | null,
  ) {
    const [id] = await rowsOf<{ id: string }>('select gen_random_uuid() as id');
    const [operator] = await rowsOf<{ id: number }>('select min(id) as id from operator');
    await insertChange(database.pool, {
      requestId: id?.id ?? '',
      recipientId: REACHABLE,
      changedAt: at(changedAt),
      callId: id?.id ?? '',
      operatorId: operator?.id ?? 0,
      operatorBefore: before,
      operatorAfter: after,
      kind,
    });
  }
  const movements = () =>
    rowsOf(
      `select day, operator_id as operator, registered, moved_in, moved_out, deregistered from movement_day order by 1, 2`,
    );

  it('tells registrations, moves and deregistrations per Swedish day and operator, and nothing else', async () => {
    const first = other - 1;
    await change('2026-11-20T22:59:00Z', 'C', null, first);
    await change('2026-11-20T23:00:00Z', 'S', first, other);
    await change('2026-11-21T10:00:00Z', 'S', null, other);
    await change('2026-11-22T10:00:00Z', 'D', other, null);
    await change('2026-11-22T11:00:00Z', 'P', other, other);
    await change('2026-11-22T12:00:00Z', 'W', other, other);
    const none = { registered: 0, moved_in: 0, moved_out: 0, deregistered: 0 };
    const expected = [
      { ...none, day: '2026-11-20', operator: first, registered: 1 },
      { ...none, day: '2026-11-21', operator: 0, moved_out: 1 },
      { ...none, day: '2026-11-21', operator: first, moved_out: 1 },
      { ...none, day: '2026-11-21', operator: other, moved_in: 2 },
      { ...none, day: '2026-11-22', operator: other, deregistered: 1 },
    ];
    await rollUpMovements(database.pool, at('2026-11-23T10:00:00Z'));
    assert.deepEqual(await movements(), expected);
    await Promise.all([1, 2].map(() => rollUpMovements(database.pool, at('2026-11-23T10:00:00Z'))));
    assert.deepEqual(await movements(), expected, 'done again');
    await change('2026-11-23T10:01:00Z', 'C', null, other);
    await rollUpMovements(database.pool, at('2026-11-23T10:02:00Z'));
    assert.deepEqual((await movements()).slice(5), [{ ...none, day: '2026-11-23', operator: other, registered: 1 }]);
  });

  it('has nothing to tell where nothing was changed', async () => {
    assert.equal(await rollUpMovements(database.pool, at('2026-11-23T10:00:00Z')), 0);
    assert.deepEqual(await movements(), []);
  });
});

describe('the log’s months', () => {
  const months = () => rowsOf<{ name: string }>('select name from request_log_months() order by name');
  const logged = async () => (await rowsOf<{ n: number }>('select count(*)::integer as n from request_log'))[0]?.n;

  it('are made ahead by the work, and by several at once where there is none', async () => {
    const work = createStatisticsWork({ pool: database.pool, log, requestLogDays: 400 });
    await work(at('2026-11-23T10:00:00Z'));
    assert.deepEqual(
      (await months()).map(({ name }) => name),
      ['request_log_2026_11', 'request_log_2026_12', 'request_log_2027_01'],
    );
    await Promise.all([1, 2, 3].map(() => logCall(database.pool, '2024-02-29T23:59:59Z')));
    assert.equal(await logged(), 3);
    assert.equal((await months())[0]?.name, 'request_log_2024_02');
  });

  it('are given up when their last line is older than the setting, and only when they are counted', async () => {
    const { pool } = database;
    await logCall(pool, '2025-09-30T23:59:59Z');
    await logCall(pool, '2025-10-01T00:00:00Z');
    await logCall(pool, '2026-11-23T09:00:00Z');
    assert.deepEqual(await dropRequestLogMonths(pool, at('2026-11-01T00:00:00Z')), [], 'nothing is counted yet');
    const work = createStatisticsWork({ pool, log, requestLogDays: 400 });
    while ((await work(at('2026-11-06T10:00:00Z'))) > 0);
    assert.equal(await logged(), 2, '400 days before is in October 2025: September goes, October stays');
    while ((await work(at('2026-12-08T10:00:00Z'))) > 0);
    assert.equal(await logged(), 1);
    assert.deepEqual(
      (await days()).map(({ calls }) => calls),
      [2, 1],
      'what was counted stays',
    );
  });

  it('keep a broken line out as before', async () => {
    await assert.rejects(logCall(database.pool, '2026-11-23T09:00:00Z', { durationMs: -1 }), {
      code: '23514',
      constraint: 'request_log_counts',
    });
  });

  it('find the latest refusals by an index of their own', async () => {
    const { SELECT_REFUSED_SQL, SELECT_CALLER_REFUSED_SQL } = await import('../src/sql/requestLog.ts');
    const { pool } = database;
    await logCall(pool, '2026-11-23T09:00:00Z');
    await pool.query(`insert into request_log
      select gen_random_uuid(), timestamptz '2026-11-23T00:00:00Z' + number * interval '1 second', ${MUNICIPALITY}, null, 1, 1,
        case number % 1000 when 0 then 5001 else 0 end, 'isReachable'
      from generate_series(1, 20000) as number`);
    await pool.query('analyze request_log');
    for (const [sql, values] of [
      [SELECT_REFUSED_SQL, ['2026-11-01', 20]],
      [SELECT_CALLER_REFUSED_SQL, ['2026-11-01', 20, MUNICIPALITY]],
    ] as const) {
      const plan = await pool.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...values]);
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(text, /Seq Scan/);
      assert.match(text, /Index Scan/);
    }
  });
});

describe('the migration to months', () => {
  let old: Awaited<ReturnType<typeof createOldDatabase>>;
  before(async () => {
    old = await createOldDatabase();
  });
  after(() => old.close());

  async function createOldDatabase() {
    const { createTestDatabase } = await import('@brevduva/base/testing');
    const { FAR_MIGRATIONS } = await import('../src/index.ts');
    return createTestDatabase({ party: 'far', migrations: FAR_MIGRATIONS.filter(({ number }) => number < 8) });
  }

  it('takes every line along', async () => {
    const { migrate } = await import('@brevduva/base');
    const { FAR_MIGRATIONS } = await import('../src/index.ts');
    await old.pool.query(`insert into request_log
      select gen_random_uuid(), timestamptz '2026-09-15T00:00:00Z' + number * interval '1 day', ${MUNICIPALITY}, null, 3, 1, 0, 'isReachable'
      from generate_series(1, 60) as number`);
    await migrate(old.pool, FAR_MIGRATIONS, { log });
    while ((await rollUpRequests(old.pool, at('2026-11-23T10:00:00Z'))) > 0);
    const { rows } = await old.pool.query(
      'select count(*)::integer as lines, (select sum(calls)::integer from request_day where caller = -1) as calls from request_log',
    );
    assert.deepEqual(rows, [{ lines: 60, calls: 60 }]);
  });
});
