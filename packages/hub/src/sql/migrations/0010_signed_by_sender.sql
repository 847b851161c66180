-- A letter that came signed by its sender (Message.distributeSecure): the signed delivery, byte for byte, sealed as it stands.
alter table letter
  add column signed_hash bytea,
  add foreign key (organisation_id, signed_hash) references content;
create index letter_signed on letter (organisation_id, signed_hash) where signed_hash is not null;
