import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { describeSchema } from '@brevduva/base';
import { SELECT_ASKED_SQL } from '../src/sql/reachability.ts';
import { createRequestLogMonth } from '../src/sql/requestLog.ts';
import { createFarDatabase } from './database.ts';

// After a new migration: UPDATE_SCHEMA=1 node --import tsx --test packages/far/test/schema.test.ts
const SCHEMA_FILE = new URL('../src/sql/schema.sql', import.meta.url);
const ACCOUNTS = 50_000;

describe('the database', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  before(async () => {
    database = await createFarDatabase();
  });
  after(() => database.close());

  it('has the schema that src/sql/schema.sql shows', async () => {
    const described = await describeSchema(database.pool);
    if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(SCHEMA_FILE, described);
    assert.equal(described, await readFile(SCHEMA_FILE, 'utf8'), 'schema.sql differs from what the migrations make');
  });

  it('looks accounts up by key for 1000 ids, with and without statistics', async () => {
    const { pool } = database;
    await pool.query(
      `insert into account (recipient_id, registered_at, account_type, pending)
       select 190000000000 + number * 7919::bigint, now(), 'S', false from generate_series(1, $1::integer) as number`,
      [ACCOUNTS],
    );
    const ids = Array.from({ length: 1000 }, (_, index) => String(190_000_000_000 + (index + 1) * 7919 * 37));
    for (const state of ['without statistics', 'with statistics']) {
      const plan = await planOf(SELECT_ASKED_SQL, ['162021004748', '162021004748', null, ids]);
      assert.match(plan, /Index Scan using account_pkey/, state);
      assert.doesNotMatch(plan, /Seq Scan on account/, state);
      await pool.query('analyze account');
    }
  });

  it('would find a plan that reads the whole table', async () => {
    assert.match(await planOf('select * from account where pending', []), /Seq Scan on account/);
  });

  it('lets no one change or remove a line of the request log', async () => {
    const { pool } = database;
    await createRequestLogMonth(pool, new Date());
    await pool.query(
      `insert into request_log (call_id, received_at, duration_ms, id_count, error_code, operation)
       values (gen_random_uuid(), now(), 1, 1, 0, 'isReachable')`,
    );
    for (const sql of ['update request_log set id_count = 2', 'delete from request_log', 'truncate request_log']) {
      await assert.rejects(pool.query(sql), { code: '23001', message: 'table request_log is append-only' });
    }
    const { rows } = await pool.query<{ name: string }>('select name from request_log_months()');
    const [{ name: month = '' } = {}] = rows;
    for (const sql of [`update ${month} set id_count = 2`, `delete from ${month}`, `truncate ${month}`]) {
      await assert.rejects(pool.query(sql), { code: '23001', message: `table ${month} is append-only` });
    }
  });

  it('keeps identities to the twelve digits of the contract', async () => {
    const insert =
      'insert into account (recipient_id, registered_at, account_type, pending) values ($1, now(), $2, false)';
    await assert.rejects(database.pool.query(insert, ['5591628136', 'S']), {
      code: '23514',
      constraint: 'account_recipient_id_form',
    });
    await assert.rejects(database.pool.query(insert, ['192705178354', 'X']), {
      code: '23514',
      constraint: 'account_type_known',
    });
  });

  async function planOf(sql: string, values: unknown[]): Promise<string> {
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }
});
