import type { Queryable } from '@brevduva/base';

/** E = each alone, T = two or more together, B = the board, U = cannot be interpreted. */
export type SigningRuleLetter = 'E' | 'T' | 'B' | 'U';

export interface CompanyRow {
  organizationNumber: string;
  name: string;
  form: string;
  rule: SigningRuleLetter;
  signaturesNeeded: number | null;
  ruleText: string;
}

export interface CompanyPersonRow {
  organizationNumber: string;
  id: string;
  name: string;
  isSignatory: boolean;
  isBoardMember: boolean;
  role: string | null;
}

const COLUMNS = `organization_number::text as "organizationNumber", company.name, company_form as form,
  signing_rule as rule, signatures_needed as "signaturesNeeded", rule_text as "ruleText"`;

export async function selectCompany(db: Queryable, organizationNumber: string): Promise<CompanyRow | undefined> {
  const { rows } = await db.query<CompanyRow>(`select ${COLUMNS} from company where organization_number = $1`, [
    organizationNumber,
  ]);
  return rows[0];
}

/** The companies that a person has any part in. */
export async function selectCompaniesOf(db: Queryable, personId: string): Promise<CompanyRow[]> {
  const { rows } = await db.query<CompanyRow>(
    `select ${COLUMNS} from company
     where exists (
       select from company_person
       where company_person.organization_number = company.organization_number and person_id = $1
     )
     order by company.name, company.organization_number`,
    [personId],
  );
  return rows;
}

export async function selectCompanyPersons(
  db: Queryable,
  organizationNumbers: readonly string[],
): Promise<CompanyPersonRow[]> {
  const { rows } = await db.query<CompanyPersonRow>(
    `select organization_number::text as "organizationNumber", person_id::text as id, name,
       is_signatory as "isSignatory", is_board_member as "isBoardMember", role
     from company_person
     where organization_number = any ($1::bigint[])
     order by organization_number, name, person_id`,
    [organizationNumbers],
  );
  return rows;
}

/** The company with exactly these persons: who is not named is gone. */
export async function upsertCompany(
  db: Queryable,
  company: CompanyRow,
  persons: readonly Omit<CompanyPersonRow, 'organizationNumber'>[],
): Promise<void> {
  await db.query(
    `insert into company (organization_number, name, company_form, signing_rule, signatures_needed, rule_text)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (organization_number) do update set
       name = excluded.name,
       company_form = excluded.company_form,
       signing_rule = excluded.signing_rule,
       signatures_needed = excluded.signatures_needed,
       rule_text = excluded.rule_text`,
    [company.organizationNumber, company.name, company.form, company.rule, company.signaturesNeeded, company.ruleText],
  );
  await db.query('delete from company_person where organization_number = $1', [company.organizationNumber]);
  await db.query(
    `insert into company_person (organization_number, person_id, name, is_signatory, is_board_member, role)
     select $1::bigint, given.*
     from unnest($2::bigint[], $3::text[], $4::boolean[], $5::boolean[], $6::text[]) as given`,
    [
      company.organizationNumber,
      persons.map((person) => person.id),
      persons.map((person) => person.name),
      persons.map((person) => person.isSignatory),
      persons.map((person) => person.isBoardMember),
      persons.map((person) => person.role),
    ],
  );
}
