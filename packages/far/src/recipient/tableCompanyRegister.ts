import {
  type CompanyPersonRow,
  type CompanyRow,
  selectCompaniesOf,
  selectCompany,
  selectCompanyPersons,
} from '../sql/companies.ts';
import type { Pool } from '../sql/pool.ts';
import type { Company, CompanyRegister, SigningRule } from './companyRegister.ts';

/** A company register out of the register's own tables: sample data in place of Bolagsverket. */
export function createTableCompanyRegister(pool: Pool): CompanyRegister {
  return {
    async find(organizationNumber) {
      const row = await selectCompany(pool, organizationNumber);
      if (row === undefined) return { kind: 'unknown' };
      return { kind: 'found', company: toCompany(row, await selectCompanyPersons(pool, [organizationNumber])) };
    },
    async findByPerson(personId) {
      const rows = await selectCompaniesOf(pool, personId);
      const persons = await selectCompanyPersons(
        pool,
        rows.map((row) => row.organizationNumber),
      );
      return { kind: 'found', companies: rows.map((row) => toCompany(row, persons)) };
    },
  };
}

function toCompany(row: CompanyRow, persons: readonly CompanyPersonRow[]): Company {
  const { organizationNumber, name, form, ruleText } = row;
  return {
    organizationNumber,
    name,
    form,
    ruleText,
    rule: toRule(row),
    persons: persons
      .filter((person) => person.organizationNumber === organizationNumber)
      .map(({ id, name: personName, isSignatory, isBoardMember, role }) => ({
        id,
        name: personName,
        isSignatory,
        isBoardMember,
        ...(role === null ? {} : { role }),
      })),
  };
}

function toRule({ rule, signaturesNeeded }: CompanyRow): SigningRule {
  switch (rule) {
    case 'E':
      return { kind: 'eachAlone' };
    case 'T':
      return { kind: 'together', signatures: signaturesNeeded ?? 2 };
    case 'B':
      return { kind: 'board' };
    case 'U':
      return { kind: 'unknown' };
  }
}
