import type { Company } from '@brevduva/far';
import type { FeaturedRecipients } from './featured.ts';
import type { SampleRecipient } from './recipients.ts';
import type { SampleRegisters } from './registers.ts';

/** A recipient as the development e-ID offers it. */
export interface TestPerson extends SampleRecipient {
  /** Why one would choose this person: what the registers say of her. */
  readonly notes?: readonly string[];
  /** Companies, each with its rule in brief. */
  readonly signsFor?: readonly string[];
  /** Stands before others. */
  readonly isFeatured?: boolean;
}

/** Everyone of the sample, those first that something is shown by: letters, companies to connect, refusals. */
export function testPersons(
  recipients: readonly SampleRecipient[],
  featured: FeaturedRecipients,
  registers: SampleRegisters,
): readonly TestPerson[] {
  const notes = notesOf(registers);
  const signsFor = signaturesOf(registers);
  const inFront = new Set(featuredIds(featured, registers));
  const offered = recipients.map((one) => ({
    ...one,
    notes: notes.get(one.id) ?? [],
    signsFor: signsFor.get(one.id) ?? [],
    isFeatured: inFront.has(one.id),
  }));
  const byId = new Map<string, TestPerson>(offered.map((one) => [one.id, one]));
  const front = [...inFront].flatMap((id) => byId.get(id) ?? []);
  return [...front, ...offered.filter((one) => !one.isFeatured)];
}

/** How a company's mailbox is signed for, in few words. */
export function ruleInBrief({ rule }: Company): string {
  switch (rule.kind) {
    case 'eachAlone':
      return 'var för sig';
    case 'together':
      return `${rule.signatures === 2 ? 'två' : rule.signatures} i förening`;
    case 'board':
      return 'styrelsen';
    case 'unknown':
      return 'regeln går inte att tolka';
  }
}

function featuredIds(featured: FeaturedRecipients, registers: SampleRegisters): string[] {
  const signatories = Object.values(registers.featuredCompanies).flatMap(({ persons }) => persons);
  return [
    ...Object.values(featured).map((one) => one.id),
    ...signatories.map((one) => one.id),
    ...Object.values(registers.featuredPersons).map((one) => one.id),
  ];
}

function signaturesOf({ companies }: SampleRegisters): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const company of companies) {
    const brief = `${company.name} (${ruleInBrief(company)})`;
    for (const { id, isSignatory } of company.persons) {
      if (isSignatory) found.set(id, [...(found.get(id) ?? []), brief]);
    }
  }
  return found;
}

function notesOf({ companies, persons, featuredPersons }: SampleRegisters): Map<string, string[]> {
  const notes = new Map<string, string[]>();
  const add = (id: string, note: string) => notes.set(id, [...(notes.get(id) ?? []), note]);
  for (const { name, persons: officers } of companies) {
    for (const { id, role, isSignatory } of officers) {
      if (!isSignatory) add(id, `${role} i ${name}, tecknar inte firman`);
    }
  }
  for (const { personId, deceasedOn, hasProtectedIdentity } of persons) {
    if (deceasedOn !== undefined) add(personId, 'Avliden enligt folkbokföringen');
    if (hasProtectedIdentity === true) add(personId, 'Skyddad identitet');
  }
  add(featuredPersons.minor.id, 'Under 18 år');
  add(featuredPersons.soleTrader.id, 'Enskild firma: ansluter sig som person');
  return notes;
}
