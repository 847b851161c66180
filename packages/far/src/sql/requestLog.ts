import { inTransaction, type Queryable, sqlErrorCode } from '@brevduva/base';
import type { Pool } from './pool.ts';

export interface RequestLogRow {
  callId: string;
  receivedAt: Date;
  caller: string | null;
  /** Kept only where it is a registered sender. */
  sender: string | null;
  operation: string;
  idCount: number;
  /** 0 = answered, else the contract's code. */
  errorCode: number;
  durationMs: number;
}

/**
 * Writes lines; makes room for their months first where there is none yet. The subselect lets a number fall that is no
 * registered sender: it may be anything the caller wrote.
 */
export async function insertRequests(pool: Pool, rows: readonly RequestLogRow[]): Promise<void> {
  try {
    await insert(pool, rows);
  } catch (err) {
    if (!isMonthMissing(err)) throw err;
    for (const { receivedAt } of rows) await createRequestLogMonth(pool, receivedAt);
    await insert(pool, rows);
  }
}

/** Makes room for the lines of the month (UTC) that the instant is in; nothing when there is room already. */
export async function createRequestLogMonth(pool: Pool, instant: Date): Promise<void> {
  await inTransaction(pool, (db) =>
    db.query('select create_request_log_month($1::date)', [instant.toISOString().slice(0, 10)]),
  );
}

/**
 * Gives up whole months whose last line is older than the instant, and that are wholly counted. Nothing else removes a
 * line. Gives the tables that are gone.
 */
export async function dropRequestLogMonths(pool: Pool, before: Date): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select drop_request_log_months($1) as name', [
    before.toISOString(),
  ]);
  return rows.map(({ name }) => name);
}

export interface RefusedCall {
  callId: string;
  receivedAt: Date;
  caller: string | null;
  operation: string;
  errorCode: number;
  durationMs: number;
}

/** The latest calls that were refused or failed, newest first; of one caller or of all. */
export async function selectRefusedCalls(
  db: Queryable,
  { caller, since, limit }: { caller?: string; since: Date; limit: number },
): Promise<RefusedCall[]> {
  const { rows } = await db.query<RefusedCall>(
    caller === undefined ? SELECT_REFUSED_SQL : SELECT_CALLER_REFUSED_SQL,
    caller === undefined ? [since.toISOString(), limit] : [since.toISOString(), limit, caller],
  );
  return rows;
}

const REFUSED_COLUMNS = `call_id as "callId", received_at as "receivedAt", caller::text, operation,
  error_code as "errorCode", duration_ms as "durationMs"`;

export const SELECT_REFUSED_SQL = `
  select ${REFUSED_COLUMNS}
  from request_log
  where received_at >= $1 and error_code <> 0
  order by received_at desc
  limit $2`;

export const SELECT_CALLER_REFUSED_SQL = `
  select ${REFUSED_COLUMNS}
  from request_log
  where received_at >= $1 and error_code <> 0 and caller = $3::bigint
  order by received_at desc
  limit $2`;

async function insert(db: Queryable, rows: readonly RequestLogRow[]): Promise<void> {
  await db.query({
    name: 'log requests',
    text: INSERT_SQL,
    values: [
      rows.map((row) => row.callId),
      rows.map((row) => row.receivedAt.toISOString()),
      rows.map((row) => row.caller),
      rows.map((row) => row.sender),
      rows.map((row) => row.operation),
      rows.map((row) => row.idCount),
      rows.map((row) => row.errorCode),
      rows.map((row) => row.durationMs),
    ],
  });
}

const INSERT_SQL = `
  insert into request_log (call_id, received_at, caller, sender, operation, id_count, error_code, duration_ms)
  select call_id, received_at, caller, (select organization_number from sender where organization_number = asked_for),
    operation, id_count, error_code, duration_ms
  from unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::text[], $6::integer[], $7::smallint[],
    $8::integer[]) as given (call_id, received_at, caller, asked_for, operation, id_count, error_code, duration_ms)`;

const CHECK_VIOLATION = '23514';

/** "No partition found" has the code of a broken check, but names none. */
function isMonthMissing(err: unknown): boolean {
  const constraint = (err as { constraint?: unknown }).constraint;
  return sqlErrorCode(err) === CHECK_VIOLATION && constraint === undefined;
}
