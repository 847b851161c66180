-- Browser sessions of @brevduva/base (http/login.ts). Only the hash of the cookie's value is kept: who reads this table
-- can become nobody.
create table web_session (
  token_hash bytea primary key,
  subject text not null,
  principal jsonb not null,
  -- Tells the issuer at logout whose login ends.
  id_token text,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);

create index web_session_expires_at_idx on web_session (expires_at);
create index web_session_subject_idx on web_session (subject);
