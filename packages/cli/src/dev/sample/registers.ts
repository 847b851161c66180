import type { Company, NewConsent, NewPerson } from '@brevduva/far';
import { ageOn } from '@brevduva/protocol';
import { type FeaturedCompanies, featuredCompanies, sampleCompanies } from './companies.ts';
import { featuredRecipients } from './featured.ts';
import { createRandom, type Random } from './random.ts';
import type { SampleRecipient } from './recipients.ts';

/** What stands in place of the population register and Bolagsverket, about the very people who can log in. */
export interface SampleRegisters {
  readonly persons: readonly NewPerson[];
  readonly companies: readonly Company[];
  readonly consents: readonly NewConsent[];
  readonly featuredCompanies: FeaturedCompanies;
  readonly featuredPersons: FeaturedPersons;
}

/** Those whom the register refuses a mailbox, or treats in a way of its own. */
export type FeaturedPersons = Readonly<
  Record<
    | 'deceased'
    | 'protectedIdentity'
    | 'minor'
    /** Runs a firm of her own: registers as a person, and the firm's number gets no mailbox. */
    | 'soleTrader',
    SampleRecipient
  >
>;

const SEED = 1974;
const REFERENCE_DATE = { year: 2026, month: 1, day: 1 } as const;
const ADULT_YEARS = 18;
const OLD_YEARS = 65;
const WORKING_YEARS_MAX = 70;
const DECEASED_SHARE = 0.05;
const PROTECTED_SHARE = 0.006;

/** The same recipients give the same registers. Throws when the sample is too small to have everyone that is featured. */
export function createSampleRegisters(recipients: readonly SampleRecipient[]): SampleRegisters {
  const random = createRandom(SEED);
  const featured = featuredRecipients(recipients);
  const featuredIds = new Set(Object.values(featured).map((one) => one.id));
  const people = recipients.filter((one) => one.kind !== 'organization');
  const entries = people.map((one) => ({ one, entry: populationEntry(one, featuredIds.has(one.id), random) }));
  const workers = entries.filter(({ one, entry }) => isWorker(one) && isPlain(entry)).map(({ one }) => one);
  const companies = featuredCompanies(featured.digital, workers);
  const others = recipients.filter((one) => one.kind === 'organization');
  return {
    persons: entries.map(({ entry }) => entry),
    companies: [...Object.values(companies), ...sampleCompanies(others, workers, random)],
    consents: consentsOf(featured.company, companies, workers),
    featuredCompanies: companies,
    featuredPersons: featuredPersons(entries, workers, featuredIds),
  };
}

type Entry = { readonly one: SampleRecipient; readonly entry: NewPerson };

/** The draws are made for everyone alike, so that one person more or less changes nothing for the others. */
function populationEntry(one: SampleRecipient, isFeatured: boolean, random: Random): NewPerson {
  const [isDead, isProtected] = [random.chance(DECEASED_SHARE), random.chance(PROTECTED_SHARE)];
  const deceasedOn = `2025-${String(random.integer(1, 12)).padStart(2, '0')}-${random.integer(10, 28)}`;
  const plain = { personId: one.id, name: one.name };
  if (isFeatured) return plain;
  if (isDead && one.mailbox === undefined && ageOf(one) >= OLD_YEARS) return { ...plain, deceasedOn };
  return isProtected ? { ...plain, hasProtectedIdentity: true } : plain;
}

function consentsOf(
  withMailbox: SampleRecipient,
  { eachAlone }: FeaturedCompanies,
  workers: readonly SampleRecipient[],
): NewConsent[] {
  const [reader, manager] = workers.slice(-2);
  if (reader === undefined || manager === undefined) return [];
  return [
    { company: withMailbox.id, person: manager.id, grantType: 'ConsentManage' },
    { company: withMailbox.id, person: reader.id, grantType: 'ConsentRead' },
    { company: eachAlone.organizationNumber, person: reader.id, grantType: 'ConsentReadExtendUnread' },
  ];
}

function featuredPersons(
  entries: readonly Entry[],
  workers: readonly SampleRecipient[],
  taken: ReadonlySet<string>,
): FeaturedPersons {
  const first = (what: string, fits: (entry: Entry) => boolean) => {
    const found = entries.find(({ one, entry }) => !taken.has(one.id) && fits({ one, entry }));
    if (found === undefined) throw new RangeError(`the sample has no person for "${what}"`);
    return found.one;
  };
  const workerIds = new Set(workers.map((one) => one.id));
  return {
    deceased: first('deceased', ({ entry }) => entry.deceasedOn !== undefined),
    protectedIdentity: first(
      'protectedIdentity',
      ({ one, entry }) => entry.hasProtectedIdentity === true && isFree(one),
    ),
    minor: first('minor', ({ one }) => one.id >= '2009' && one.id < '2013' && one.kind === 'person'),
    soleTrader: first('soleTrader', ({ one }) => workerIds.has(one.id) && isFree(one)),
  };
}

/** An adult without mailbox: what the register answers is then for another reason. */
function isFree(one: SampleRecipient): boolean {
  return one.mailbox === undefined && ageOf(one) >= ADULT_YEARS;
}

function isWorker(one: SampleRecipient): boolean {
  const age = ageOf(one);
  return one.kind === 'person' && age >= ADULT_YEARS && age <= WORKING_YEARS_MAX;
}

function isPlain({ deceasedOn, hasProtectedIdentity }: NewPerson): boolean {
  return deceasedOn === undefined && hasProtectedIdentity !== true;
}

function ageOf({ id }: SampleRecipient): number {
  return ageOn(id, REFERENCE_DATE) ?? 0;
}
