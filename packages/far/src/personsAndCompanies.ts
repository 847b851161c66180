import { appError, type Clock, type Fault, inTransaction } from '@brevduva/base';
import { parseOrganizationNumber, parseRecipientId } from '@brevduva/protocol';
import { ERRORS } from './errors.ts';
import type { Company, CompanyPerson, SigningRule } from './recipient/companyRegister.ts';
import { type SigningRuleLetter, upsertCompany } from './sql/companies.ts';
import { type ConsentGrant, cancelConsent, grantConsent } from './sql/consents.ts';
import { upsertPersons } from './sql/persons.ts';
import type { Pool } from './sql/pool.ts';

export interface NewPerson {
  personId: string;
  name: string;
  /** yyyy-mm-dd */
  deceasedOn?: string;
  hasProtectedIdentity?: boolean;
}

/** What a company lets a person do without being a signatory. */
export interface NewConsent {
  company: string;
  person: string;
  grantType: ConsentGrant;
}

/** Sample data in place of the population register and Bolagsverket, and the consents that the register itself keeps. */
export interface PersonsAndCompanies {
  /** All or none; for a known person the new data stands. */
  addPersons(persons: readonly NewPerson[]): Promise<void>;
  /** All or none; a company has exactly the persons that are given. */
  addCompanies(companies: readonly Company[]): Promise<void>;
  /** All or none; a consent that was cancelled is given anew. */
  grantConsents(consents: readonly NewConsent[]): Promise<void>;
  /** False when there was no such consent. */
  cancelConsent(consent: NewConsent): Promise<boolean>;
}

/** @throws AppError FAR_INVALID_IDENTITY or FAR_INVALID_ORGANIZATION with the place of every fault */
export function createPersonsAndCompanies(pool: Pool, clock: Clock): PersonsAndCompanies {
  return {
    addPersons: (persons) => storePersons(pool, persons),
    addCompanies: (companies) => storeCompanies(pool, companies),
    grantConsents: (consents) => storeConsents(pool, consents, clock.now()),
    cancelConsent: (consent) => {
      refuseConsents([consent]);
      return cancelConsent(pool, { ...consentRow(consent), cancelledAt: clock.now() });
    },
  };
}

type Place = Omit<Fault, 'code'>;

const RULE_LETTERS: Readonly<Record<SigningRule['kind'], SigningRuleLetter>> = {
  eachAlone: 'E',
  together: 'T',
  board: 'B',
  unknown: 'U',
};
const SIGNATURES_TOGETHER_MIN = 2;
const FAULTS_MAX = 100;
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;

async function storePersons(pool: Pool, persons: readonly NewPerson[]): Promise<void> {
  const faults = persons.flatMap(({ personId, deceasedOn }, index) => [
    ...personFaults(personId, `/persons/${index}/personId`),
    ...(deceasedOn === undefined || ISO_DAY.test(deceasedOn)
      ? []
      : [{ path: `/persons/${index}/deceasedOn`, text: 'är ingen dag' }]),
  ]);
  refuseIf(faults, 'FAR_INVALID_IDENTITY');
  const rows = persons.map(({ personId, name, deceasedOn, hasProtectedIdentity }) => ({
    id: personId,
    name,
    deceasedOn: deceasedOn ?? null,
    protectedIdentity: hasProtectedIdentity ?? false,
  }));
  await upsertPersons(pool, rows);
}

async function storeCompanies(pool: Pool, companies: readonly Company[]): Promise<void> {
  refuseIf(
    companies.flatMap((company, index) => companyFaults(company, `/companies/${index}`)),
    'FAR_INVALID_ORGANIZATION',
  );
  await inTransaction(pool, async (db) => {
    for (const { rule, persons, ...company } of companies) {
      await upsertCompany(
        db,
        {
          ...company,
          rule: RULE_LETTERS[rule.kind],
          signaturesNeeded: rule.kind === 'together' ? rule.signatures : null,
        },
        persons.map(({ role, ...person }) => ({ ...person, role: role ?? null })),
      );
    }
  });
}

async function storeConsents(pool: Pool, consents: readonly NewConsent[], grantedAt: Date): Promise<void> {
  refuseConsents(consents);
  await inTransaction(pool, async (db) => {
    for (const consent of consents) await grantConsent(db, { ...consentRow(consent), grantedAt });
  });
}

function consentRow({ company, person, grantType }: NewConsent) {
  return { organizationNumber: company, personId: person, grantType };
}

function refuseConsents(consents: readonly NewConsent[]): void {
  const faults = consents.flatMap(({ company, person }, index) => [
    ...organizationFaults(company, `/consents/${index}/company`),
    ...personFaults(person, `/consents/${index}/person`),
  ]);
  refuseIf(faults, 'FAR_INVALID_IDENTITY');
}

function companyFaults({ organizationNumber, name, rule, persons }: Company, path: string): Place[] {
  const faults = [
    ...organizationFaults(organizationNumber, `${path}/organizationNumber`),
    ...persons.flatMap((person: CompanyPerson, index) => personFaults(person.id, `${path}/persons/${index}/id`)),
  ];
  if (name === '') faults.push({ path: `${path}/name`, text: 'saknas' });
  if (rule.kind === 'together' && rule.signatures < SIGNATURES_TOGETHER_MIN) {
    faults.push({ path: `${path}/rule/signatures`, text: `ska vara minst ${SIGNATURES_TOGETHER_MIN}` });
  }
  if (new Set(persons.map(({ id }) => id)).size < persons.length) {
    faults.push({ path: `${path}/persons`, text: 'har samma person två gånger' });
  }
  return faults;
}

/** The number itself is not repeated in the fault. */
function personFaults(text: string, path: string): Place[] {
  const parsed = parseRecipientId(text);
  const isPerson = parsed.ok && parsed.kind !== 'organization' && parsed.id === text;
  return isPerson ? [] : [{ path, text: 'är inte ett personnummer eller samordningsnummer med tolv siffror' }];
}

function organizationFaults(text: string, path: string): Place[] {
  const parsed = parseOrganizationNumber(text);
  return parsed.ok && parsed.id === text ? [] : [{ path, text: 'är inte ett organisationsnummer med tolv siffror' }];
}

function refuseIf(places: readonly Place[], code: 'FAR_INVALID_IDENTITY' | 'FAR_INVALID_ORGANIZATION'): void {
  if (places.length === 0) return;
  throw appError(ERRORS, code, { faults: places.slice(0, FAULTS_MAX).map((place) => ({ code, ...place })) });
}
