-- Sample data in place of the population register and of Bolagsverket, behind the ports of src/recipient. An installation
-- that asks the real ones leaves these tables empty.

create table population_person (
  person_id bigint primary key,
  name text not null,
  deceased_on date,
  protected_identity boolean not null default false,
  constraint population_person_form check (person_id between 180000000000 and 209999999999)
);

-- signing_rule: E = each signatory alone, T = two or more together, B = the board, U = cannot be interpreted.
create table company (
  organization_number bigint primary key,
  name text not null,
  company_form text not null,
  signing_rule "char" not null,
  signatures_needed smallint,
  rule_text text not null,
  constraint company_number_form check (organization_number between 160000000000 and 169999999999),
  constraint company_rule_known check (signing_rule in ('E', 'T', 'B', 'U')),
  constraint company_signatures_needed check ((signatures_needed >= 2) is not distinct from (case signing_rule when 'T' then true end))
);

create table company_person (
  organization_number bigint not null references company on delete cascade,
  person_id bigint not null,
  name text not null,
  is_signatory boolean not null,
  is_board_member boolean not null,
  role text,
  primary key (organization_number, person_id),
  constraint company_person_form check (person_id between 180000000000 and 209999999999)
);

create index company_person_person on company_person (person_id);

-- What a company lets a person do in its mailbox without being a signatory. The words are the contract's.
create table consent (
  organization_number bigint not null,
  person_id bigint not null,
  granted_at timestamptz not null,
  cancelled_at timestamptz,
  grant_type text not null,
  primary key (organization_number, person_id, grant_type),
  constraint consent_grant_type_known check (grant_type in ('ConsentManage', 'ConsentReadExtendUnread', 'ConsentRead')),
  constraint consent_company_form check (organization_number between 160000000000 and 169999999999),
  constraint consent_person_form check (person_id between 180000000000 and 209999999999)
);

create index consent_person on consent (person_id);
