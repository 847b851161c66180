import { Pool } from 'pg';

const OWNER_LOCK_KEY = 4_276_001_001;
const CONNECT_TIMEOUT_MS = 5_000;

export interface OwnerLock {
  release(): Promise<void>;
}

/**
 * Takes the lock that the process holds which started this embedded server; undefined when another process has it. The
 * server gives the lock back at the instant its holder dies, however it dies, which no pid file does.
 */
export async function takeOwnerLock(adminUrl: string): Promise<OwnerLock | undefined> {
  // A pool of one connection that is never closed for being idle and does not keep the process alive.
  const pool = new Pool({
    connectionString: adminUrl,
    application_name: 'brevduva owner',
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on('error', () => undefined); // the server went down; who started it watches its process
  try {
    const { rows } = await pool.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [OWNER_LOCK_KEY]);
    if (rows[0]?.taken) return { release: () => pool.end() };
  } catch (err) {
    await pool.end();
    throw err;
  }
  await pool.end();
  return undefined;
}
