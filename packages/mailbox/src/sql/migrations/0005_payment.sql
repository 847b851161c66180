-- What a letter asks to be paid (the contract's Invoice extension), read from the bytes that were verified. Encrypted like the letter's parts.
create table payment (
  letter_id uuid primary key references letter,
  key_id text not null,
  encrypted bytea not null
);
