-- What an organisation configures: cost bearers, business systems with their credentials and ways in, flows with their rules.
-- What letters refer to is never deleted: it is retired (is_active = false).

-- How much of a lane goes to this organisation when several have letters waiting in it; by lane: interactive, normal, bulk.
alter table organisation add column lane_weights smallint[] not null default '{10,10,10}'
  check (cardinality(lane_weights) = 3 and 1 <= all (lane_weights) and 100 >= all (lane_weights));

alter table unit
  -- the number in the bar code that the unit's envelopes have today
  add column envelope_code text,
  add column is_active boolean not null default true;

alter table flow
  add column template_code text,
  add column default_subject text check (length(default_subject) between 1 and 255),
  add column sensitivity text not null default 'normal' check (sensitivity in ('normal', 'sensitive')),
  add column reply_allowed boolean not null default false,
  add column retention_days integer not null default 365 check (retention_days between 1 and 3650),
  add column notification text not null default 'none' check (notification in ('none', 'noticeOnly', 'withLetter', 'whenUnread')),
  -- the letter expires so many hours after it was handed in; null: never
  add column lifetime_hours integer check (lifetime_hours between 1 and 8760),
  add column e_invoice boolean not null default false,
  -- a mailing with more recipients needs a second person; null: never, 0: always
  add column approval_over integer check (approval_over >= 0),
  -- 0 interactive, 1 normal, 2 bulk
  add column lane smallint not null default 0 check (lane between 0 and 2),
  -- {"from": "08:00", "to": "20:00", "weekdays": [1, …, 7]} in local time; null: any time
  add column send_window jsonb,
  add column scheduling_allowed boolean not null default true,
  add column is_active boolean not null default true,
  -- a notice lies open in a telephone
  add check (not (sensitivity = 'sensitive' and notification = 'noticeOnly'));

alter table business_system
  add column code text,
  add column unit_id uuid,
  add column is_active boolean not null default true,
  add column lane smallint not null default 0 check (lane between 0 and 2),
  -- settings of each way in (drop folder, printer …), as src/organisation/waysIn.ts reads them
  add column ways_in jsonb not null default '{}';
-- Systems of old had a name only: "Byggärenden" becomes byggarenden.
update business_system b set code = named.slug || case when named.n = 1 then '' else '-' || named.n end
from (
  select organisation_id, id, slug, row_number() over (partition by organisation_id, slug order by created_at, id) as n
  from (
    select organisation_id, id, created_at, coalesce(nullif(left(trim(both '-' from
      regexp_replace(translate(lower(name), 'åäáàöøéèü', 'aaaaooeeu'), '[^a-z0-9]+', '-', 'g')), 40), ''), 'system') as slug
    from business_system
  ) slugs
) named
where named.organisation_id = b.organisation_id and named.id = b.id;
alter table business_system
  alter column code set not null,
  add unique (organisation_id, code),
  add foreign key (organisation_id, unit_id) references unit;

-- By what a business system is known at the door. Several may be valid at once, so that one can be exchanged without a pause.
create table credential (
  organisation_id uuid not null,
  id uuid not null,
  business_system_id uuid not null,
  kind text not null check (kind in ('apiKey', 'oauthClient', 'certificate', 'sshKey', 'password')),
  -- SHA-256 of the secret, of the certificate (DER) or of the public key (its blob); a secret itself is shown once and never stored
  hash bytea not null check (length(hash) = 32),
  label text not null default '',
  created_at timestamptz not null default now(),
  valid_from timestamptz,
  valid_until timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (organisation_id, id),
  foreign key (organisation_id, business_system_id) references business_system,
  check (valid_from < valid_until)
);
create unique index credential_hash on credential (kind, hash) where revoked_at is null;
create index credential_system on credential (organisation_id, business_system_id);

insert into credential (organisation_id, id, business_system_id, kind, hash, created_at)
select organisation_id, gen_random_uuid(), id, 'apiKey', api_key_hash, created_at from business_system;
alter table business_system drop column api_key_hash;

-- Tokens of OAuth 2 client credentials, by hash.
create table access_token (
  hash bytea primary key check (length(hash) = 32),
  organisation_id uuid not null,
  credential_id uuid not null,
  expires_at timestamptz not null,
  foreign key (organisation_id, credential_id) references credential
);
create index access_token_credential on access_token (organisation_id, credential_id, expires_at);

-- Which flows a system may hand in to.
create table system_flow (
  organisation_id uuid not null,
  business_system_id uuid not null,
  flow_id uuid not null,
  primary key (organisation_id, business_system_id, flow_id),
  foreign key (organisation_id, business_system_id) references business_system,
  foreign key (organisation_id, flow_id) references flow
);
insert into system_flow (organisation_id, business_system_id, flow_id)
select b.organisation_id, b.id, f.id from business_system b join flow f on f.organisation_id = b.organisation_id;

-- Append-only: who changed what in the configuration, field by field.
create table configuration_change (
  organisation_id uuid not null references organisation,
  id bigint generated always as identity,
  -- what was applied together
  applied_id uuid not null,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  kind text not null check (kind in ('added', 'changed', 'removed')),
  -- 'organisation', 'units/bygglov', 'systems/byggarenden' …
  path text not null,
  field text,
  before jsonb,
  after jsonb,
  primary key (organisation_id, id)
);
create trigger configuration_change_append_only before update or delete on configuration_change
  for each row execute function refuse_change();
