-- Actors: organisations that are connected, or want to be. How far each has come, what it may be let in as, with which
-- certificates, who may be asked about it, and everything that the register's staff has done.

-- version: two who change the same actor at once; the second is told instead of overwriting.
alter table organization
  add column version integer not null default 1,
  add column suspended_at timestamptz,
  add column suspended_reason text,
  add column suspended_by text,
  add constraint organization_suspension check (
    (suspended_at is null) = (suspended_reason is null) and (suspended_at is null) = (suspended_by is null)
  );

-- admitted: whether the register lets it in, in this role, now. Follows from the steps of its connections, from the
-- register's environment and from suspension; it is written whenever one of them changes, so that a call looks at one row.
-- Rows of roles are never deleted once they were let in: accounts, preferences and the request log refer to them.
alter table sender add column admitted boolean not null default true;
alter table sender alter column admitted set default false;
alter table dispatcher add column admitted boolean not null default true;
alter table dispatcher alter column admitted set default false;
-- left_at: the operator is closed; its accounts have no operator any more.
alter table operator
  add column admitted boolean not null default true,
  add column left_at timestamptz;
alter table operator alter column admitted set default false;

create table forwarder (
  organization_number bigint primary key references organization,
  connected_at timestamptz not null default now(),
  admitted boolean not null default false
);

-- The sender's consent to being served, as staff recorded it; null for what was loaded at start.
alter table dispatcher_sender
  add column consent_reference text,
  add column recorded_at timestamptz,
  add column recorded_by text;

-- One run through the connection process (anslutningsärende), for the roles it was applied for.
create table connection (
  id uuid primary key,
  organization_number bigint not null references organization,
  applied_at timestamptz not null,
  step_since timestamptz not null,
  agreement_on date,
  conformance_at timestamptz,
  roles text[] not null,
  step text not null,
  agreement_reference text,
  agreement_signed_by text,
  conformance text,
  conformance_reason text,
  conformance_by text,
  ended_reason text,
  constraint connection_roles_known check (
    cardinality(roles) > 0 and roles <@ array['sender', 'dispatcher', 'operator', 'forwarder']
  ),
  constraint connection_step_known check (
    step in ('application', 'agreement', 'technicalTest', 'production', 'rejected', 'withdrawn', 'closed')
  ),
  constraint connection_agreement_whole check (num_nulls(agreement_on, agreement_reference, agreement_signed_by) in (0, 3)),
  constraint connection_conformance_known check (conformance in ('passed', 'waived')),
  constraint connection_conformance_whole check (
    num_nulls(conformance, conformance_at, conformance_reason, conformance_by) in (0, 4)
  ),
  constraint connection_ended check ((ended_reason is not null) = (step in ('rejected', 'withdrawn', 'closed')))
);

create index connection_organization on connection (organization_number);
create unique index connection_one_in_progress on connection (organization_number)
  where step in ('application', 'agreement', 'technicalTest');

-- The personal number is there for a later login of the actor's own people; it is shown nowhere and stands in no log.
create table contact_person (
  id uuid primary key,
  organization_number bigint not null references organization,
  personal_number bigint,
  added_at timestamptz not null,
  name text not null,
  email text not null,
  constraint contact_person_number_form check (personal_number between 180000000000 and 209999999999)
);

create index contact_person_organization on contact_person (organization_number);

-- purposes: tls = calls the register with it, signing = signs or seals with it.
create table certificate (
  fingerprint bytea primary key,
  organization_number bigint not null references organization,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  registered_at timestamptz not null,
  retired_at timestamptz,
  subject text not null,
  issuer text not null,
  purposes text[] not null,
  registered_by text not null,
  retired_reason text,
  retired_by text,
  der bytea not null,
  constraint certificate_fingerprint_length check (octet_length(fingerprint) = 32),
  constraint certificate_purposes_known check (cardinality(purposes) > 0 and purposes <@ array['tls', 'signing']),
  constraint certificate_retired_whole check (num_nulls(retired_at, retired_reason, retired_by) in (0, 3))
);

create index certificate_organization on certificate (organization_number);
create index certificate_expiry on certificate (valid_to) where retired_at is null;

-- Who did what to whom, with what stood there before and after. No personal number stands here.
create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  organization_number bigint references organization,
  subject text not null,
  name text not null,
  what text not null,
  before jsonb,
  after jsonb
);

create index audit_event_organization on audit_event (organization_number, id);
create index audit_event_at on audit_event (at);

create trigger audit_event_append_only
  before update or delete or truncate on audit_event
  for each statement execute function refuse_change();

-- Whoever was connected before there were steps is in production.
insert into connection (id, organization_number, applied_at, step_since, roles, step)
select gen_random_uuid(), organization_number, registered_at, registered_at, held.roles, 'production'
from organization
cross join lateral (
  select array_remove(array[
    case when exists (select from sender where sender.organization_number = organization.organization_number) then 'sender' end,
    case when exists (select from dispatcher where dispatcher.organization_number = organization.organization_number) then 'dispatcher' end,
    case when exists (select from operator where operator.organization_number = organization.organization_number) then 'operator' end
  ], null) as roles
) as held
where cardinality(held.roles) > 0;
