import { ageOn, type RecipientId } from '@brevduva/protocol';
import {
  COMPANY_FIRST_WORDS,
  COMPANY_FORMS,
  COMPANY_SECOND_WORDS,
  FAMILY_NAMES,
  FEMALE_NAMES,
  MALE_NAMES,
  STREETS,
  TOWNS,
  type Town,
} from './names.ts';
import { FIRST_COMPANY_SERIAL, SAMPLE_OPERATORS, type SampleOperator } from './organizations.ts';
import { createRandom, type Random } from './random.ts';
import {
  type BirthDay,
  TEST_BIRTH_NUMBER_MAX,
  TEST_BIRTH_NUMBER_MIN,
  testOrganizationNumber,
  testPersonalNumber,
} from './testNumbers.ts';

export interface SampleAddress {
  readonly name: string;
  readonly careOf?: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
}

export interface SampleMailbox {
  readonly operator: SampleOperator['key'];
  /** Not all have signed yet: the mailbox receives nothing (FACTS d). */
  readonly pending: boolean;
  /** The holder takes no digital mail from the sample municipality. */
  readonly optedOut: boolean;
  readonly registeredAt: Date;
}

export interface SampleRecipient {
  readonly id: RecipientId;
  readonly kind: 'person' | 'coordination' | 'organization';
  readonly name: string;
  /** Absent: nobody knows where paper would go. */
  readonly address?: SampleAddress;
  readonly mailbox?: SampleMailbox;
}

export interface SampleSize {
  readonly seed: number;
  readonly persons: number;
  readonly companies: number;
}

export const SAMPLE_SIZE: SampleSize = { seed: 1863, persons: 3000, companies: 300 };

/** The sample's "today": fixed, so that ages and registrations are the same whenever it is made. */
const REFERENCE_DATE = { year: 2026, month: 1, day: 1 } as const;
const ADULT_YEARS = 18;
const YEARS_MAX = 100;
const COORDINATION_SHARE = 0.03;
/** Of adults; with the children who have none it makes about 60 of 100 persons. */
const PERSON_MAILBOX_SHARE = 0.74;
const COMPANY_MAILBOX_SHARE = 0.55;
const PERSON_PENDING_SHARE = 0.01;
const COMPANY_PENDING_SHARE = 0.1;
const OPTED_OUT_SHARE = 0.04;
const NO_ADDRESS_SHARE = 0.04;
const CARE_OF_SHARE = 0.03;
const FIRST_MAILBOX_AT = Date.UTC(2015, 0, 1);
const LAST_MAILBOX_AT = Date.UTC(2025, 11, 31);

/** Days that programs get wrong; the sample always has somebody born on each (scenario 12). */
const AWKWARD_BIRTH_DAYS: readonly BirthDay[] = [
  { year: 2000, month: 2, day: 29 },
  { year: 1899, month: 12, day: 31 },
  { year: 2008, month: 2, day: 29 },
  { year: 1999, month: 12, day: 31 },
];

/** Persons first, then companies. The same size gives the same recipients, in the same order. */
export function createSampleRecipients(size: SampleSize = SAMPLE_SIZE): readonly SampleRecipient[] {
  const random = createRandom(size.seed);
  const taken = new Set<string>();
  const persons = Array.from({ length: size.persons }, (_, index) => person(random, taken, AWKWARD_BIRTH_DAYS[index]));
  const companies = Array.from({ length: size.companies }, (_, index) => company(random, index));
  return [...persons, ...companies];
}

function person(random: Random, taken: Set<string>, birthDay: BirthDay | undefined): SampleRecipient {
  const kind = random.chance(COORDINATION_SHARE) ? 'coordination' : 'person';
  const { id, isWoman } = freeNumber(random, taken, kind, birthDay);
  const name = `${random.pick(isWoman ? FEMALE_NAMES : MALE_NAMES)} ${random.pick(FAMILY_NAMES)}`;
  const isAdult = (ageOn(id, REFERENCE_DATE) ?? 0) >= ADULT_YEARS;
  return {
    id,
    kind,
    name,
    ...maybeAddress(random, name),
    ...(isAdult && random.chance(PERSON_MAILBOX_SHARE) ? { mailbox: mailbox(random, PERSON_PENDING_SHARE) } : {}),
  };
}

function company(random: Random, index: number): SampleRecipient {
  const words = `${random.pick(COMPANY_FIRST_WORDS)} ${random.pick(COMPANY_SECOND_WORDS)}`;
  // The number in the name tells companies with the same words apart.
  const name = `${words} ${index + 1} ${random.pick(COMPANY_FORMS)}`;
  return {
    id: testOrganizationNumber(FIRST_COMPANY_SERIAL + index),
    kind: 'organization',
    name,
    ...maybeAddress(random, name),
    ...(random.chance(COMPANY_MAILBOX_SHARE) ? { mailbox: mailbox(random, COMPANY_PENDING_SHARE) } : {}),
  };
}

/** A number nobody in the sample has: a day has only twenty test numbers, so a taken one means another draw. */
function freeNumber(
  random: Random,
  taken: Set<string>,
  kind: 'person' | 'coordination',
  wanted: BirthDay | undefined,
): { id: RecipientId; isWoman: boolean } {
  for (;;) {
    const birthNumber = random.integer(TEST_BIRTH_NUMBER_MIN, TEST_BIRTH_NUMBER_MAX);
    const id = testPersonalNumber(wanted ?? birthDay(random), birthNumber, kind);
    if (taken.has(id)) continue;
    taken.add(id);
    return { id, isWoman: birthNumber % 2 === 0 };
  }
}

function birthDay(random: Random): BirthDay {
  const year = REFERENCE_DATE.year - 1 - random.integer(0, YEARS_MAX);
  const month = random.integer(1, 12);
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: random.integer(1, daysInMonth) };
}

function maybeAddress(random: Random, name: string): { address?: SampleAddress } {
  if (random.chance(NO_ADDRESS_SHARE)) return {};
  const town = pickTown(random);
  const careOf = random.chance(CARE_OF_SHARE) ? { careOf: random.pick(FAMILY_NAMES) } : {};
  const street = `${random.pick(STREETS)} ${random.integer(1, 120)}${random.chance(0.15) ? ' lgh 1102' : ''}`;
  return { address: { name, ...careOf, street, postalCode: random.pick(town.postalCodes), city: town.city } };
}

function pickTown(random: Random): Town {
  const drawn = random.next();
  let below = 0;
  for (const town of TOWNS) {
    below += town.share;
    if (drawn < below) return town;
  }
  return TOWNS[0];
}

function mailbox(random: Random, pendingShare: number): SampleMailbox {
  const pending = random.chance(pendingShare);
  return {
    operator: random.pick(SAMPLE_OPERATORS).key,
    pending,
    optedOut: !pending && random.chance(OPTED_OUT_SHARE),
    registeredAt: new Date(random.integer(FIRST_MAILBOX_AT, LAST_MAILBOX_AT)),
  };
}
