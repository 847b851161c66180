import type { Queryable } from '@brevduva/base';
import type { Period } from '../statistics/period.ts';
import { SUM_DURATIONS_SQL } from './durationColumns.ts';
import { ALL_CALLERS } from './rollUp.ts';

/** Of one caller, one operation, or both; all where nothing is said. */
export interface CallFilter {
  caller?: string | undefined;
  operation?: string | undefined;
}

/** Calls of a group. `at`: the hour's first instant (ISO) or the day. */
export interface CallSums {
  calls: number;
  ids: number;
  refused: number;
  durations: number[];
}

/** Where the counts of a period stand. Both tables have the same columns but for the time. */
const TABLES = {
  hour: {
    from: 'request_hour where hour >= $1::timestamptz and hour < $2::timestamptz',
    at: `to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  },
  day: { from: 'request_day where day >= $1::date and day <= $2::date', at: 'day::text' },
} as const;
/** The sum over all callers stands in rows of its own. */
const FILTER = `and caller = coalesce($3::bigint, ${ALL_CALLERS}) and ($4::text is null or operation = $4)`;
const EACH_CALLER = `and caller <> ${ALL_CALLERS} and ($3::bigint is null or caller = $3)
  and ($4::text is null or operation = $4)`;
const SUMS = `sum(calls)::float8 as calls, sum(ids)::float8 as ids,
  coalesce(sum(calls) filter (where error_code <> 0), 0)::float8 as refused`;

const SQL = {
  byTime: sqlOf(
    ({ from, at }) => `
    select ${at} as at, ${SUMS}, ${SUM_DURATIONS_SQL} as durations
    from ${from} ${FILTER} group by 1`,
  ),
  byTimeAndOperation: sqlOf(
    ({ from, at }) => `
    select ${at} as at, operation, ${SUMS}
    from ${from} ${FILTER} group by 1, 2`,
  ),
  // Added up by number first, and named afterwards: sorting every row by name took five times as long.
  byCaller: sqlOf(
    ({ from }) => `
    select caller::text, organization.name, calls, ids, refused, durations
    from (select caller, ${SUMS}, ${SUM_DURATIONS_SQL} as durations from ${from} ${EACH_CALLER} group by 1) as counted
    left join organization on organization.organization_number = caller
    order by calls desc, caller`,
  ),
  byOperation: sqlOf(
    ({ from }) => `
    select operation, ${SUMS}, ${SUM_DURATIONS_SQL} as durations
    from ${from} ${FILTER} group by 1 order by sum(calls) desc, operation`,
  ),
  refusalsByTime: sqlOf(
    ({ from, at }) => `
    select ${at} as at, error_code as "errorCode", sum(calls)::float8 as calls
    from ${from} ${FILTER} and error_code <> 0 group by 1, 2`,
  ),
  refusalsByCaller: sqlOf(
    ({ from }) => `
    select caller::text, organization.name, error_code as "errorCode", calls
    from (
      select caller, error_code, sum(calls)::float8 as calls from ${from} ${EACH_CALLER} and error_code <> 0 group by 1, 2
    ) as counted
    left join organization on organization.organization_number = caller
    order by calls desc, caller, error_code`,
  ),
} as const;

export interface TimeSums extends CallSums {
  at: string;
}

export function selectCallsByTime(db: Queryable, period: Period, filter: CallFilter): Promise<TimeSums[]> {
  return read(db, SQL.byTime, period, filter);
}

export function selectCallsByTimeAndOperation(
  db: Queryable,
  period: Period,
  filter: CallFilter,
): Promise<(Omit<TimeSums, 'durations'> & { operation: string })[]> {
  return read(db, SQL.byTimeAndOperation, period, filter);
}

export interface CallerSums extends CallSums {
  /** `0`: none that we name. */
  caller: string;
  name: string | null;
}

export function selectCallsByCaller(db: Queryable, period: Period, filter: CallFilter): Promise<CallerSums[]> {
  return read(db, SQL.byCaller, period, filter);
}

export function selectCallsByOperation(
  db: Queryable,
  period: Period,
  filter: CallFilter,
): Promise<(CallSums & { operation: string })[]> {
  return read(db, SQL.byOperation, period, filter);
}

export function selectRefusalsByTime(
  db: Queryable,
  period: Period,
  filter: CallFilter,
): Promise<{ at: string; errorCode: number; calls: number }[]> {
  return read(db, SQL.refusalsByTime, period, filter);
}

export interface CallerRefusals {
  caller: string;
  name: string | null;
  errorCode: number;
  calls: number;
}

export function selectRefusalsByCaller(db: Queryable, period: Period, filter: CallFilter): Promise<CallerRefusals[]> {
  return read(db, SQL.refusalsByCaller, period, filter);
}

export interface AccountDayRow {
  day: string;
  /** 0: the operator has left. */
  operatorId: number;
  active: number;
  pending: number;
}

export async function selectAccountDays(
  db: Queryable,
  { first, last }: { first: string; last: string },
): Promise<AccountDayRow[]> {
  const { rows } = await db.query<AccountDayRow>(
    `select day, operator_id as "operatorId", active, pending
     from account_day
     where day >= $1::date and day <= $2::date
     order by day, operator_id`,
    [first, last],
  );
  return rows;
}

export interface MovementRow {
  day: string;
  operatorId: number;
  registered: number;
  movedIn: number;
  movedOut: number;
  deregistered: number;
}

export async function selectMovements(
  db: Queryable,
  { first, last }: { first: string; last: string },
): Promise<MovementRow[]> {
  const { rows } = await db.query<MovementRow>(
    `select day, operator_id as "operatorId", registered, moved_in as "movedIn", moved_out as "movedOut", deregistered
     from movement_day
     where day >= $1::date and day <= $2::date
     order by day, operator_id`,
    [first, last],
  );
  return rows;
}

function sqlOf(write: (table: (typeof TABLES)['hour' | 'day']) => string): Record<'hour' | 'day', string> {
  return { hour: write(TABLES.hour), day: write(TABLES.day) };
}

async function read<Row extends object>(
  db: Queryable,
  sql: Record<'hour' | 'day', string>,
  period: Period,
  { caller, operation }: CallFilter,
): Promise<Row[]> {
  const span =
    period.grain === 'hour' ? [period.from.toISOString(), period.to.toISOString()] : [period.first, period.last];
  const { rows } = await db.query<Row>(sql[period.grain], [...span, caller ?? null, operation ?? null]);
  return rows;
}
