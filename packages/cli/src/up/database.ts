import { join } from 'node:path';
import { type Log, provisionParty, startEmbeddedPostgres } from '@brevduva/base';
import type { Secrets } from './secrets.ts';

/** Each legal party has a role and a schema of its own, which the others cannot read. */
export type PartyRole = 'hub' | 'hub_service' | 'far' | 'mailbox_brevladan' | 'mailbox_posthornan';
const PARTY_ROLES: readonly PartyRole[] = ['hub', 'hub_service', 'far', 'mailbox_brevladan', 'mailbox_posthornan'];

export interface Database {
  /** The party's own connection string. */
  readonly urls: Readonly<Record<PartyRole, string>>;
  /** Tells one database from another, without user and password. */
  readonly name: string;
  close(): Promise<void>;
}

/** A server of our own in the data folder, or the one `databaseUrl` names, with a place for every party. */
export async function openDatabase(options: {
  folder: string;
  databaseUrl: string | undefined;
  port: number;
  secrets: Secrets;
  log: Log;
}): Promise<Database> {
  const { databaseUrl, folder, port, secrets, log } = options;
  const embedded =
    databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port, log })
      : undefined;
  const close = async () => await embedded?.stop();
  try {
    const adminUrl = embedded?.adminUrl ?? databaseUrl ?? '';
    const urls = await provision(adminUrl, secrets);
    return { urls, name: embedded ? 'embedded' : nameOf(adminUrl), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One after the other: they touch the same catalogue rows. */
async function provision(adminUrl: string, secrets: Secrets): Promise<Record<PartyRole, string>> {
  const urls: Partial<Record<PartyRole, string>> = {};
  for (const party of PARTY_ROLES) {
    urls[party] = await provisionParty({ adminUrl, party, password: secrets.text(`password ${party}`) });
  }
  return urls as Record<PartyRole, string>;
}

function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
