-- All three operations of Service v3, and a copy of the register owner's lists that keeps itself up to date.

-- When the copy (sender, dispatcher, dispatcher_sender) was last brought up to date. One row.
create table authority_copy (
  one boolean primary key default true check (one),
  -- Counts the questions to the register. An answer to an older question than the one applied changes nothing.
  asked bigint not null default 0,
  applied bigint not null default 0,
  asked_at timestamptz,
  refreshed_at timestamptz
);
insert into authority_copy default values;

-- One notify: the same words for up to a thousand mailboxes. Each mailbox has its own row in letter.
create table notice (
  -- The TransId of the answer.
  id uuid primary key,
  -- sha256 over all that was said. Not unique: the same words may be said again after a while.
  duplicate_key bytea not null check (octet_length(duplicate_key) = 32),
  received_at timestamptz not null,
  caller_number text not null,
  -- The request as it came. It names all recipients, and is therefore nobody's own.
  key_id text not null,
  encrypted bytea not null
);
create index notice_duplicate on notice (duplicate_key, received_at desc);

-- One deliverForward: a letter that somebody passes on, with words of her own.
create table forward (
  -- The TransId of the answer.
  id uuid primary key,
  duplicate_key bytea not null unique check (octet_length(duplicate_key) = 32),
  received_at timestamptz not null,
  caller_number text not null,
  forwarder_id text not null,
  forwarder_name text not null,
  subject text not null,
  content_type text not null,
  key_id text not null,
  encrypted bytea not null
);

-- What a letter is: notice_id → a notice, forward_id → a forwarded letter, neither → a letter.
alter table letter add column notice_id uuid references notice;
alter table letter add column forward_id uuid references forward;
create index letter_notice on letter (notice_id) where notice_id is not null;
create index letter_forward on letter (forward_id) where forward_id is not null;

-- The contract has no signature for a notice (FACTS b.7).
alter table letter alter column signed_by_number drop not null;
alter table letter alter column signed_by_name drop not null;
alter table letter alter column sealed_by_number drop not null;
alter table letter alter column sealed_by_name drop not null;
alter table letter alter column seal_received_time drop not null;
alter table letter add constraint letter_kind_check check (notice_id is null or forward_id is null);
alter table letter add constraint letter_signature_check check (
  num_nonnulls(signed_by_number, signed_by_name, sealed_by_number, sealed_by_name, seal_received_time)
    = case when notice_id is null then 5 else 0 end);
