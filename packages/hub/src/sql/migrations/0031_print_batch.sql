-- Print shops, the batches that they get, and what they tell back. src/printShop/printShop.ts says what the states mean.
create table print_shop (
  organisation_id uuid not null references organisation,
  code text not null,
  name text not null,
  settings jsonb not null,
  is_active boolean not null default true,
  primary key (organisation_id, code)
);
alter table flow add column print_shop_code text;
alter table flow add foreign key (organisation_id, print_shop_code) references print_shop;

-- The shop's code is no foreign key: an organisation without print shops has the folder.
create table print_batch (
  organisation_id uuid not null references organisation,
  id uuid not null,
  shop_code text not null,
  sort_key text not null,
  state text not null check (state in ('closed', 'handedOver', 'acknowledged', 'ended')),
  promise text not null check (promise in ('none', 'acknowledged', 'posted')),
  letters integer not null check (letters > 0),
  sheets integer not null,
  made_at timestamptz not null default clock_timestamp(),
  due_at timestamptz,
  attempts integer not null default 0,
  fault text,
  lease_id uuid,
  lease_node text,
  handed_over_at timestamptz,
  manifest_hash bytea check (length(manifest_hash) = 32),
  acknowledge_by timestamptz,
  produce_by timestamptz,
  post_by timestamptz,
  acknowledged_at timestamptz,
  ended_at timestamptz,
  primary key (organisation_id, id),
  check ((state = 'closed') = (due_at is not null)),
  check ((state = 'closed') = (handed_over_at is null)),
  check ((state = 'ended') = (ended_at is not null))
);
create index print_batch_due on print_batch (due_at) where state = 'closed';
create index print_batch_open on print_batch (handed_over_at) where state in ('handedOver', 'acknowledged');
create index print_batch_list on print_batch (organisation_id, id desc);

-- A letter's order at a print shop: waits for a cut-off, then belongs to a batch. Its id stays when the letter is printed again.
create table print_batch_letter (
  organisation_id uuid not null,
  id uuid not null,
  letter_id uuid not null,
  shop_code text not null,
  sort_key text not null,
  state text not null default 'waiting' check (state in ('waiting', 'batched', 'produced', 'posted', 'rejected', 'withdrawn')),
  -- the cut-off that takes it along
  due_at timestamptz not null,
  batch_id uuid,
  position integer,
  print_hash bytea not null check (length(print_hash) = 32),
  facts jsonb not null,
  ordered_at timestamptz not null default clock_timestamp(),
  produced_at timestamptz,
  posted_at timestamptz,
  rejected_at timestamptz,
  reject_reason text,
  -- false: something has come that its letter waits for
  is_told boolean not null default true,
  primary key (organisation_id, id),
  foreign key (organisation_id, letter_id) references letter,
  foreign key (organisation_id, batch_id) references print_batch,
  check ((state = 'waiting') = (batch_id is null) or state = 'withdrawn'),
  check ((batch_id is null) = (position is null)),
  check ((state = 'rejected') = (rejected_at is not null))
);
create unique index print_batch_letter_live on print_batch_letter (organisation_id, letter_id) where state not in ('rejected', 'withdrawn');
create index print_batch_letter_of_letter on print_batch_letter (organisation_id, letter_id, ordered_at desc);
create unique index print_batch_letter_place on print_batch_letter (organisation_id, batch_id, position) where batch_id is not null;
create index print_batch_letter_waiting on print_batch_letter (organisation_id, shop_code, sort_key, due_at) where state = 'waiting';
create index print_batch_letter_untold on print_batch_letter (organisation_id, id) where not is_told;

-- Files of receipts that have been read: the same file again says nothing new.
create table print_receipt_file (
  organisation_id uuid not null references organisation,
  shop_code text not null,
  sha256 bytea not null check (length(sha256) = 32),
  name text not null,
  read_at timestamptz not null default clock_timestamp(),
  receipts integer not null,
  changed integer not null,
  unknown integer not null,
  fault text,
  primary key (organisation_id, shop_code, sha256)
);
create index print_receipt_file_latest on print_receipt_file (organisation_id, read_at desc);

-- What a person must look into with a print shop: about a batch or the shop, not about one letter.
create table print_case (
  organisation_id uuid not null references organisation,
  id uuid not null,
  shop_code text not null,
  batch_id uuid,
  reason text not null check (reason in ('printShopDown', 'notAcknowledged', 'notProduced', 'notPosted', 'unknownLetter', 'unreadableReceipt')),
  -- one open case for each
  key text not null,
  detail jsonb not null default '{}',
  opened_at timestamptz not null default clock_timestamp(),
  deadline timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  resolution text check (resolution in ('settled', 'handedOverAgain', 'passed')),
  note text,
  primary key (organisation_id, id),
  foreign key (organisation_id, batch_id) references print_batch,
  check ((closed_at is null) = (resolution is null))
);
create unique index print_case_open on print_case (organisation_id, key) where closed_at is null;
create index print_case_queue on print_case (organisation_id, deadline) where closed_at is null;
create index print_case_of_batch on print_case (organisation_id, batch_id, opened_at) where batch_id is not null;
