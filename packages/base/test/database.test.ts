import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import {
  AppError,
  createPool,
  describeSchema,
  inTransaction,
  isUniqueViolation,
  type Migration,
  migrate,
  provisionParty,
} from '../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../src/testing/index.ts';

const silent = pino({ level: 'silent' });
const LETTER: Migration = {
  number: 1,
  name: 'letter',
  sql: `create table letter (
    id uuid primary key, title text not null default 'x', big bigint, day date, at timestamptz,
    constraint letter_title_key unique (title));
  create index letter_day_idx on letter (day) where big > 0;
  create function add_one(n integer) returns integer language sql immutable as 'select n + 1';`,
};
const COLOUR: Migration = { number: 2, name: 'colour', sql: `alter table letter add colour text check (colour <> '')` };

function refusedWith(code: string) {
  return (err: unknown) => {
    assert.ok(err instanceof AppError, String(err));
    assert.equal(err.code, code);
    assert.notEqual(err.publicText, '');
    return true;
  };
}

describe('migrations', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase({ party: 'base_a', migrations: [] });
  });
  after(() => db.close());

  it('builds a fresh database, upgrades it, and does nothing the third time', async () => {
    await migrate(db.pool, [LETTER], { log: silent });
    await migrate(db.pool, [LETTER, COLOUR], { log: silent });
    await migrate(db.pool, [LETTER, COLOUR], { log: silent });
    const { rows } = await db.pool.query('select number, name from migration order by number');
    assert.deepEqual(rows, [
      { number: 1, name: 'letter' },
      { number: 2, name: 'colour' },
    ]);
  });

  it('refuses a database that is newer than the code', async () => {
    await assert.rejects(migrate(db.pool, [LETTER], { log: silent }), refusedWith('BASE_DATABASE_NEWER'));
  });

  it('refuses a migration that reads differently from the one that has run', async () => {
    const changed = { ...COLOUR, sql: 'alter table letter add colour text' };
    await assert.rejects(migrate(db.pool, [LETTER, changed], { log: silent }), refusedWith('BASE_MIGRATION_CHANGED'));
  });

  it('keeps nothing of a migration that fails', async () => {
    const failing: Migration = { number: 3, name: 'half', sql: 'create table half (id int); select 1/0' };
    await assert.rejects(
      migrate(db.pool, [LETTER, COLOUR, failing], { log: silent }),
      (err: unknown) => refusedWith('BASE_MIGRATION_FAILED')(err) && /0003_half/.test((err as AppError).publicText),
    );
    const { rows } = await db.pool.query(`select to_regclass('half') as half`);
    assert.equal(rows[0]?.half, null);
  });

  it('lets two migrators at once take turns', async () => {
    const other = await createTestDatabase({ party: 'base_a', migrations: [] });
    const second = createPool({ connectionString: other.url, applicationName: 'second' });
    const slow = { ...LETTER, sql: `${LETTER.sql} select pg_sleep(0.1)` };
    await Promise.all([
      migrate(other.pool, [slow, COLOUR], { log: silent }),
      migrate(second, [slow, COLOUR], { log: silent }),
    ]);
    const { rows } = await other.pool.query('select count(*) as n from migration');
    assert.equal(rows[0]?.n, 2);
    await second.end();
    await other.close();
  });

  it('describes the schema without its name, the same every time', async () => {
    const text = await describeSchema(db.pool);
    assert.match(text, /^table letter\n {2}id uuid not null\n {2}title text not null default 'x'::text$/m);
    assert.match(text, /constraint letter_pkey PRIMARY KEY \(id\)/);
    assert.match(text, /CREATE INDEX letter_day_idx ON letter USING btree \(day\) WHERE \(big > 0\)/);
    assert.match(text, /FUNCTION add_one\(n integer\)/);
    assert.doesNotMatch(text, /base_a/);
    const twin = await createTestDatabase({ party: 'base_b', migrations: [LETTER, COLOUR] });
    assert.equal(await describeSchema(twin.pool), text);
    await twin.close();
  });
});

describe('a test database', () => {
  it('is a clone of its own', async () => {
    const insert = `insert into letter (id) values (gen_random_uuid())`;
    const [one, two] = await Promise.all([
      createTestDatabase({
        party: 'base_a',
        migrations: [LETTER],
        prepare: async (pool) => void (await pool.query(insert)),
      }),
      createTestDatabase({ party: 'base_a', migrations: [LETTER] }),
    ]);
    const count = 'select count(*) as n from letter';
    assert.equal((await one.pool.query(count)).rows[0]?.n, 1);
    assert.equal((await two.pool.query(count)).rows[0]?.n, 0);
    await one.close();
    await two.close();
    const gone = createPool({ connectionString: one.url, applicationName: 'gone' });
    await assert.rejects(gone.query('select 1'), { code: '3D000' });
    await gone.end();
  });
});

