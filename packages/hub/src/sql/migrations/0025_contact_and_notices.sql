-- The recipient's telephone number and e-mail address, encrypted and bound to the letter's id; erased with it.
alter table letter add column sealed_contact bytea;
alter table mailing_recipient add column sealed_contact bytea;
-- Channels of a notice that have ended for this letter, as [{"channel": "sms", "why": "refused"}].
alter table letter add column notice_failures jsonb not null default '[]';

-- How a flow's notices go and what they may say; null: see src/notices/noticeSettings.ts. The organisation's: who they come from, and when.
alter table flow add column notice jsonb;
alter table organisation add column notices jsonb;

-- A notice beside a letter: that it has come, or that nobody has read it. Its own, so that nothing of it harms the letter.
-- waiting: to be sent, or sent and waiting for its report. unknown: it left, and no answer came. told, untold: final.
create table recipient_notice (
  organisation_id uuid not null,
  id uuid not null,
  letter_id uuid not null,
  kind text not null check (kind in ('arrived', 'reminder')),
  state text not null check (state in ('waiting', 'unknown', 'told', 'untold')),
  stage text check (stage in ('deliver', 'confirm')),
  channel text check (channel in ('sms', 'email')),
  failures jsonb not null default '[]',
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  stage_entered_at timestamptz not null default now(),
  ended_at timestamptz,
  due_at timestamptz,
  -- What has not been sent by then is not sent.
  deadline_at timestamptz not null,
  lease_id uuid,
  lease_node text,
  primary key (organisation_id, id),
  unique (organisation_id, letter_id, kind),
  foreign key (organisation_id, letter_id) references letter (organisation_id, id),
  check ((state in ('waiting', 'unknown')) = (due_at is not null)),
  check ((state in ('waiting', 'unknown')) = (stage is not null)),
  check ((state in ('told', 'untold')) = (ended_at is not null))
);
create index recipient_notice_due on recipient_notice (due_at) where due_at is not null;

-- An SMS or e-mail, written down before it is sent: its id is what the gateway knows it by, so that the same again is the same.
-- It holds neither number, address nor text.
create table notice_message (
  organisation_id uuid not null,
  id uuid not null,
  letter_id uuid not null,
  purpose text not null check (purpose in ('notice', 'arrived', 'reminder')),
  channel text not null check (channel in ('sms', 'email')),
  created_at timestamptz not null default now(),
  -- what the gateway last answered; null: nothing was heard of it
  answer text check (answer in ('accepted', 'refused', 'later', 'unknown')),
  detail text,
  parts smallint,
  -- refused or reported failed: trying again is another message
  is_over boolean not null default false,
  primary key (organisation_id, id),
  foreign key (organisation_id, letter_id) references letter (organisation_id, id)
);
create unique index notice_message_once on notice_message (organisation_id, letter_id, purpose, channel) where not is_over;
create index notice_message_letter on notice_message (organisation_id, letter_id);

-- The ids by which a gateway will report: one for an e-mail, one for each part of an SMS. Gateways begin again from 1, so they are not unique.
create table notice_part (
  organisation_id uuid not null,
  message_id uuid not null,
  position smallint not null,
  gateway text not null,
  ref text not null,
  primary key (organisation_id, message_id, position),
  foreign key (organisation_id, message_id) references notice_message (organisation_id, id)
);
create index notice_part_ref on notice_part (gateway, ref);

-- What a gateway has told later, by its own ids: of no organisation, since it may come before our own note of whose message it is.
create table notice_report (
  gateway text not null,
  ref text not null,
  state text not null check (state in ('delivered', 'failed', 'waiting', 'unknown')),
  code text,
  at timestamptz not null default now(),
  primary key (gateway, ref)
);
create index notice_report_at on notice_report (at);
