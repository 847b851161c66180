-- When somebody last added to a mailing: one that nobody goes on with is cancelled.
alter table mailing_recipient add column added_at timestamptz not null default now();

-- The printed page is content like any other: not erased while a letter has it.
alter table letter add foreign key (organisation_id, print_hash) references content;
create index letter_print on letter (organisation_id, print_hash) where print_hash is not null;
