-- A delivered letter may be followed up: was it opened by its flow's deadline? It is delivered all the same while it waits for that.
alter table letter drop constraint letter_stage_check;
alter table letter add constraint letter_stage_check
  check (stage in ('resolve', 'compose', 'seal', 'deliver', 'confirm', 'followUp'));
alter table letter drop constraint letter_check;
alter table letter add constraint letter_check
  check (case when stage = 'followUp' then state = 'delivered' else (state in ('waiting', 'unknown')) = (stage is not null) end);

alter table flow add column unread_days integer check (unread_days between 1 and 365);
alter table flow add column unread_action text not null default 'nothing' check (unread_action in ('print', 'nothing'));
alter table flow add column unread_untold text not null default 'nothing' check (unread_untold in ('case', 'nothing'));

-- What the check for silent ends found last (sql/noSilentEnd.ts), one row an organisation.
create table end_check (
  organisation_id uuid primary key references organisation (id),
  checked_at timestamptz not null,
  findings jsonb not null
);
