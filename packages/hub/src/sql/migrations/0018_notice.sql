-- A notification that a sender has handed in (Notification.distribute): one text, and a letter for each of its recipients.
create table notice (
  organisation_id uuid not null references organisation,
  id uuid not null,
  business_system_id uuid not null,
  -- SHA-256 of the notification in its one form: the same again is the same notice.
  hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (organisation_id, id),
  unique (organisation_id, business_system_id, hash),
  foreign key (organisation_id, business_system_id) references business_system (organisation_id, id),
  foreign key (organisation_id, hash) references content (organisation_id, hash)
);
create index notice_content on notice (organisation_id, hash);

alter table letter add column notice_id uuid;
alter table letter add foreign key (organisation_id, notice_id) references notice (organisation_id, id);
create index letter_notice on letter (organisation_id, notice_id) where notice_id is not null;

alter table letter drop constraint letter_channel_check;
alter table letter add constraint letter_channel_check check (channel in ('digital', 'paper', 'notification'));
alter table letter drop constraint letter_state_check;
alter table letter add constraint letter_state_check
  check (state in ('waiting', 'unknown', 'case', 'delivered', 'printed', 'unnotified', 'cancelled', 'expired'));
