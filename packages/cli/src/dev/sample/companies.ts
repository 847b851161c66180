import type { Company, CompanyPerson, SigningRule } from '@brevduva/far';
import type { Random } from './random.ts';
import type { SampleRecipient } from './recipients.ts';
import { testOrganizationNumber } from './testNumbers.ts';

/** One company for each rule and form that the register treats differently. None has a mailbox at first. */
export type FeaturedCompanies = Readonly<
  Record<
    /** Limited company, two of three together. */
    | 'together'
    /** Limited company, the board: two of three. */
    | 'board'
    /** Trading partnership, each alone. */
    | 'eachAlone'
    /** Housing cooperative, the board: three of five. */
    | 'housing'
    /** Its rule cannot be interpreted by a program. */
    | 'unclear'
    /** Of a form that may not have a mailbox. */
    | 'association',
    Company
  >
>;

const FIRST_SERIAL = 901;
/** The featured companies' people begin here among those who work, away from the persons that others are shown by. */
const FIRST_WORKER = 10;

/** `leader` signs for all of them: one login is enough to see every rule. */
export function featuredCompanies(leader: SampleRecipient, workers: readonly SampleRecipient[]): FeaturedCompanies {
  const colleagues = workers
    .filter(
      (one) => one.id !== leader.id && one.mailbox?.operator === leader.mailbox?.operator && !one.mailbox?.pending,
    )
    .slice(FIRST_WORKER);
  const board = (from: number, size: number) => [
    member(leader, 'Ordförande'),
    ...colleagues.slice(from, from + size - 1).map((one) => member(one, 'Ledamot')),
  ];
  const officers = colleagues.slice(FIRST_WORKER, FIRST_WORKER + 1);
  return {
    together: {
      ...company(0, 'Duvslagets Bygg AB', 'AB', { kind: 'together', signatures: 2 }),
      ruleText: 'Firman tecknas av två styrelseledamöter i förening.',
      persons: [...board(0, 3), ...officers.map((one) => officer(one, 'Verkställande direktör'))],
    },
    board: {
      ...company(1, 'Lillköpings Glasbruk AB', 'AB', { kind: 'board' }),
      persons: board(1, 3),
    },
    eachAlone: {
      ...company(2, 'Bageriet Duvan HB', 'HB', { kind: 'eachAlone' }),
      ruleText: 'Firman tecknas av bolagsmännen var för sig.',
      persons: [leader, ...colleagues.slice(2, 3)].map((one) => member(one, 'Bolagsman')),
    },
    housing: {
      ...company(3, 'Bostadsrättsföreningen Brevduvan', 'BRF', { kind: 'board' }),
      persons: board(3, 5),
    },
    unclear: {
      ...company(4, 'Vretsunda Förvaltning AB', 'AB', { kind: 'unknown' }),
      persons: board(0, 3),
    },
    association: {
      ...company(5, 'Lillköpings Idrottsförening', 'I', { kind: 'eachAlone' }),
      ruleText: 'Firman tecknas av ordföranden och kassören var för sig.',
      persons: board(4, 2),
    },
  };
}

const RULE_TEXTS: Readonly<Record<SigningRule['kind'], string>> = {
  eachAlone: 'Firman tecknas av ledamöterna var för sig.',
  together: 'Firman tecknas av två ledamöter i förening.',
  board: 'Firman tecknas av styrelsen.',
  unknown: 'Firman tecknas enligt särskilt beslut av styrelsen.',
};

function company(index: number, name: string, form: string, rule: SigningRule) {
  const organizationNumber: string = testOrganizationNumber(FIRST_SERIAL + index);
  return { organizationNumber, name, form, rule, ruleText: RULE_TEXTS[rule.kind] };
}

const FORM_CODES: readonly (readonly [suffix: string, code: string])[] = [
  [' AB', 'AB'],
  [' HB', 'HB'],
  [' Ekonomisk förening', 'EK'],
];
const BOARD_MAX = 5;
const RULES: readonly [SigningRule, ...SigningRule[]] = [
  { kind: 'eachAlone' },
  { kind: 'eachAlone' },
  { kind: 'together', signatures: 2 },
  { kind: 'board' },
];

/** The sample's other companies, each with a rule and people out of the sample. */
export function sampleCompanies(
  recipients: readonly SampleRecipient[],
  workers: readonly SampleRecipient[],
  random: Random,
): Company[] {
  return recipients.map(({ id, name }) => {
    const form = FORM_CODES.find(([suffix]) => name.endsWith(suffix))?.[1] ?? 'AB';
    const rule = random.pick(RULES);
    const size = random.integer(rule.kind === 'eachAlone' ? 1 : 2, BOARD_MAX);
    const first = random.integer(0, workers.length - BOARD_MAX);
    const persons = workers.slice(first, first + size).map((one, index) => member(one, roleOf(form, index)));
    return { organizationNumber: id, name, form, rule, ruleText: RULE_TEXTS[rule.kind], persons };
  });
}

function roleOf(form: string, index: number): string {
  if (form === 'HB') return 'Bolagsman';
  return index === 0 ? 'Ordförande' : 'Ledamot';
}

function member({ id, name }: SampleRecipient, role: string): CompanyPerson {
  return { id, name, role, isSignatory: true, isBoardMember: true };
}

/** Has a part in the company, and signs nothing for it. */
function officer(person: SampleRecipient, role: string): CompanyPerson {
  return { ...member(person, role), isSignatory: false, isBoardMember: false };
}
