-- An address file between its upload in the console and the mailing made of it. One per person: the next takes its place.
create table mailing_upload (
  organisation_id uuid not null references organisation,
  id uuid not null,
  created_at timestamptz not null default now(),
  -- nobody else sees it
  created_by_subject text not null,
  filename text not null,
  -- the file, encrypted like all content, and erased with this row
  hash bytea not null,
  -- which column holds what, as RecipientColumns; null until she has said
  columns jsonb,
  -- she has seen the faults and wants the sound rows to go
  skips_faulty boolean not null default false,
  primary key (organisation_id, id),
  unique (organisation_id, created_by_subject),
  foreign key (organisation_id, hash) references content
);
create index mailing_upload_content on mailing_upload (organisation_id, hash);
