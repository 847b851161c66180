import { type PersonalNumber, parseRecipientId } from '@brevduva/protocol';
import type { SampleStaff } from '../sample/organizations.ts';
import { isTestNumber } from '../sample/testNumbers.ts';
import type { TestPerson } from '../sample/testPersons.ts';

/** Level of assurance that a Swedish e-ID must have to open a mailbox (FACTS k: at least 3). */
export const ASSURANCE_LEVEL = 'loa3';
export const SEARCH_HITS_MAX = 20;

export type PersonFault = 'format' | 'date' | 'checkDigit' | 'organization' | 'notTestNumber';
export type PersonChoice = { ok: true; accountId: string } | { ok: false; fault: PersonFault };

/** Who can log in: natural persons with test numbers, and the sample's staff. */
export interface Accounts {
  /** Whether the number may log in, known to the sample or not; real numbers never. */
  choosePerson(text: string): PersonChoice;
  chooseStaff(staffId: string): string | undefined;
  /** Persons with all words of the text in name, number, notes or companies: featured ones first, and those of `operator` before others. */
  searchPersons(text: string, operator: string | undefined): readonly TestPerson[];
  /** What the id token says of an account; undefined for an unknown one. */
  claims(accountId: string): AccountClaims | undefined;
  readonly staff: readonly SampleStaff[];
}

export type AccountClaims = { sub: string; name: string } & Record<string, string | string[]>;

/** `persons` in the order in which they are offered. */
export function createAccounts(recipients: readonly TestPerson[], staff: readonly SampleStaff[]): Accounts {
  const persons = recipients.filter((one) => one.kind !== 'organization');
  const personsById = new Map<string, TestPerson>(persons.map((one) => [one.id, one]));
  const staffById = new Map(staff.map((one) => [one.id, one]));
  return {
    staff,
    choosePerson,
    chooseStaff: (staffId) => (staffById.has(staffId) ? `staff.${staffId}` : undefined),
    searchPersons: (text, operator) => search(persons, text, operator),
    claims(accountId) {
      const [kind, id = ''] = splitOnce(accountId);
      if (kind === 'staff') return staffClaims(accountId, staffById.get(id));
      const choice = choosePerson(id);
      return choice.ok ? personClaims(accountId, id, personsById.get(id)) : undefined;
    },
  };
}

function choosePerson(text: string): PersonChoice {
  const parsed = parseRecipientId(text);
  if (!parsed.ok) return parsed;
  if (parsed.kind === 'organization') return { ok: false, fault: 'organization' };
  if (!isTestNumber(parsed.id)) return { ok: false, fault: 'notTestNumber' };
  return { ok: true, accountId: `person.${parsed.id satisfies PersonalNumber}` };
}

function search(persons: readonly TestPerson[], text: string, operator: string | undefined): readonly TestPerson[] {
  const words = text.toLocaleLowerCase('sv').split(/\s+/).filter(Boolean);
  const hits = persons.filter(({ name, id, notes = [], signsFor = [] }) => {
    const haystack = `${[name, ...notes, ...signsFor].join(' ').toLocaleLowerCase('sv')} ${id}`;
    return words.every((word) => haystack.includes(word.replace(/^(\d+)-(\d+)$/, '$1$2')));
  });
  const isHere = ({ mailbox }: TestPerson) => operator !== undefined && mailbox?.operator === operator;
  const rank = (one: TestPerson) => (one.isFeatured === true ? 0 : 2) + (isHere(one) ? 0 : 1);
  return [0, 1, 2, 3].flatMap((wanted) => hits.filter((one) => rank(one) === wanted)).slice(0, SEARCH_HITS_MAX);
}

function personClaims(sub: string, personnummer: string, known: TestPerson | undefined): AccountClaims {
  return { sub, personnummer, name: known?.name ?? `Testperson ${personnummer.slice(-4)}`, acr: ASSURANCE_LEVEL };
}

function staffClaims(sub: string, staff: SampleStaff | undefined): AccountClaims | undefined {
  if (staff === undefined) return undefined;
  const { id, name, roles, organizationNumber, organizationName } = staff;
  const organization = { organization_number: organizationNumber, organization_name: organizationName };
  return { sub, staff_id: id, name, roles: [...roles], ...organization, acr: ASSURANCE_LEVEL };
}

function splitOnce(accountId: string): [string, string] {
  const at = accountId.indexOf('.');
  return [accountId.slice(0, at), accountId.slice(at + 1)];
}