describe('a provisioned party', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase({ party: 'base_a', migrations: [LETTER] });
  });
  after(() => db.close());

  it('cannot read or use the schema of another', async () => {
    const url = await provisionParty({ adminUrl: db.adminUrl, party: 'base_stranger', password: 'pw-of-stranger' });
    const stranger = createPool({ connectionString: url, applicationName: 'stranger' });
    await stranger.query('create table mine (id int)');
    await assert.rejects(stranger.query('select * from base_a.letter'), { code: '42501' });
    await assert.rejects(stranger.query('select base_a.add_one(1)'), { code: '42501' });
    await assert.rejects(stranger.query('create table base_a.theirs (id int)'), { code: '42501' });
    await assert.rejects(db.pool.query('select * from base_stranger.mine'), { code: '42501' });
    await assert.rejects(db.pool.query('create table public.shared (id int)'), { code: '42501' });
    await stranger.end();
  });

  it('can be provisioned again, also by several at once; the last password holds', async () => {
    const again = () => provisionParty({ adminUrl: db.adminUrl, party: 'base_again', password: 'second' });
    await provisionParty({ adminUrl: db.adminUrl, party: 'base_again', password: 'first' });
    const [url = ''] = await Promise.all([again(), again(), again(), again()]);
    const pool = createPool({ connectionString: url, applicationName: 'again' });
    const { rows } = await pool.query('select current_schema() as schema, current_user as role');
    assert.deepEqual(rows, [{ schema: 'base_again', role: 'base_again' }]);
    await pool.end();
    const old = createPool({ connectionString: url.replace('second', 'first'), applicationName: 'old' });
    await assert.rejects(old.query('select 1'), { code: '28P01' });
    await old.end();
  });

  it('refuses a name that is none', async () => {
    await assert.rejects(provisionParty({ adminUrl: db.adminUrl, party: 'A"; drop', password: 'x' }), TypeError);
  });
});

describe('pool and transaction', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase({ party: 'base_a', migrations: [LETTER] });
  });
  after(() => db.close());

  it('reads bigint, date and timestamptz without loss', async () => {
    const { rows } = await db.pool.query(
      `select 42::int8 as small, 9007199254740993::int8 as big, date '2026-03-29' as day,
              timestamptz '2026-03-29 03:00+02' as at`,
    );
    const at = new Date('2026-03-29T01:00:00Z');
    assert.deepEqual(rows, [{ small: 42, big: 9007199254740993n, day: '2026-03-29', at }]);
  });

  it('rolls back on error and gives the database error as it is', async () => {
    const insert = `insert into letter (id, title) values (gen_random_uuid(), 'same')`;
    const twice = inTransaction(db.pool, async (client) => {
      await client.query(insert);
      await client.query(insert);
    });
    const err = await twice.then(
      () => assert.fail('two rows with the same title'),
      (reason: unknown) => reason,
    );
    assert.equal(isUniqueViolation(err), true);
    assert.equal(isUniqueViolation(err, 'letter_title_key'), true);
    assert.equal(isUniqueViolation(err, 'letter_pkey'), false);
    assert.equal((await db.pool.query('select from letter')).rowCount, 0);
  });

  it('survives a connection that is cut in the middle', async () => {
    const cut = inTransaction(db.pool, async (client) => {
      await client.query('select pg_terminate_backend(pg_backend_pid())');
    });
    await assert.rejects(cut, refusedWith('BASE_DATABASE_UNREACHABLE'));
    assert.equal((await db.pool.query('select 1 as one')).rows[0]?.one, 1);
  });

  it('names a server that does not answer', async () => {
    const pool = createPool({ connectionString: 'postgres://a:b@127.0.0.1:1/x', applicationName: 'x' });
    await assert.rejects(migrate(pool, [LETTER], { log: silent }), refusedWith('BASE_DATABASE_UNREACHABLE'));
    await assert.rejects(
      inTransaction(pool, async () => undefined),
      refusedWith('BASE_DATABASE_UNREACHABLE'),
    );
    await pool.end();
  });
});
