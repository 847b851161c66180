import { ACCOUNT_COLUMNS } from './accountColumns.ts';

export interface GenerateOptions {
  /** At most GENERATED_ACCOUNTS_MAX. */
  count: number;
  /** Another one gives other holders in another order; the same gives the same file, byte for byte. */
  seed: number;
  /** Organisation numbers or domains; each following one has half as many accounts as the one before. */
  operators: readonly string[];
}

/** Of a hundred holders three are companies, and half a million company numbers are in use here. */
export const GENERATED_ACCOUNTS_MAX = 16_000_000;

/**
 * An account file of invented holders in pieces of text: none twice, in no order. Of a hundred holders three are
 * companies and one has a coordination number; some few are pending, deregistered, anonymous or without operator.
 *
 * Personal numbers have the birth numbers of Skatteverket's test series (238, 239, 980, 981) as long as these suffice,
 * which is for 110 000 persons. Larger files have numbers that someone may own: they are for registers that are cut off
 * from the world.
 */
export function* generateAccounts({ count, seed, operators }: GenerateOptions): Generator<string> {
  const idOf = holders(count, seed);
  let text = `${ACCOUNT_COLUMNS.join(',')}\n`;
  for (let index = 0; index < count; index += 1) {
    text += `${idOf(index)},${stateOf(mixed(index, seed), index % BLOCK < COMPANIES_IN_BLOCK, operators)}\n`;
    if (text.length < PIECE_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

const PIECE_CHARACTERS = 65_536;
/** Of so many holders in a row the first three are companies, the next has a coordination number, the rest are persons. */
const BLOCK = 100;
const COMPANIES_IN_BLOCK = 3;
const COORDINATIONS_IN_BLOCK = 1;
const PERSONS_IN_BLOCK = BLOCK - COMPANIES_IN_BLOCK - COORDINATIONS_IN_BLOCK;
/** 559500-0000 and on: not given out by Bolagsverket in 2025. */
const COMPANY_FIRST = 559_500_000;
const COMPANIES = 500_000;
const DAY_MS = 86_400_000;
const BORN_FIRST_MS = Date.UTC(1928, 0, 1);
const BIRTHDAYS = (Date.UTC(2006, 0, 1) - BORN_FIRST_MS) / DAY_MS;
const TEST_BIRTH_NUMBERS = [238, 239, 980, 981];
const BIRTH_NUMBERS = [
  ...TEST_BIRTH_NUMBERS,
  ...Array.from({ length: 1000 }, (_, number) => number).filter((number) => !TEST_BIRTH_NUMBERS.includes(number)),
];
const COORDINATION_DAY_OFFSET = 60;
const REGISTERED_FIRST_MS = Date.UTC(2013, 0, 1);
const REGISTERED_SECONDS = (Date.UTC(2026, 0, 1) - REGISTERED_FIRST_MS) / 1000;

function holders(count: number, seed: number): (index: number) => string {
  const blocks = Math.ceil(count / BLOCK);
  const company = shuffle(COMPANIES, seed);
  const coordination = shuffle(birthPlaces(blocks * COORDINATIONS_IN_BLOCK), seed);
  const person = shuffle(birthPlaces(blocks * PERSONS_IN_BLOCK), seed);
  return (index) => {
    const block = Math.floor(index / BLOCK);
    const place = index % BLOCK;
    if (place < COMPANIES_IN_BLOCK) return companyNumber(company(block * COMPANIES_IN_BLOCK + place));
    if (place < COMPANIES_IN_BLOCK + COORDINATIONS_IN_BLOCK) {
      return personalNumber(coordination(block * COORDINATIONS_IN_BLOCK), COORDINATION_DAY_OFFSET);
    }
    return personalNumber(person(block * PERSONS_IN_BLOCK + place - (BLOCK - PERSONS_IN_BLOCK)), 0);
  };
}

/** Birthdays times birth numbers, no more of these than are needed. */
const birthPlaces = (persons: number): number => BIRTHDAYS * Math.max(1, Math.ceil(persons / BIRTHDAYS));

/** Every number below `size` once, in an order that has nothing to do with theirs. */
function shuffle(size: number, seed: number): (ordinal: number) => number {
  let step = Math.floor(size * 0.618) + (seed % 1000);
  while (greatestCommonDivisor(step, size) !== 1) step += 1;
  const start = mixed(seed, size) % size;
  // the product stays below 2^53: both are below 30 million
  return (ordinal) => (ordinal * step + start) % size;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function companyNumber(place: number): string {
  const nine = String(COMPANY_FIRST + place);
  return `16${nine}${checkDigit(nine)}`;
}

function personalNumber(place: number, dayOffset: number): string {
  const born = new Date(BORN_FIRST_MS + (place % BIRTHDAYS) * DAY_MS);
  const day = two(born.getUTCDate() + dayOffset);
  const birthNumber = String(BIRTH_NUMBERS[Math.floor(place / BIRTHDAYS)]).padStart(3, '0');
  const digits = `${born.getUTCFullYear()}${two(born.getUTCMonth() + 1)}${day}${birthNumber}`;
  return `${digits}${checkDigit(digits.slice(2))}`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** Luhn's, of nine digits. */
function checkDigit(nine: string): number {
  let sum = 0;
  for (let at = 0; at < nine.length; at += 1) {
    const product = (nine.charCodeAt(at) - 48) * (at % 2 === 0 ? 2 : 1);
    sum += product > 9 ? product - 9 : product;
  }
  return (10 - (sum % 10)) % 10;
}

function stateOf(chance: number, isCompany: boolean, operators: readonly string[]): string {
  const rare = chance % 1000;
  const type = rare < 5 ? 'Not' : rare < 6 ? 'Anonymous' : 'Secure';
  const isPending = isCompany && rare >= 10 && rare < 30;
  const operator = rare >= 6 && rare < 8 ? '' : operatorOf(chance >>> 10, operators);
  const registeredAt = new Date(REGISTERED_FIRST_MS + (chance % REGISTERED_SECONDS) * 1000);
  return `${operator},${type},${isPending},${registeredAt.toISOString().slice(0, 19)}Z`;
}

function operatorOf(chance: number, operators: readonly string[]): string {
  const halvings = Math.clz32(chance << 10);
  return operators[Math.min(halvings, operators.length - 1)] ?? '';
}

/** 32 bits that look like chance (the finalizer of MurmurHash3). */
function mixed(index: number, seed: number): number {
  let hash = (index ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
