-- One row per call that reached the service, for statistics and to find a caller's case by its CallId.
-- Whom the call asked about is not kept: no personal number stands here. The number of a sole trader is a
-- personal number, therefore a sender is kept only when it is a registered one; the reference holds that rule.

create table request_log (
  call_id uuid primary key,
  received_at timestamptz not null,
  caller bigint,
  sender bigint references sender,
  duration_ms integer not null,
  id_count integer not null,
  error_code smallint not null,
  operation text not null,
  constraint request_log_counts check (duration_ms >= 0 and id_count >= 0 and error_code >= 0)
);

-- Rows arrive in order of time, so a block range index is a few kilobytes where a tree would be gigabytes.
create index request_log_received_at on request_log using brin (received_at);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger request_log_append_only
  before update or delete or truncate on request_log
  for each statement execute function refuse_change();
