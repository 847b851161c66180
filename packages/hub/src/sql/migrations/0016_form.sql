-- Form messages that a portal hands in for a receiver of ours, and their way to that receiver.

-- See src/waysIn/forms/formStates.ts for what each state means.
create table form_message (
  organisation_id uuid not null,
  id uuid not null,
  -- the portal that handed it in, and the system that it is for
  business_system_id uuid not null,
  receiver_id uuid not null,
  product text not null,
  product_name text not null,
  -- the portal's own: the same one again is the same message
  transaction_id text not null,
  correlation_id text,
  sender text,
  subject text,
  sent_at timestamptz,
  is_test boolean not null,
  request_hash bytea not null,
  -- what the configuration wants shown first, read from the form
  fields jsonb not null,
  state text not null check (state in ('received', 'handedOver', 'acknowledged', 'failed', 'settled')),
  received_at timestamptz not null default now(),
  due_at timestamptz,
  attempts integer not null default 0,
  lease_id uuid,
  lease_node text,
  acknowledged_at timestamptz,
  case_reference text,
  failure text,
  deadline timestamptz,
  ended_by text,
  note text,
  erase_at timestamptz not null,
  erased_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, business_system_id, transaction_id),
  foreign key (organisation_id, business_system_id) references business_system,
  foreign key (organisation_id, receiver_id) references business_system,
  check ((state = 'received') = (due_at is not null)),
  check ((state = 'failed') = (deadline is not null)),
  check (state <> 'failed' or failure is not null)
);
create index form_message_due on form_message (due_at) where state = 'received';
create index form_message_erase on form_message (erase_at) where erased_at is null;
create index form_message_list on form_message (organisation_id, id desc);
create index form_message_open on form_message (organisation_id, receiver_id, id) where state in ('received', 'failed');
create index form_message_transaction on form_message (organisation_id, transaction_id);

create table form_part (
  organisation_id uuid not null,
  message_id uuid not null,
  position smallint not null,
  kind text not null check (kind in ('label', 'form', 'attachment')),
  filename text not null,
  content_type text not null,
  hash bytea not null,
  plain_bytes integer not null,
  primary key (organisation_id, message_id, position),
  foreign key (organisation_id, message_id) references form_message,
  foreign key (organisation_id, hash) references content
);
create index form_part_content on form_part (organisation_id, hash);

create table form_event (
  organisation_id uuid not null,
  message_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  actor text not null,
  detail jsonb not null default '{}',
  primary key (organisation_id, message_id, id),
  foreign key (organisation_id, message_id) references form_message
);
create trigger form_event_append_only before update or delete on form_event for each row execute function refuse_change();

-- The form that a letter answers.
alter table letter add column form_message_id uuid;
alter table letter add foreign key (organisation_id, form_message_id) references form_message;
create index letter_of_form on letter (organisation_id, form_message_id) where form_message_id is not null;
