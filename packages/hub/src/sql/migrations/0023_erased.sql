-- What a letter says is erased when its flow has kept it for as long as it may; that the letter was, and what became of it, stays.
alter table letter
  add column erased_at timestamptz,
  alter column subject drop not null,
  alter column body_hash drop not null,
  add check ((erased_at is null) = (body_hash is not null)),
  add check ((erased_at is null) = (subject is not null)),
  add check (erased_at is null or state in ('delivered', 'printed', 'unnotified', 'cancelled', 'expired'));

-- What the sweep looks for: ended and not erased, by when each flow's letters ended. A letter enters when it ends and leaves when it is erased.
create index letter_erase on letter (organisation_id, flow_id, updated_at)
  where erased_at is null and state in ('delivered', 'printed', 'unnotified', 'cancelled', 'expired');

-- What all of a mailing's letters had goes when the last of them is erased.
alter table mailing
  add column erased_at timestamptz,
  drop constraint mailing_check2,
  add constraint mailing_check2 check (state = 'cancelled' or (erased_at is null) = (body_hash is not null)),
  add check (erased_at is null or state = 'committed');
create index mailing_erase on mailing (committed_at) where state = 'committed' and erased_at is null;

-- A notice is known again by its hash for ever; the content is its own column, so that it can go.
alter table notice
  add column content_hash bytea,
  add column erased_at timestamptz,
  drop constraint notice_organisation_id_hash_fkey;
update notice set content_hash = hash;
alter table notice
  add foreign key (organisation_id, content_hash) references content (organisation_id, hash),
  add check ((erased_at is null) = (content_hash is not null));
drop index notice_content;
create index notice_content on notice (organisation_id, content_hash) where content_hash is not null;
create index notice_erase on notice (created_at) where erased_at is null;
-- Whether anything still refers to a content is asked of every table.
create index print_document_content on print_document (organisation_id, hash);
create index hand_in_case_content on hand_in_case (organisation_id, hash);
