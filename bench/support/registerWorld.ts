import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createPool, migrate, provisionParty, startEmbeddedPostgres, systemClock } from '@brevduva/base';
import { createRegister, FAR_MIGRATIONS, generateAccounts, type LoadResult, loadAccounts } from '@brevduva/far';
import type { Pool } from 'pg';
import { backendPid } from './registerSql.ts';

export const SENDER = '162021004748';
const OPERATORS = ['165568402266', '165591628135', '165590000005'];
const SEED = 1;

/** A register in a PostgreSQL that really writes, with generated accounts. */
export interface RegisterWorld {
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly postgresPid: number | undefined;
  close(): Promise<void>;
}

/** Starts PostgreSQL on a folder of its own, which is removed at the end, or uses the register that a URL names. */
export async function startRegisterWorld(databaseUrl: string | undefined): Promise<RegisterWorld> {
  const started = databaseUrl === undefined ? await startDatabase() : { databaseUrl, close: async () => undefined };
  const pool = createPool({
    connectionString: started.databaseUrl,
    applicationName: 'bench',
    max: 12,
    statementTimeoutMs: 1_800_000,
  });
  const close = async () => {
    await pool.end();
    await started.close();
  };
  try {
    await migrate(pool, FAR_MIGRATIONS, { log: createLog({ service: 'bench', level: 'silent' }) });
    await connectParties(pool);
    const postgresPid = 'pid' in started ? started.pid : await postmasterPid(pool);
    return { databaseUrl: started.databaseUrl, pool, postgresPid, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDatabase() {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-bench-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), port: 0 });
    const password = randomBytes(16).toString('hex');
    const databaseUrl = await provisionParty({ adminUrl: postgres.adminUrl, party: 'far', password });
    const close = async () => {
      await postgres.stop();
      await remove();
    };
    return { databaseUrl, pid: postgres.pid, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Of a server on this machine: the parent of the process that serves us. */
async function postmasterPid(pool: Pool): Promise<number | undefined> {
  const backend = await backendPid(pool);
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${backend}/status`, 'utf8'))?.[1]);
  } catch {
    // another machine, or no /proc
    return undefined;
  }
}

async function connectParties(pool: Pool): Promise<void> {
  const register = createRegister(pool);
  for (const [index, organizationNumber] of OPERATORS.entries()) {
    const domain = `operator${index}.example`;
    await register.addOperator({
      organizationNumber,
      name: `Brevlådan nummer ${index}`,
      domain,
      serviceAddress: `https://${domain}/service/v3`,
      uiAddress: `https://${domain}/`,
    });
  }
  await register.addSender(SENDER, 'Kommunen');
  await register.addDispatcher(SENDER, 'Kommunen', [SENDER]);
}

/** The text of so many generated accounts. */
export async function* accountFile(count: number): AsyncGenerator<Buffer> {
  for (const text of generateAccounts({ count, seed: SEED, operators: OPERATORS })) yield Buffer.from(text);
}

/** Loads so many generated accounts; those that are there already are left. */
export function loadGenerated(pool: Pool, count: number): Promise<LoadResult> {
  const contentKey = Buffer.alloc(32);
  contentKey.writeUInt32BE(count);
  return loadAccounts({ pool, clock: systemClock, content: accountFile(count), contentKey, replaces: false });
}
