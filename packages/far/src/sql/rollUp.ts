import type { Queryable } from '@brevduva/base';
import { COUNT_DURATIONS_SQL, DURATION_COLUMNS } from './durationColumns.ts';

export interface StatisticsProgress {
  /** Every line of the log before this instant is counted for good; null before the first count. */
  requestsUntil: Date | null;
  /** The last day whose movements are counted for good. */
  movementsUntil: string | null;
}

/** Takes the work for this transaction; undefined while another node has it. */
export async function lockProgress(db: Queryable): Promise<StatisticsProgress | undefined> {
  const { rows } = await db.query<StatisticsProgress>(
    `select requests_until as "requestsUntil", movements_until as "movementsUntil"
     from statistics_progress
     for update skip locked`,
  );
  return rows[0];
}

export async function updateProgress(
  db: Queryable,
  { requestsUntil, movementsUntil, countedAt }: { requestsUntil?: Date; movementsUntil?: string; countedAt: Date },
): Promise<void> {
  await db.query(
    `update statistics_progress
     set requests_until = coalesce($1, requests_until), movements_until = coalesce($2::date, movements_until),
       counted_at = greatest(counted_at, $3)`,
    [requestsUntil?.toISOString() ?? null, movementsUntil ?? null, countedAt.toISOString()],
  );
}

/** When something was last counted, and up to when for good. */
export async function selectProgress(db: Queryable): Promise<{ countedAt: Date | null; requestsUntil: Date | null }> {
  const { rows } = await db.query<{ countedAt: Date | null; requestsUntil: Date | null }>(
    `select counted_at as "countedAt", requests_until as "requestsUntil" from statistics_progress`,
  );
  return rows[0] ?? { countedAt: null, requestsUntil: null };
}

/** The first instant that the log has room for; null when it has none. */
export async function selectLogStart(db: Queryable): Promise<Date | null> {
  const { rows } = await db.query<{ startsAt: Date | null }>(
    'select min(starts_at) as "startsAt" from request_log_months()',
  );
  return rows[0]?.startsAt ?? null;
}

const COPY_DURATIONS = DURATION_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ');
const SUM_DURATIONS = DURATION_COLUMNS.map((column) => `sum(${column})`).join(', ');

/** Stands for the sum over all callers in request_hour and request_day. 0 stands for none that we name. */
export const ALL_CALLERS = -1;

/**
 * Counts the log of whole hours anew and writes what differs. Lines are never changed or removed, so counting twice
 * gives the same, and a count that comes later is the larger one.
 */
export async function countHours(db: Queryable, from: Date, to: Date): Promise<void> {
  await db.query(
    `insert into request_hour (hour, caller, operation, error_code, calls, ids, ${DURATION_COLUMNS.join(', ')})
     select hour, case when grouping(caller) = 1 then ${ALL_CALLERS} else caller end, operation, error_code,
       count(*), sum(id_count), ${COUNT_DURATIONS_SQL}
     from (
       select date_trunc('hour', received_at, 'UTC') as hour, coalesce(caller, 0) as caller, operation, error_code, id_count,
         duration_ms
       from request_log
       where received_at >= $1 and received_at < $2
     ) as lines
     group by grouping sets ((hour, caller, operation, error_code), (hour, operation, error_code))
     on conflict (hour, caller, operation, error_code) do update
     set calls = excluded.calls, ids = excluded.ids, ${COPY_DURATIONS}
     where request_hour.calls <> excluded.calls`,
    [from.toISOString(), to.toISOString()],
  );
}

/** Adds up the days that the hours belong to, each from all its hours. */
export async function countDays(db: Queryable, from: Date, to: Date): Promise<void> {
  await db.query(
    `insert into request_day (day, caller, operation, error_code, calls, ids, ${DURATION_COLUMNS.join(', ')})
     select (hour at time zone 'Europe/Stockholm')::date, caller, operation, error_code, sum(calls), sum(ids),
       ${SUM_DURATIONS}
     from request_hour
     where hour >= date_trunc('day', $1::timestamptz, 'Europe/Stockholm')
       and hour < (date_trunc('day', $2::timestamptz - interval '1 microsecond', 'Europe/Stockholm')
         at time zone 'Europe/Stockholm' + interval '1 day') at time zone 'Europe/Stockholm'
     group by 1, 2, 3, 4
     on conflict (day, caller, operation, error_code) do update
     set calls = excluded.calls, ids = excluded.ids, ${COPY_DURATIONS}
     where request_day.calls <> excluded.calls`,
    [from.toISOString(), to.toISOString()],
  );
}

/** Notes what callers have called, and how it ended. */
export async function noteCallers(db: Queryable, from: Date, to: Date): Promise<void> {
  await db.query(
    `insert into caller_operation (caller, operation, error_code, first_at, last_at, several_at)
     select caller, operation, error_code, min(received_at), max(received_at),
       max(received_at) filter (where id_count > 1)
     from request_log
     where received_at >= $1 and received_at < $2 and caller is not null
     group by caller, operation, error_code
     on conflict (caller, operation, error_code) do update
     set first_at = least(caller_operation.first_at, excluded.first_at),
       last_at = greatest(caller_operation.last_at, excluded.last_at),
       several_at = greatest(caller_operation.several_at, excluded.several_at)
     where caller_operation.last_at < excluded.last_at or caller_operation.first_at > excluded.first_at
       or coalesce(caller_operation.several_at, '-infinity') < excluded.several_at`,
    [from.toISOString(), to.toISOString()],
  );
}

/** Notes who was answered when asking for which sender. */
export async function noteSenders(db: Queryable, from: Date, to: Date): Promise<void> {
  await db.query(
    `insert into sender_asked (sender, caller, first_at, last_at)
     select sender, caller, min(received_at), max(received_at)
     from request_log
     where received_at >= $1 and received_at < $2 and sender is not null and caller is not null and error_code = 0
     group by sender, caller
     on conflict (sender, caller) do update
     set first_at = least(sender_asked.first_at, excluded.first_at),
       last_at = greatest(sender_asked.last_at, excluded.last_at)
     where sender_asked.last_at < excluded.last_at or sender_asked.first_at > excluded.first_at`,
    [from.toISOString(), to.toISOString()],
  );
}

export async function deleteHours(db: Queryable, before: Date): Promise<void> {
  await db.query('delete from request_hour where hour < $1', [before.toISOString()]);
}
