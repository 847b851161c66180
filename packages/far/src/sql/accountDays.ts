import type { Queryable } from '@brevduva/base';

/** Whether the mailboxes of the day are counted. */
export async function isDayCounted(db: Queryable, day: string): Promise<boolean> {
  const { rows } = await db.query<{ counted: boolean }>(
    'select exists (select from account_day where day = $1 and operator_id = 0) as counted',
    [day],
  );
  return rows[0]?.counted ?? false;
}

/** Counts every mailbox: about a second for 15 million. A day that is counted already stays as it was. */
export async function countAccountDay(db: Queryable, day: string, countedAt: Date): Promise<void> {
  await db.query(
    `with counted as (
       select coalesce(operator_id, 0) as operator_id, count(*) filter (where not pending) as active,
         count(*) filter (where pending) as pending
       from account
       where account_type <> 'N'
       group by 1
     )
     insert into account_day (day, operator_id, active, pending, counted_at)
     select $1::date, everyone.id, coalesce(active, 0), coalesce(pending, 0), $2::timestamptz
     from (select id from operator union all select 0) as everyone
     left join counted on counted.operator_id = everyone.id
     on conflict do nothing`,
    [day, countedAt.toISOString()],
  );
}

/** The first day on which an account was changed; null when none ever was. */
export async function selectFirstChangeDay(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ day: string | null }>(
    `select (min(changed_at) at time zone 'Europe/Stockholm')::date as day from account_change`,
  );
  return rows[0]?.day ?? null;
}

/** Counts what happened during the days (both included) anew, and writes what differs. */
export async function countMovements(db: Queryable, first: string, last: string): Promise<void> {
  await db.query(
    `insert into movement_day (day, operator_id, registered, moved_in, moved_out, deregistered)
     select (changed_at at time zone 'Europe/Stockholm')::date, coalesce(moved.operator_id, 0),
       count(*) filter (where moved.what = 'registered'), count(*) filter (where moved.what = 'in'),
       count(*) filter (where moved.what = 'out'), count(*) filter (where moved.what = 'deregistered')
     from account_change
     cross join lateral (
       select operator_after, 'registered' where kind = 'C'
       union all select operator_after, 'in' where kind = 'S'
       union all select operator_before, 'out' where kind = 'S'
       union all select operator_before, 'deregistered' where kind = 'D'
     ) as moved (operator_id, what)
     where changed_at >= $1::date::timestamp at time zone 'Europe/Stockholm'
       and changed_at < ($2::date + 1)::timestamp at time zone 'Europe/Stockholm'
     group by 1, 2
     on conflict (day, operator_id) do update
     set registered = excluded.registered, moved_in = excluded.moved_in, moved_out = excluded.moved_out,
       deregistered = excluded.deregistered
     where (movement_day.registered, movement_day.moved_in, movement_day.moved_out, movement_day.deregistered)
       is distinct from (excluded.registered, excluded.moved_in, excluded.moved_out, excluded.deregistered)`,
    [first, last],
  );
}
