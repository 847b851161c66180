-- One mailbox operator: who may send to it, whose mailboxes it keeps, and the letters in them.
-- Each operator is a legal party with a schema of its own, so no row carries an operator.

create table sender (
  organization_number text primary key check (organization_number ~ '^[0-9]{12}$'),
  name text not null,
  refreshed_at timestamptz not null
);

create table dispatcher (
  organization_number text primary key check (organization_number ~ '^16[0-9]{10}$'),
  name text not null,
  refreshed_at timestamptz not null
);

-- Which senders a dispatcher may deliver for (Dispatcher/Senders of the contract).
create table dispatcher_sender (
  dispatcher_number text not null references dispatcher on delete cascade,
  sender_number text not null,
  primary key (dispatcher_number, sender_number)
);

create table account (
  id uuid primary key,
  recipient_id text not null unique check (recipient_id ~ '^[0-9]{12}$'),
  state text not null check (state in ('pending', 'active', 'closed')),
  opened_at timestamptz not null,
  closed_at timestamptz,
  check ((state = 'closed') = (closed_at is not null))
);

create table letter (
  -- The TransId of the answer. web_id is another, random one: what a dispatcher knows opens no page.
  id uuid primary key,
  web_id text not null unique,
  account_id uuid not null references account,
  -- sha256 over sender, inner digest and recipient: the same letter handed in again meets this constraint.
  duplicate_key bytea not null unique check (octet_length(duplicate_key) = 32),
  received_at timestamptz not null,
  read_at timestamptz,
  sender_id text not null,
  sender_name text not null,
  sender_attention text,
  attention text,
  message_id text not null,
  reference text,
  correlation_id text,
  subject text not null,
  language text not null,
  support_text text not null,
  support_url text,
  support_phone text,
  support_email text,
  signed_by_number text not null,
  signed_by_name text not null,
  sealed_by_number text not null,
  sealed_by_name text not null,
  seal_received_time text not null,
  -- sha256 of the request as it came, before encryption.
  sealed_hash bytea not null check (octet_length(sealed_hash) = 32)
);

create index letter_inbox on letter (account_id, received_at desc, id desc);
create index letter_unread on letter (account_id) where read_at is null;

-- The request exactly as it came, whose two signatures were verified, encrypted (content/encryption.ts).
create table sealed_document (
  letter_id uuid primary key references letter,
  key_id text not null,
  encrypted bytea not null
);

-- What the reader opens, one row each, so that a page or a PDF reads one small row and not the whole envelope.
-- Position 0 is the letter's text, 1 and up are its attachments in the order they were signed.
create table part (
  letter_id uuid not null references letter,
  position integer not null check (position >= 0),
  content_type text not null,
  file_name text not null,
  content_bytes integer not null check (content_bytes >= 0),
  key_id text not null,
  encrypted bytea not null,
  primary key (letter_id, position)
);

-- The bytes are ciphertext: trying to compress them costs time and saves nothing.
alter table sealed_document alter column encrypted set storage external;
alter table part alter column encrypted set storage external;
