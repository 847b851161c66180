import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { scramVerifier } from './scram.ts';
import { sqlErrorCode, translateSqlError } from './sqlError.ts';

const TRIES_MAX = 8;
const RETRY_DELAY_MS = 25;
/** Roles belong to the server, not to the database: two provisioners of different databases can meet on one role. */
const MET_ANOTHER = new Set(['XX000', '23505', '42710', '42P06', '40001', '40P01']);

/**
 * Makes the role `party` and, in the database of `adminUrl`, its schema of the same name, which no other role may use
 * (other parties share the database and meet only over SOAP). The role's search_path is its schema, so that its SQL
 * needs no schema names. Running it again changes nothing but the password. Gives the party's connection string.
 */
export async function provisionParty({
  adminUrl,
  party,
  password,
}: {
  adminUrl: string;
  party: string;
  password: string;
}): Promise<string> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(party) || party.startsWith('pg_')) {
    throw new TypeError(`Party ${party} is not a lower case name`);
  }
  const client = new Client({ connectionString: adminUrl, application_name: 'brevduva provision' });
  client.on('error', () => undefined); // the query that waits is told
  try {
    await client.connect();
    await provisionPatiently(client, party, password);
  } catch (err) {
    throw translateSqlError(err);
  } finally {
    await client.end();
  }
  return partyUrl(adminUrl, party, password);
}

/** The same address, with the party's role and password. */
export function partyUrl(adminUrl: string, party: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = party;
  url.password = encodeURIComponent(password);
  return url.href;
}

async function provision(client: Client, party: string, password: string): Promise<void> {
  const role = client.escapeIdentifier(party);
  await client.query('begin');
  const { rows } = await client.query<{ super: boolean; exists: boolean }>(
    `select (select rolsuper from pg_roles where rolname = current_user) as super,
            exists (select from pg_roles where rolname = $1) as exists`,
    [party],
  );
  const verb = rows[0]?.exists ? 'alter' : 'create';
  await client.query(`${verb} role ${role} login password ${client.escapeLiteral(scramVerifier(password))}`);
  await client.query(`alter role ${role} set search_path to ${role}`);
  // An administrator who is not superuser must be a member of the role to give it a schema, and only for that long.
  if (!rows[0]?.super) await client.query(`grant ${role} to current_user`);
  await client.query(`create schema if not exists ${role} authorization ${role}`);
  await client.query(`revoke all on schema ${role} from public`);
  if (!rows[0]?.super) await client.query(`revoke ${role} from current_user`);
  await client.query('commit');
}

async function provisionPatiently(client: Client, party: string, password: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await provision(client, party, password);
    } catch (err) {
      if (tries === TRIES_MAX || !MET_ANOTHER.has(sqlErrorCode(err) ?? '')) throw err;
      await client.query('rollback');
      await wait(RETRY_DELAY_MS * tries);
    }
  }
}
