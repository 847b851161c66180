-- Statistics that answer at once however long the log is, and a log that can be given up without a line being changed.

-- The log in months (UTC). A line can still not be changed or removed; what retention may do is to drop a whole month
-- that has been counted, which costs the same for one line as for a hundred million and leaves no holes that the block
-- range index would suffer from. Inserting costs the routing only (measured: see docs/contract/conformance-checklist.md).
alter table request_log rename to request_log_whole;
alter table request_log_whole rename constraint request_log_pkey to request_log_whole_pkey;
alter table request_log_whole rename constraint request_log_counts to request_log_whole_counts;
alter table request_log_whole rename constraint request_log_sender_fkey to request_log_whole_sender_fkey;
drop index request_log_received_at;

create table request_log (
  call_id uuid not null,
  received_at timestamptz not null,
  caller bigint,
  sender bigint references sender,
  duration_ms integer not null,
  id_count integer not null,
  error_code smallint not null,
  operation text not null,
  primary key (call_id, received_at),
  constraint request_log_counts check (duration_ms >= 0 and id_count >= 0 and error_code >= 0)
) partition by range (received_at);

create index request_log_received_at on request_log using brin (received_at)
  with (autosummarize = on, pages_per_range = 32);
-- Refusals are few, and are what is looked up line by line: the latest, and the latest of one caller.
create index request_log_refused on request_log (received_at) where error_code <> 0;
create index request_log_caller_refused on request_log (caller, received_at) where error_code <> 0;

create trigger request_log_append_only
  before update or delete or truncate on request_log
  for each statement execute function refuse_change();

-- Makes room for a month. The table is made beside the log and attached, since that does not stop those who write.
-- A trigger for statements is not inherited: each month has its own.
create function create_request_log_month(month date) returns void language plpgsql as $$
declare
  name text := 'request_log_' || to_char(month, 'YYYY_MM');
  first_day timestamp := date_trunc('month', month);
begin
  if to_regclass(name) is not null then
    return;
  end if;
  -- Who comes second waits here until the first one's month is there, and then meets it.
  perform pg_advisory_xact_lock(hashtextextended('request_log_month.' || current_schema(), 0));
  execute format('create table %I (like request_log including all)', name);
  execute format(
    'create trigger request_log_append_only before update or delete or truncate on %I
     for each statement execute function refuse_change()', name);
  execute format('alter table request_log attach partition %I for values from (%L) to (%L)', name,
    first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
exception
  when duplicate_table then
    return;
end
$$;

-- The months there are, each by its first instant.
create function request_log_months() returns table (name text, starts_at timestamptz, ends_at timestamptz)
language sql stable as $$
  select relname::text, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC'
  from pg_inherits
  join pg_class on pg_class.oid = inhrelid
  cross join lateral (select to_date(right(relname, 7), 'YYYY_MM')::timestamp as first_day) as month
  where inhparent = 'request_log'::regclass
$$;

-- Hours in UTC. caller: 0 = none that we name. The last columns count the calls by how long they took, so that
-- percentiles can be told of any sum of rows; ms_3 counts those of 3 ms that ms_2 does not, and so on.
create table request_hour (
  hour timestamptz not null,
  caller bigint not null,
  ids bigint not null,
  calls integer not null,
  error_code smallint not null,
  operation text not null,
  ms_1 integer not null,
  ms_2 integer not null,
  ms_3 integer not null,
  ms_5 integer not null,
  ms_8 integer not null,
  ms_12 integer not null,
  ms_20 integer not null,
  ms_30 integer not null,
  ms_50 integer not null,
  ms_80 integer not null,
  ms_150 integer not null,
  ms_300 integer not null,
  ms_600 integer not null,
  ms_1200 integer not null,
  ms_3000 integer not null,
  ms_more integer not null,
  primary key (hour, caller, operation, error_code)
);

-- Days by the Swedish clock: 23, 24 or 25 of the hours above.
create table request_day (
  day date not null,
  caller bigint not null,
  ids bigint not null,
  calls integer not null,
  error_code smallint not null,
  operation text not null,
  ms_1 integer not null,
  ms_2 integer not null,
  ms_3 integer not null,
  ms_5 integer not null,
  ms_8 integer not null,
  ms_12 integer not null,
  ms_20 integer not null,
  ms_30 integer not null,
  ms_50 integer not null,
  ms_80 integer not null,
  ms_150 integer not null,
  ms_300 integer not null,
  ms_600 integer not null,
  ms_1200 integer not null,
  ms_3000 integer not null,
  ms_more integer not null,
  primary key (day, caller, operation, error_code)
);

-- What each caller has ever called, and how it ended: the evidence of the conformance checklist.
create table caller_operation (
  caller bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  ids_max integer not null,
  error_code smallint not null,
  operation text not null,
  primary key (caller, operation, error_code)
);

-- Mailboxes as they were counted, once a day by the Swedish clock. operator_id: 0 = the operator has left.
create table account_day (
  day date not null,
  counted_at timestamptz not null,
  active integer not null,
  pending integer not null,
  operator_id smallint not null,
  primary key (day, operator_id)
);

-- What was changed during a day. operator_id as above.
create table movement_day (
  day date not null,
  registered integer not null,
  moved_in integer not null,
  moved_out integer not null,
  deregistered integer not null,
  operator_id smallint not null,
  primary key (day, operator_id)
);

create index account_change_changed_at on account_change using brin (changed_at)
  with (autosummarize = on, pages_per_range = 32);

-- Up to when everything is counted and can change no more. One row, whose lock makes one node do the work at a time.
create table statistics_progress (
  requests_until timestamptz,
  movements_until date,
  counted_at timestamptz,
  is_only_row boolean primary key default true,
  constraint statistics_progress_one_row check (is_only_row)
);

insert into statistics_progress default values;

-- Gives up the months that end at or before the instant. A month that is not wholly counted stays, whoever asks.
create function drop_request_log_months(before timestamptz) returns setof text language plpgsql as $$
declare
  month record;
begin
  for month in
    select months.name from request_log_months() as months
    where months.ends_at <= least(before, (select coalesce(requests_until, '-infinity') from statistics_progress))
    order by months.starts_at
  loop
    execute format('drop table %I', month.name);
    return next month.name;
  end loop;
end
$$;

-- What was logged until now moves along.
select create_request_log_month(month::date)
from (select distinct date_trunc('month', received_at at time zone 'UTC') as month from request_log_whole) as months;

insert into request_log (call_id, received_at, caller, sender, duration_ms, id_count, error_code, operation)
select call_id, received_at, caller, sender, duration_ms, id_count, error_code, operation
from request_log_whole;

drop table request_log_whole;
