-- Notice of new mail, when the holder wants it: where it goes, and what is to be sent.

-- One row for each way, kept when the address is removed: how many codes were sent must not be forgotten by removing it.
create table alert_address (
  account_id uuid not null references account on delete cascade,
  channel text not null check (channel in ('email', 'sms')),
  state text not null check (state in ('none', 'unconfirmed', 'working', 'broken')),
  -- Another for every address that is entered: what is told about an earlier one changes nothing.
  version uuid not null,
  key_id text not null,
  -- Absent when there is none.
  encrypted bytea check ((state = 'none') = (encrypted is null)),
  language text not null check (language in ('sv', 'en')),
  names_sender boolean not null default false,
  code_encrypted bytea check (code_encrypted is null or state = 'unconfirmed'),
  code_expires_at timestamptz,
  code_attempts_left integer not null default 0 check (code_attempts_left >= 0),
  codes_sent integer not null default 0,
  codes_counted_from timestamptz not null,
  failures_in_row integer not null default 0,
  broken_at timestamptz,
  primary key (account_id, channel)
);

-- The outbox. waiting: letters may still join it. sending: with a worker, which has it until due_at; also between retries.
-- accepted, delivered, failed: over.
create table alert (
  id uuid primary key,
  account_id uuid not null,
  channel text not null,
  address_version uuid not null,
  kind text not null check (kind in ('code', 'newMail')),
  state text not null check (state in ('waiting', 'sending', 'accepted', 'delivered', 'failed')),
  letter_count integer not null default 0,
  -- Of senders, when the holder has asked for them to be named.
  sender_names text[] not null default '{}',
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  -- By which a later report is known.
  message_ids text[] not null default '{}',
  outcome_code text,
  foreign key (account_id, channel) references alert_address on delete cascade
);

-- Several letters within a few minutes join one notice.
create unique index alert_joined on alert (account_id, channel) where kind = 'newMail' and state = 'waiting';
create index alert_due on alert (due_at) where state in ('waiting', 'sending');
create index alert_reported on alert using gin (message_ids);
create index alert_old on alert (created_at);
