import { setTimeout as wait } from 'node:timers/promises';
import { appError, type Clock, translateSqlError } from '@brevduva/base';
import type { PoolClient } from 'pg';
import { ERRORS } from '../errors.ts';
import {
  type AccountLoadRow,
  deleteAccountLoad,
  insertStagedAccounts,
  prepareAccountLoad,
  releaseAccountLoad,
  replaceStagedAccounts,
  type StagedAccounts,
  selectAccountLoad,
  stageAccounts,
  tidyAccounts,
  upsertAccountLoad,
} from '../sql/accountLoad.ts';
import { selectOperators } from '../sql/organizations.ts';
import type { Pool } from '../sql/pool.ts';
import type { AccountStore, LoadProgress } from './accountStore.ts';

export interface PostgresAccountStoreOptions {
  pool: Pool;
  contentKey: Buffer;
  replaces: boolean;
  clock: Clock;
  lockWaitMs?: number;
}

/** A killed load's connection ends when its last statement does. */
const LOCK_WAIT_MS = 30_000;
const LOCK_POLL_MS = 250;

/**
 * Runs `work` with the one connection of a load.
 *
 * @throws AppError FAR_ACCOUNT_LOAD_BUSY while another load goes on
 */
export async function withPostgresAccountStore<T>(
  options: PostgresAccountStoreOptions,
  work: (store: AccountStore) => Promise<T>,
): Promise<T> {
  const client = await options.pool.connect();
  let broken: Error | undefined;
  try {
    await prepare(client, options.lockWaitMs ?? LOCK_WAIT_MS);
    const result = await work(storeOn(client, options));
    await releaseAccountLoad(client);
    return result;
  } catch (err) {
    // whatever state the connection is in, it goes, and the lock with it
    broken = err instanceof Error ? err : new Error('a load failed', { cause: err });
    throw translateSqlError(err);
  } finally {
    client.release(broken);
  }
}

async function prepare(client: PoolClient, waitMsMax: number): Promise<void> {
  for (let waitedMs = 0; !(await prepareAccountLoad(client)); waitedMs += LOCK_POLL_MS) {
    if (waitedMs >= waitMsMax) throw appError(ERRORS, 'FAR_ACCOUNT_LOAD_BUSY');
    await wait(LOCK_POLL_MS);
  }
}

function storeOn(client: PoolClient, { contentKey, replaces, clock }: PostgresAccountStoreOptions): AccountStore {
  const stored = (progress: LoadProgress, finishedAt: Date | null): AccountLoadRow => ({ ...progress, finishedAt });
  return {
    operators: async () => {
      const operators = await selectOperators(client);
      return new Map(
        operators.flatMap(({ id, organizationNumber, domain }) => [
          [organizationNumber, id],
          [domain, id],
        ]),
      );
    },
    progress: async () => {
      const row = await selectAccountLoad(client, contentKey);
      return row && { ...row, isFinished: row.finishedAt !== null };
    },
    forget: () => deleteAccountLoad(client, contentKey),
    async save(accounts, before) {
      await client.query('begin');
      const { inserted, replaced } = await write(client, accounts, replaces);
      const after = {
        ...before,
        insertedCount: before.insertedCount + inserted,
        replacedCount: before.replacedCount + replaced,
        keptCount: before.keptCount + accounts.count - inserted - replaced,
      };
      await upsertAccountLoad(client, contentKey, stored(after, null));
      await client.query('commit');
      return after;
    },
    async finish(progress) {
      await tidyAccounts(client);
      await upsertAccountLoad(client, contentKey, stored(progress, clock.now()));
    },
  };
}

async function write(client: PoolClient, accounts: StagedAccounts, replaces: boolean) {
  await stageAccounts(client, accounts);
  if (replaces) return replaceStagedAccounts(client);
  return { inserted: await insertStagedAccounts(client), replaced: 0 };
}
