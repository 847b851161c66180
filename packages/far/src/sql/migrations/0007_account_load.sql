-- How far a bulk load has come: written in the same transaction as its rows, so that a load which was killed at any
-- instant continues where it was. One row for each file; what it held stands in account alone.
create table account_load (
  -- SHA-256 of what the file is recognised by, and of how it is to be loaded
  content_key bytea primary key,
  started_at timestamptz not null,
  saved_at timestamptz not null,
  finished_at timestamptz,
  -- of the unpacked text; always the end of a line
  byte_count bigint not null,
  -- SHA-256 of these bytes: a file that was changed meanwhile is not taken for the same
  content_digest bytea not null,
  line_count bigint not null,
  inserted_count bigint not null,
  replaced_count bigint not null,
  kept_count bigint not null,
  rejected_count bigint not null,
  reject_byte_count bigint not null,
  constraint account_load_hashes check (octet_length(content_key) = 32 and octet_length(content_digest) = 32)
);
