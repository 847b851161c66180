-- What systems hand in as files: deliveries that a node works on or has ended, and the letters of large ones.

-- See src/waysIn/dropFolder/dropFolderWorker.ts for how a delivery goes from folder to folder.
create table file_delivery (
  organisation_id uuid not null,
  id uuid not null,
  business_system_id uuid not null,
  -- of the file that stands for it
  name text not null,
  kind text not null check (kind in ('archive', 'index', 'pair', 'stray')),
  state text not null check (state in ('working', 'done', 'failed')),
  claimed_at timestamptz not null default now(),
  -- all of its files lie in our folder; before that it is given back when its node dies
  is_taken boolean not null default false,
  attempts integer not null default 1,
  ended_at timestamptz,
  lease_until timestamptz,
  lease_id uuid,
  lease_node text,
  accepted integer not null default 0,
  duplicates integer not null default 0,
  refused integer not null default 0,
  primary key (organisation_id, id),
  foreign key (organisation_id, business_system_id) references business_system,
  check ((state = 'working') = (ended_at is null)),
  check ((state = 'working') = (lease_until is not null))
);
-- Two nodes see the same file: one of them takes it.
create unique index file_delivery_once on file_delivery (organisation_id, business_system_id, name) where state = 'working';
create index file_delivery_due on file_delivery (lease_until) where state = 'working';
create index file_delivery_of_system on file_delivery (organisation_id, business_system_id, claimed_at desc);

-- Which letter came of which row of a large delivery, so that the same row in another file is known again.
create table file_letter (
  organisation_id uuid not null,
  business_system_id uuid not null,
  -- the idempotency key, of all that the letter says
  key text not null,
  delivery_id uuid not null,
  letter_id uuid not null,
  primary key (organisation_id, business_system_id, key),
  foreign key (organisation_id, delivery_id) references file_delivery
);
create index file_letter_of_delivery on file_letter (organisation_id, delivery_id);
