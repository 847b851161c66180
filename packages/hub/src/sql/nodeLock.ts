import type { Pool } from '@brevduva/base';

const NODE_KEY = `hashtextextended('brevduva hub node ' || current_schema() || ' ' || $1, 0)`;

/**
 * Holds a node's name for as long as its process lives: a session advisory lock on a connection of its own. When the process dies
 * the server frees it by itself.
 *
 * @returns a release function, or undefined when another process holds the name.
 */
export async function lockNodeName(pool: Pool, node: string): Promise<(() => Promise<void>) | undefined> {
  const client = await pool.connect();
  const { rows } = await client.query<{ locked: boolean }>(`select pg_try_advisory_lock(${NODE_KEY}) as locked`, [
    node,
  ]);
  if (rows[0]?.locked !== true) {
    client.release();
    return undefined;
  }
  return async () => {
    // Said, not left to the closing of the connection: the next holder may ask before the server has noticed that.
    await client.query(`select pg_advisory_unlock(${NODE_KEY})`, [node]).finally(() => client.release(true));
  };
}
