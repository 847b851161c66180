-- Paper that came back (src/returnedMail): each order at a print shop comes back once.
alter table print_batch_letter drop constraint print_batch_letter_state_check;
alter table print_batch_letter add constraint print_batch_letter_state_check
  check (state in ('waiting', 'batched', 'produced', 'posted', 'returned', 'rejected', 'withdrawn'));
-- What came back may be ordered anew.
drop index print_batch_letter_live;
create unique index print_batch_letter_live on print_batch_letter (organisation_id, letter_id)
  where state not in ('returned', 'rejected', 'withdrawn');

create table returned_mail (
  organisation_id uuid not null,
  -- the order at the print shop
  order_id uuid not null,
  letter_id uuid not null,
  reason text not null check (reason in ('unknownAtAddress', 'insufficientAddress', 'notCollected', 'refused', 'deceased', 'damaged', 'other')),
  source text not null check (source in ('console', 'api', 'printShop')),
  registered_by text not null,
  registered_at timestamptz not null default clock_timestamp(),
  primary key (organisation_id, order_id),
  foreign key (organisation_id, order_id) references print_batch_letter,
  foreign key (organisation_id, letter_id) references letter
);
create index returned_mail_latest on returned_mail (organisation_id, registered_at desc);

-- Addresses that brought mail back. The digest is keyed and says neither who nor where; the letter does, for as long as it is kept.
create table flagged_address (
  organisation_id uuid not null,
  digest bytea not null check (length(digest) = 32),
  letter_id uuid not null,
  reason text not null,
  flagged_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (organisation_id, digest),
  foreign key (organisation_id, letter_id) references letter
);
create index flagged_address_expires on flagged_address (expires_at);
create index flagged_address_of_letter on flagged_address (organisation_id, letter_id);

alter table flow add column on_flagged_address text not null default 'case' check (on_flagged_address in ('case', 'send'));
