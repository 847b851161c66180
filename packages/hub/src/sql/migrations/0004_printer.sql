-- Printouts handed in through a system's printer (IPP), and what no rule could make a letter of.

-- See src/waysIn/printer/printJob.ts for what each state means.
create table print_job (
  organisation_id uuid not null,
  id uuid not null,
  -- the protocol's job-id
  number integer generated always as identity unique,
  business_system_id uuid not null,
  name text not null,
  user_name text not null,
  state text not null check (state in ('collecting', 'waiting', 'processing', 'completed', 'aborted', 'canceled')),
  created_at timestamptz not null default now(),
  -- the last document came then; a job that no more comes to is closed by itself
  touched_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  lease_until timestamptz,
  lease_id uuid,
  letters integer not null default 0,
  cases integer not null default 0,
  fault text,
  primary key (organisation_id, id),
  foreign key (organisation_id, business_system_id) references business_system,
  check ((state in ('completed', 'aborted', 'canceled')) = (ended_at is not null)),
  check ((state = 'processing') = (lease_until is not null))
);
create index print_job_due on print_job (created_at) where state in ('collecting', 'waiting', 'processing');
create index print_job_of_system on print_job (organisation_id, business_system_id, number desc);

create table print_document (
  organisation_id uuid not null,
  job_id uuid not null,
  position smallint not null,
  name text not null,
  hash bytea not null,
  plain_bytes integer not null,
  primary key (organisation_id, job_id, position),
  foreign key (organisation_id, job_id) references print_job,
  foreign key (organisation_id, hash) references content
);

-- What was handed in and is neither refused nor a letter: a person finds out what it should be.
create table hand_in_case (
  organisation_id uuid not null,
  id uuid not null,
  business_system_id uuid not null,
  flow_id uuid not null,
  way_in text not null check (way_in in ('printer', 'dropFolder', 'invoices', 'forms')),
  -- the key under which the letter is handed in, so that no page becomes two letters however often the work is done again
  key text not null,
  reason text not null check (reason in ('noRecipient', 'invalidRecipient', 'severalRecipients', 'refused')),
  -- what was read, and the faults of intake
  detail jsonb not null,
  filename text not null,
  hash bytea not null,
  opened_at timestamptz not null default clock_timestamp(),
  deadline timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  resolution text check (resolution in ('handedIn', 'discarded')),
  letter_id uuid,
  primary key (organisation_id, id),
  unique (organisation_id, business_system_id, key),
  foreign key (organisation_id, business_system_id) references business_system,
  foreign key (organisation_id, flow_id) references flow,
  foreign key (organisation_id, hash) references content,
  foreign key (organisation_id, letter_id) references letter,
  check ((closed_at is null) = (resolution is null)),
  check ((resolution = 'handedIn') = (letter_id is not null) or resolution is null)
);
create index hand_in_case_queue on hand_in_case (organisation_id, deadline) where closed_at is null;
