-- Mailings: content once, recipients many; nothing leaves before the commit, and a cancelled one leaves nothing behind.

-- See src/mailing/mailing.ts for what each state means.
create table mailing (
  organisation_id uuid not null references organisation,
  id uuid not null,
  business_system_id uuid not null,
  flow_id uuid not null,
  name text not null check (length(name) between 1 and 255),
  state text not null check (state in ('filling', 'awaitingApproval', 'committed', 'cancelled')),
  -- the system's own key for the creation, and what it stood for
  key text not null,
  request_hash bytea not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- who may not approve it: the subject of the person who made it, where a person did
  created_by_subject text,

  subject text not null,
  language text not null,
  body_content_type text not null,
  -- null when cancelled: then nothing is left of the content
  body_hash bytea,
  -- of a letter with a reference of so many bytes: base + per_reference + per_byte × bytes
  envelope_base_bytes integer not null,
  envelope_reference_bytes integer not null,
  envelope_per_byte smallint not null,

  not_before timestamptz,
  expires_at timestamptz,
  -- in place of the flow's own policy
  channel_policy text check (channel_policy in ('digitalFirst', 'digitalOnly', 'paperOnly')),

  recipients integer,
  -- of the sorted recipients: tells whether the same list was sent before
  list_hash bytea,
  commit_asked_at timestamptz,
  approved_by text,
  approved_at timestamptz,
  committed_at timestamptz,
  cancelled_at timestamptz,
  primary key (organisation_id, id),
  unique (organisation_id, business_system_id, key),
  foreign key (organisation_id, business_system_id) references business_system,
  foreign key (organisation_id, flow_id) references flow,
  foreign key (organisation_id, body_hash) references content,
  check ((state = 'cancelled') = (cancelled_at is not null)),
  check ((state = 'committed') = (committed_at is not null)),
  check (state = 'cancelled' or body_hash is not null),
  check (expires_at is null or not_before is null or expires_at > not_before)
);
create index mailing_newest on mailing (organisation_id, created_at desc, id desc);
create index mailing_list on mailing (organisation_id, list_hash) where state = 'committed';
create index mailing_body on mailing (organisation_id, body_hash);

-- What every recipient gets.
create table mailing_attachment (
  organisation_id uuid not null,
  mailing_id uuid not null,
  position smallint not null,
  filename text not null,
  content_type text not null,
  hash bytea not null,
  plain_bytes integer not null,
  pages integer not null,
  primary key (organisation_id, mailing_id, position),
  foreign key (organisation_id, mailing_id) references mailing,
  foreign key (organisation_id, hash) references content
);
create index mailing_attachment_content on mailing_attachment (organisation_id, hash);

-- Letters to be, until the commit makes them letters with the same ids.
create table mailing_recipient (
  organisation_id uuid not null,
  mailing_id uuid not null,
  id uuid not null,
  recipient text not null,
  reference text,
  address jsonb,
  protected_identity boolean not null default false,
  envelope_bytes integer not null,
  -- the letter's own, in place of the mailing's
  subject text,
  body_content_type text,
  body_hash bytea,
  primary key (organisation_id, mailing_id, id),
  foreign key (organisation_id, mailing_id) references mailing,
  foreign key (organisation_id, body_hash) references content,
  check ((body_content_type is null) = (body_hash is null))
);
create unique index mailing_recipient_once on mailing_recipient (organisation_id, mailing_id, recipient, coalesce(reference, ''));
create index mailing_recipient_body on mailing_recipient (organisation_id, body_hash) where body_hash is not null;

-- A letter's own attachments, before those that all get.
create table mailing_recipient_attachment (
  organisation_id uuid not null,
  mailing_id uuid not null,
  recipient_id uuid not null,
  position smallint not null,
  filename text not null,
  content_type text not null,
  hash bytea not null,
  plain_bytes integer not null,
  pages integer not null,
  primary key (organisation_id, mailing_id, recipient_id, position),
  foreign key (organisation_id, mailing_id, recipient_id) references mailing_recipient on delete cascade,
  foreign key (organisation_id, hash) references content
);
create index mailing_recipient_attachment_content on mailing_recipient_attachment (organisation_id, hash);

-- A bunch of recipients that was handed in under a key, with its answer.
create table mailing_batch (
  organisation_id uuid not null,
  mailing_id uuid not null,
  key text not null,
  request_hash bytea not null,
  answer jsonb not null,
  primary key (organisation_id, mailing_id, key),
  foreign key (organisation_id, mailing_id) references mailing
);

-- Append-only: who did what with a mailing.
create table mailing_event (
  organisation_id uuid not null,
  mailing_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  actor text not null,
  detail jsonb not null default '{}',
  primary key (organisation_id, mailing_id, id),
  foreign key (organisation_id, mailing_id) references mailing
);
create trigger mailing_event_append_only before update or delete on mailing_event for each row execute function refuse_change();

alter table letter
  add column mailing_id uuid,
  -- not sent later than this: what has not left by then expires
  add column expires_at timestamptz,
  -- the mailing's, in place of the flow's
  add column channel_policy text check (channel_policy in ('digitalFirst', 'digitalOnly', 'paperOnly')),
  add foreign key (organisation_id, mailing_id) references mailing;
create index letter_mailing on letter (organisation_id, mailing_id, state) where mailing_id is not null;
-- By content, so that content can be erased without reading every letter.
create index letter_body on letter (organisation_id, body_hash);
create index attachment_content on attachment (organisation_id, hash);
