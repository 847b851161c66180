-- What holders have asked for and signed. A person's request is done at once; a company's waits until enough of its
-- signatories have signed. Every signature that counted is kept byte for byte: it is the proof of what the register did,
-- and a signature that is known here cannot be used again.

-- Requests that wait for signatures; one of each kind for a recipient.
-- kind: C = create, D = delete, S = change of supplier, P = preferences.
-- operator_id: who handed it in; for C and S the operator that is chosen.
create table account_request (
  id uuid primary key,
  recipient_id bigint not null,
  created_at timestamptz not null,
  operator_id smallint not null references operator,
  kind "char" not null,
  account_type "char",
  request_date text,
  agreement_text text not null,
  accepted_senders bigint[],
  constraint account_request_one_of_kind unique (recipient_id, kind),
  constraint account_request_kind_known check (kind in ('C', 'D', 'S', 'P')),
  constraint account_request_senders check ((accepted_senders is not null) = (kind = 'P')),
  constraint account_request_type check ((account_type is not null) = (kind = 'C')),
  constraint account_request_date check ((request_date is not null) = (kind in ('C', 'D')))
);

create index account_request_operator on account_request (operator_id);

-- request_id is no foreign key: the request is gone when it is done or withdrawn, the signature stays.
create table account_signature (
  signed_digest bytea primary key,
  request_id uuid not null,
  recipient_id bigint not null,
  signer bigint not null,
  signed_at timestamptz not null,
  received_at timestamptz not null,
  call_id uuid not null,
  operator_id smallint not null references operator,
  kind "char" not null,
  signer_name text not null,
  nonce text not null,
  document bytea not null,
  constraint account_signature_nonce unique (signer, nonce),
  constraint account_signature_digest_length check (octet_length(signed_digest) = 32),
  constraint account_signature_kind_known check (kind in ('C', 'D', 'S', 'P'))
);

create index account_signature_request on account_signature (request_id);

create trigger account_signature_append_only
  before update or delete or truncate on account_signature
  for each statement execute function refuse_change();

-- Every change that was made, by whom and with which signatures; nothing here is ever altered.
-- kind also: W = a waiting request was withdrawn.
create table account_change (
  request_id uuid not null,
  recipient_id bigint not null,
  changed_at timestamptz not null,
  call_id uuid not null,
  operator_id smallint not null references operator,
  operator_before smallint references operator,
  operator_after smallint references operator,
  kind "char" not null,
  primary key (request_id),
  constraint account_change_kind_known check (kind in ('C', 'D', 'S', 'P', 'W'))
);

create index account_change_recipient on account_change (recipient_id, changed_at);

create trigger account_change_append_only
  before update or delete or truncate on account_change
  for each statement execute function refuse_change();
