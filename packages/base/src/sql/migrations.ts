import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Pool, PoolClient } from 'pg';
import { AppError, appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Log } from '../log.ts';
import { sqlErrorCode, translateSqlError } from './sqlError.ts';

export interface Migration {
  number: number;
  name: string;
  sql: string;
}

/** How long a second migrator waits for the first. */
const ADVISORY_LOCK_TIMEOUT_MS = 120_000;
/** A change of schema that waits longer than this for a table would stop everyone behind it; it gives way instead. */
const TABLE_LOCK_TIMEOUT_MS = 5_000;
const TABLE_LOCK_TRIES_MAX = 5;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Reads the files `0001_name.sql`, `0002_name.sql`, … of a folder. Numbers must run from 1 without gap or double.
 * Synchronous, so that a package can export its migrations as a constant.
 */
export function readMigrations(dirUrl: URL): Migration[] {
  const files = readdirSync(dirUrl)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
    if (match === null) throw new TypeError(`${file} is not named like 0001_name.sql`);
    const number = Number(match[1]);
    if (number !== index + 1) throw new TypeError(`${file} should have number ${index + 1}`);
    return { number, name: match[2] ?? '', sql: readFileSync(new URL(file, asFolder(dirUrl)), 'utf8') };
  });
}

/** Identifies a set of migrations with their content. */
export function hashMigrations(migrations: readonly Migration[]): string {
  return sha256(migrations.map((each) => `${each.number} ${each.name} ${sha256(each.sql)}`).join('\n'));
}

/**
 * Brings the pool's schema up to the last migration, each in a transaction of its own. Two migrators at once take
 * turns. Throws BASE_DATABASE_NEWER when the database has a migration that the code does not know,
 * BASE_MIGRATION_CHANGED when one that has run reads differently now, BASE_MIGRATION_FAILED when one fails (nothing of
 * it stays).
 */
export async function migrate(pool: Pool, migrations: readonly Migration[], { log }: { log: Log }): Promise<void> {
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    await withMigrationLock(client, async (locked) => {
      const applied = await readApplied(locked);
      checkApplied(applied, migrations);
      for (const migration of migrations.filter((each) => !applied.has(each.number))) {
        await applyPatiently(locked, migration, log);
      }
    });
    client.release();
  } catch (err) {
    // The session holds the lock and changed settings: it is closed, not handed to the next user.
    client?.release(true);
    throw translateSqlError(err);
  }
}

async function withMigrationLock(client: PoolClient, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await client.query('set statement_timeout = 0');
  await client.query(`set lock_timeout = ${ADVISORY_LOCK_TIMEOUT_MS}`);
  const key = "hashtextextended('brevduva.migrate.' || current_schema(), 0)";
  await client.query(`select pg_advisory_lock(${key})`);
  await client.query(`set lock_timeout = ${TABLE_LOCK_TIMEOUT_MS}`);
  await work(client);
  await client.query(`select pg_advisory_unlock(${key})`);
  await client.query('reset lock_timeout');
  await client.query('reset statement_timeout');
}

async function readApplied(client: PoolClient): Promise<Map<number, string>> {
  await client.query(`
    create table if not exists migration (
      number integer primary key,
      name text not null,
      content_hash text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ number: number; content_hash: string }>(
    'select number, content_hash from migration order by number',
  );
  return new Map(rows.map((row) => [row.number, row.content_hash]));
}

function checkApplied(applied: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((each) => [each.number, each]));
  for (const [number, contentHash] of applied) {
    const migration = known.get(number);
    if (migration === undefined) {
      throw appError(BASE_ERRORS, 'BASE_DATABASE_NEWER', { detail: `migration ${number} is not in the code` });
    }
    if (sha256(migration.sql) !== contentHash) {
      throw appError(BASE_ERRORS, 'BASE_MIGRATION_CHANGED', { detail: `migration ${number} ${migration.name}` });
    }
  }
}

async function applyPatiently(client: PoolClient, migration: Migration, log: Log): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await apply(client, migration);
      log.info({ migration: migration.number, name: migration.name }, 'migrated');
      return;
    } catch (err) {
      if (sqlErrorCode(err) !== LOCK_NOT_AVAILABLE || tries === TABLE_LOCK_TRIES_MAX) throw named(err, migration);
      log.warn({ migration: migration.number, tries }, 'a table is locked, trying the migration again');
    }
  }
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into migration (number, name, content_hash) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      sha256(migration.sql),
    ]);
    await client.query('commit');
  } catch (err) {
    await client.query('rollback');
    throw err;
  }
}

function named(err: unknown, migration: Migration): unknown {
  const translated = translateSqlError(err);
  if (translated instanceof AppError) return translated;
  return appError(BASE_ERRORS, 'BASE_MIGRATION_FAILED', {
    cause: err,
    detail: err instanceof Error ? err.message : String(err),
    values: { migration: `${String(migration.number).padStart(4, '0')}_${migration.name}` },
  });
}

function asFolder(url: URL): URL {
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
