-- Evidence for the conformance checklist that was missing.

-- Who has asked, with an answer, for which sender: a sender that lets another ask for it has no traffic of its own.
create table sender_asked (
  sender bigint not null references sender,
  caller bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (sender, caller)
);

-- When a caller last asked about several ids in one call. The most ids ever said nothing about when.
alter table caller_operation drop column ids_max;
alter table caller_operation add column several_at timestamptz;
update statistics_progress set requests_until = null;
