-- Templates of an organisation's configuration: subject, message and a Typst document that becomes each letter's own PDF.
create table template (
  organisation_id uuid not null references organisation,
  code text not null,
  name text not null,
  language text not null,
  subject text not null,
  content_type text not null check (content_type in ('text/plain', 'text/html')),
  message text not null,
  -- Typst source; null: the message is all
  document text,
  is_active boolean not null default true,
  primary key (organisation_id, code)
);

-- A mailing keeps its copy: what the configuration says later changes nothing for it.
alter table mailing
  add column document_hash bytea,
  add column document_filename text,
  add column document_pages smallint not null default 0,
  add foreign key (organisation_id, document_hash) references content,
  add check ((document_hash is null) = (document_filename is null));
create index mailing_document on mailing (organisation_id, document_hash) where document_hash is not null;

-- What a letter's PDF is still to be made of; null when it is made, and an attachment.
alter table letter
  add column document_hash bytea,
  add column document_filename text,
  add foreign key (organisation_id, document_hash) references content;
create index letter_document on letter (organisation_id, document_hash) where document_hash is not null;

-- The template chosen for an address file, so that its columns are judged by what the template asks for.
alter table mailing_upload add column template_code text;
