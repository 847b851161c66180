-- The mediation service's own schema. organisation_id leads every key: organisations never share rows, so that a
-- second database cluster is configuration (design 9).

create table organisation (
  id uuid primary key,
  organization_number text not null unique check (organization_number ~ '^16[0-9]{10}$'),
  name text not null check (length(name) between 2 and 256),
  return_address jsonb not null,
  support jsonb not null,
  created_at timestamptz not null default now()
);

create table unit (
  organisation_id uuid not null references organisation,
  id uuid not null,
  code text not null,
  name text not null,
  primary key (organisation_id, id),
  unique (organisation_id, code)
);

create table business_system (
  organisation_id uuid not null references organisation,
  id uuid not null,
  name text not null,
  -- SHA-256 of the API key; the key itself is shown once, at creation, and never stored.
  api_key_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz,
  primary key (organisation_id, id)
);

create table flow (
  organisation_id uuid not null references organisation,
  id uuid not null,
  unit_id uuid not null,
  code text not null,
  name text not null,
  channel_policy text not null check (channel_policy in ('digitalFirst', 'digitalOnly', 'paperOnly')),
  -- hours that a letter may be tried digitally before the switch gives digital up
  digital_hours integer not null default 48 check (digital_hours between 1 and 720),
  case_hours integer not null default 48 check (case_hours between 1 and 720),
  postage_class text not null default 'economy' check (postage_class in ('economy', 'priority')),
  primary key (organisation_id, id),
  unique (organisation_id, code),
  foreign key (organisation_id, unit_id) references unit
);

-- Content once per hash. bytes is ciphertext (AES-256-GCM); external storage keeps TOAST from trying to compress it.
create table content (
  organisation_id uuid not null references organisation,
  hash bytea not null check (length(hash) = 32),
  content_type text not null,
  plain_bytes integer not null,
  bytes bytea not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, hash)
);
alter table content alter column bytes set storage external;

create table letter (
  organisation_id uuid not null references organisation,
  id uuid not null,
  business_system_id uuid not null,
  flow_id uuid not null,
  recipient text not null,
  subject text not null,
  language text not null,
  reference text,
  address jsonb,
  protected_identity boolean not null default false,
  body_content_type text not null,
  body_hash bytea not null,
  envelope_bytes integer not null,
  created_at timestamptz not null default now(),

  -- where the letter is; see src/states.ts for what each state means
  state text not null check (state in ('waiting', 'unknown', 'case', 'delivered', 'printed', 'cancelled')),
  stage text check (stage in ('resolve', 'compose', 'seal', 'deliver', 'confirm')),
  channel text check (channel in ('digital', 'paper')),
  lane smallint not null,
  -- when the letter may next be taken; a claim moves it past the lease, so a dead node's letters fall due again by themselves
  due_at timestamptz not null default now(),
  lease_id uuid,
  lease_node text,
  attempts integer not null default 0,
  stage_entered_at timestamptz not null default now(),

  -- what the switch must remember between two decisions
  digital_failure text,
  lookups integer not null default 0,
  supplier jsonb,
  paper_ordered boolean not null default false,
  print_hash bytea,
  print_facts jsonb,
  updated_at timestamptz not null default now(),

  primary key (organisation_id, id),
  foreign key (organisation_id, business_system_id) references business_system,
  foreign key (organisation_id, flow_id) references flow,
  foreign key (organisation_id, body_hash) references content,
  -- open letters have a stage; a letter for a person or at rest has none
  check ((state in ('waiting', 'unknown')) = (stage is not null))
);
create index letter_due on letter (stage, lane, due_at) where stage is not null;
create index letter_leased on letter (lease_node) where lease_node is not null;
create index letter_newest on letter (organisation_id, created_at desc, id desc);
create index letter_state on letter (organisation_id, state, created_at desc, id desc);
create index letter_recipient on letter (organisation_id, recipient, created_at desc);
create index letter_reference on letter (organisation_id, reference) where reference is not null;

create table attachment (
  organisation_id uuid not null,
  letter_id uuid not null,
  position smallint not null,
  filename text not null,
  content_type text not null,
  hash bytea not null,
  plain_bytes integer not null,
  pages integer not null,
  primary key (organisation_id, letter_id, position),
  foreign key (organisation_id, letter_id) references letter,
  foreign key (organisation_id, hash) references content
);

-- Append-only: what happened, in order. detail never holds content or a personal number.
create table letter_event (
  organisation_id uuid not null,
  letter_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  actor text not null,
  detail jsonb not null default '{}',
  primary key (organisation_id, letter_id, id),
  foreign key (organisation_id, letter_id) references letter
);

create table decision (
  organisation_id uuid not null,
  letter_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  question jsonb not null,
  answer jsonb not null,
  rule text not null,
  channel text not null,
  reason text not null,
  tried jsonb not null,
  primary key (organisation_id, letter_id, id),
  foreign key (organisation_id, letter_id) references letter
);

-- The exact request that goes to the operator, byte for byte, encrypted; the same bytes are sent again after an unknown outcome.
create table sealed_delivery (
  organisation_id uuid not null,
  letter_id uuid not null,
  id uuid not null,
  sealed_at timestamptz not null default clock_timestamp(),
  supplier jsonb not null,
  sha256 bytea not null,
  bytes bytea not null,
  primary key (organisation_id, letter_id, id),
  foreign key (organisation_id, letter_id) references letter
);
alter table sealed_delivery alter column bytes set storage external;

create table receipt (
  organisation_id uuid not null,
  letter_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  channel text not null,
  delivered boolean not null,
  proof jsonb not null,
  primary key (organisation_id, letter_id, id),
  foreign key (organisation_id, letter_id) references letter
);

create table manual_case (
  organisation_id uuid not null,
  id uuid not null,
  letter_id uuid not null,
  opened_at timestamptz not null default clock_timestamp(),
  reason text not null,
  detail jsonb not null default '{}',
  stage text not null,
  owner text not null,
  next_action text not null,
  deadline timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  resolution text check (resolution in ('sentOnPaper', 'triedAgain', 'cancelled')),
  primary key (organisation_id, id),
  foreign key (organisation_id, letter_id) references letter,
  check ((closed_at is null) = (resolution is null))
);
-- a letter has at most one open case
create unique index manual_case_open on manual_case (organisation_id, letter_id) where closed_at is null;
create index manual_case_queue on manual_case (organisation_id, deadline) where closed_at is null;

create table idempotency (
  organisation_id uuid not null,
  business_system_id uuid not null,
  key text not null,
  request_hash bytea not null,
  letter_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, business_system_id, key),
  foreign key (organisation_id, letter_id) references letter
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger letter_event_append_only before update or delete on letter_event for each row execute function refuse_change();
create trigger decision_append_only before update or delete on decision for each row execute function refuse_change();
create trigger receipt_append_only before update or delete on receipt for each row execute function refuse_change();
