import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const SOURCE_BUSY = '55006';
const TRIES_MAX = 20;

export function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Makes the database `template` unless it exists: `fill` gets the address of an empty one, which takes its name only
 * when `fill` is done. Processes that want the same template at once take turns.
 */
export async function ensureTemplate(
  adminUrl: string,
  template: string,
  fill: (adminUrl: string) => Promise<void>,
): Promise<void> {
  await withAdmin(adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
    if (rowCount === 1) return;
    const unfinished = `unfinished_${randomBytes(6).toString('hex')}`;
    await admin.query(`create database ${unfinished}`);
    await fill(databaseUrl(adminUrl, unfinished));
    await admin.query(`alter database ${unfinished} rename to ${admin.escapeIdentifier(template)}`);
  });
}

/** Copies the template into a new database and gives its name. */
export async function cloneTemplate(adminUrl: string, template: string): Promise<string> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  await withAdmin(adminUrl, async (admin) => {
    for (let tries = 1; ; tries += 1) {
      try {
        await admin.query(`create database ${database} template ${admin.escapeIdentifier(template)}`);
        return;
      } catch (err) {
        // A connection that filled the template may still be on its way out.
        if (!(err instanceof Error && 'code' in err && err.code === SOURCE_BUSY) || tries === TRIES_MAX) throw err;
      }
    }
  });
  return database;
}

export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  await withAdmin(adminUrl, (admin) => admin.query(`drop database if exists ${database} with (force)`));
}

async function withAdmin(adminUrl: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: adminUrl, application_name: 'brevduva test' });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
