import type { Pool, PoolClient } from 'pg';
import { translateSqlError } from './sqlError.ts';

/**
 * Runs `work` in one transaction on one connection and commits; any error rolls back and is thrown on (database away
 * and disk full as AppError). Never wait for a network call inside: the connection is held all the time.
 */
export function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return bracket(pool, 'begin', work);
}

/** Reads several things as they were at one instant: what one statement commits is seen whole or not at all. */
export function inSnapshot<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return bracket(pool, 'begin isolation level repeatable read read only', work);
}

async function bracket<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (err) {
    broken = await rollback(client);
    throw translateSqlError(err);
  } finally {
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (err) {
    throw translateSqlError(err);
  }
}

/** A connection that cannot even roll back is thrown away; the error that led here says more than this one. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (err) {
    return err instanceof Error ? err : new Error('rollback failed', { cause: err });
  }
}
