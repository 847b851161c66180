import type { ClientBase } from 'pg';
import { type AccountTypeLetter, REPLACE_ACCOUNT } from './accounts.ts';
import { copyIn } from './copyIn.ts';

/** Row of account_load. Counts are safe integers: a file of 2^53 bytes is not loaded in this life. */
export interface AccountLoadRow {
  startedAt: Date;
  finishedAt: Date | null;
  byteCount: number;
  contentDigest: Buffer;
  lineCount: number;
  insertedCount: number;
  replacedCount: number;
  keptCount: number;
  rejectedCount: number;
  rejectByteCount: number;
}

export interface StagedAccount {
  recipientId: string;
  /** As PostgreSQL reads a timestamptz. */
  registeredAt: string;
  operatorId: number | null;
  accountType: AccountTypeLetter;
  pending: boolean;
}

const PIECE_CHARACTERS = 65_536;
/** Any number, the same for all loads; another database has its own locks. */
const LOAD_LOCK = 6_220_001;
/** A batch is sorted in memory: 200 000 rows are 13 MB. */
const WORK_MEMORY = '64MB';

/** Rows on their way to `copy`, as the bytes that will be sent: a fifth of what they would weigh as objects. */
export class StagedAccounts {
  readonly #pieces: Buffer[] = [];
  #text = '';
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add({ recipientId, registeredAt, operatorId, accountType, pending }: StagedAccount): void {
    this.#count += 1;
    this.#text += `${recipientId}\t${registeredAt}\t${operatorId ?? '\\N'}\t${accountType}\t${pending ? 't' : 'f'}\n`;
    if (this.#text.length >= PIECE_CHARACTERS) this.#flush();
  }

  pieces(): readonly Buffer[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#text !== '') this.#pieces.push(Buffer.from(this.#text, 'latin1'));
    this.#text = '';
  }
}

/** Makes a connection ready for a load. False while another load has the lock, which ends with its connection. */
export async function prepareAccountLoad(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [LOAD_LOCK]);
  if (rows[0]?.locked !== true) return false;
  await client.query(`set work_mem = '${WORK_MEMORY}'`);
  await client.query(
    `create temporary table account_staged (
       position bigint generated always as identity,
       recipient_id bigint, registered_at timestamptz, operator_id smallint, account_type "char", pending boolean
     ) on commit delete rows`,
  );
  return true;
}

export async function releaseAccountLoad(client: ClientBase): Promise<void> {
  await client.query('drop table if exists account_staged');
  await client.query('reset work_mem');
  await client.query('select pg_advisory_unlock($1)', [LOAD_LOCK]);
}

export async function selectAccountLoad(client: ClientBase, contentKey: Buffer): Promise<AccountLoadRow | undefined> {
  const { rows } = await client.query<AccountLoadRow>(
    `select started_at as "startedAt", finished_at as "finishedAt", byte_count as "byteCount",
       content_digest as "contentDigest", line_count as "lineCount", inserted_count as "insertedCount",
       replaced_count as "replacedCount", kept_count as "keptCount", rejected_count as "rejectedCount",
       reject_byte_count as "rejectByteCount"
     from account_load
     where content_key = $1`,
    [contentKey],
  );
  return rows[0];
}

export async function deleteAccountLoad(client: ClientBase, contentKey: Buffer): Promise<void> {
  await client.query('delete from account_load where content_key = $1', [contentKey]);
}

export async function stageAccounts(client: ClientBase, staged: StagedAccounts): Promise<void> {
  await copyIn(
    client,
    'copy account_staged (recipient_id, registered_at, operator_id, account_type, pending) from stdin',
    staged.pieces(),
  );
}

/** Accounts that exist are left as they are; of several for one recipient the first stands. Returns how many are new. */
export async function insertStagedAccounts(client: ClientBase): Promise<number> {
  const { rowCount } = await client.query(
    `insert into account (recipient_id, registered_at, operator_id, account_type, pending)
     select distinct on (recipient_id) recipient_id, registered_at, operator_id, account_type, pending
     from account_staged
     order by recipient_id, position
     on conflict (recipient_id) do nothing`,
  );
  return rowCount ?? 0;
}

/** Accounts that exist are made what the file says; of several for one recipient the last stands. */
export async function replaceStagedAccounts(client: ClientBase): Promise<{ inserted: number; replaced: number }> {
  const { rows } = await client.query<{ inserted: number; replaced: number }>(
    `with written as (
       insert into account (recipient_id, registered_at, operator_id, account_type, pending)
       select distinct on (recipient_id) recipient_id, registered_at, operator_id, account_type, pending
       from account_staged
       order by recipient_id, position desc
       ${REPLACE_ACCOUNT}
       returning xmax = 0 as is_new
     )
     select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as replaced from written`,
  );
  return rows[0] ?? { inserted: 0, replaced: 0 };
}

export async function upsertAccountLoad(client: ClientBase, contentKey: Buffer, row: AccountLoadRow): Promise<void> {
  await client.query(
    `insert into account_load (content_key, started_at, saved_at, finished_at, byte_count, content_digest, line_count,
       inserted_count, replaced_count, kept_count, rejected_count, reject_byte_count)
     values ($1, $2, now(), $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (content_key) do update set
       saved_at = excluded.saved_at,
       finished_at = excluded.finished_at,
       byte_count = excluded.byte_count,
       content_digest = excluded.content_digest,
       line_count = excluded.line_count,
       inserted_count = excluded.inserted_count,
       replaced_count = excluded.replaced_count,
       kept_count = excluded.kept_count,
       rejected_count = excluded.rejected_count,
       reject_byte_count = excluded.reject_byte_count`,
    [
      contentKey,
      row.startedAt.toISOString(),
      row.finishedAt?.toISOString() ?? null,
      row.byteCount,
      row.contentDigest,
      row.lineCount,
      row.insertedCount,
      row.replacedCount,
      row.keptCount,
      row.rejectedCount,
      row.rejectByteCount,
    ],
  );
}

/** What reads would otherwise do one by one: marks all rows as visible to all, and counts them for the planner. */
export async function tidyAccounts(client: ClientBase): Promise<void> {
  await client.query('vacuum (analyze) account');
}
