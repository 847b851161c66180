declare const brand: unique symbol;

/** A person's number as the contract writes it: twelve digits, century first; also a coordination number. */
export type PersonalNumber = string & { readonly [brand]: 'PersonalNumber'; readonly recipient: true };
/** Twelve digits, `16` first. */
export type OrganizationNumber = string & { readonly [brand]: 'OrganizationNumber'; readonly recipient: true };
/** Whoever can have a mailbox. */
export type RecipientId = PersonalNumber | OrganizationNumber;

export type RecipientKind = 'person' | 'coordination' | 'organization';
/** `format`: not one of the written forms; `date`: no such day; `checkDigit`: the last digit is wrong. */
export type IdentityFault = 'format' | 'date' | 'checkDigit';

export type ParsedRecipientId =
  | { ok: true; id: PersonalNumber; kind: 'person' | 'coordination' }
  | { ok: true; id: OrganizationNumber; kind: 'organization' }
  | { ok: false; fault: IdentityFault };

export type ParsedOrganizationNumber = { ok: true; id: OrganizationNumber } | { ok: false; fault: IdentityFault };

/** A calendar day, without clock or time zone. */
export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

/** A coordination number is a personal number with 60 added to the day (FACTS c). */
const COORDINATION_DAY_OFFSET = 60;
const ORGANIZATION_PREFIX = '16';
/** `sv-SE` writes a date as yyyy-mm-dd. */
const SWEDISH_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' });
const ORGANIZATION = /^(16)?(\d{6})-?(\d{4})$/;
const PERSON = /^((?:18|19|20)\d{6})-?(\d{4})$/;
/**
 * The third digit of an organisation number, its "month", is not below 2: that tells it from a personal number
 * written with ten digits, which has lost its century and is therefore refused. Where `16` is written out there
 * is no doubt, and the contract's pattern of 2025 no longer asks for it (FACTS c).
 */
const ORGANIZATION_THIRD_DIGIT = /^\d{2}[2-9]/;

/**
 * Reads a recipient id: twelve digits, with or without the hyphen before the last four; an organisation number
 * also with ten digits, which gets its `16`. Whitespace around is ignored. The check is exact: form, calendar
 * (FACTS c, scenario 12), check digit; the schema's own pattern lets month 02 have 31 days and any check digit.
 */
export function parseRecipientId(text: string): ParsedRecipientId {
  const trimmed = text.trim();
  if (PERSON.test(trimmed)) return parsePerson(trimmed);
  const organization = parseOrganizationNumber(trimmed);
  return organization.ok ? { ...organization, kind: 'organization' } : organization;
}

/** Reads an organisation number: ten digits or twelve beginning with `16`, with or without hyphen. */
export function parseOrganizationNumber(text: string): ParsedOrganizationNumber {
  const match = ORGANIZATION.exec(text.trim());
  if (match === null) return { ok: false, fault: 'format' };
  const digits = `${match[2]}${match[3]}`;
  if (match[1] === undefined && !ORGANIZATION_THIRD_DIGIT.test(digits)) return { ok: false, fault: 'format' };
  if (!hasCheckDigit(digits)) return { ok: false, fault: 'checkDigit' };
  return { ok: true, id: `${ORGANIZATION_PREFIX}${digits}` as OrganizationNumber };
}

/** Whether an id that was parsed belongs to a person, a person with coordination number, or an organisation. */
export function recipientKind(id: RecipientId): RecipientKind {
  if (id.startsWith(ORGANIZATION_PREFIX)) return 'organization';
  return Number(id.slice(6, 8)) > COORDINATION_DAY_OFFSET ? 'coordination' : 'person';
}

/** The day a person was born, also out of a coordination number; undefined for an organisation. */
export function birthDate(id: RecipientId): CalendarDate | undefined {
  return recipientKind(id) === 'organization' ? undefined : writtenDate(id);
}

/**
 * Whole years of a person on a calendar day (an instant counts as its day in Sweden); undefined for an
 * organisation. One born on 29 February grows a year older on the 28th in a common year: where the month has no
 * such day its last day counts, lag (1930:173) om beräkning av lagstadgad tid, 1 §.
 */
export function ageOn(id: RecipientId, date: CalendarDate | Date): number | undefined {
  const born = birthDate(id);
  if (born === undefined) return undefined;
  const on = date instanceof Date ? swedishDate(date) : date;
  const birthday = Math.min(born.day, daysInMonth(on.year, born.month));
  const hadBirthday = on.month > born.month || (on.month === born.month && on.day >= birthday);
  return on.year - born.year - (hadBirthday ? 0 : 1);
}

/** The calendar day in Sweden at an instant: whoever turns 18 does so at midnight there, not in UTC. */
export function swedishDate(instant: Date): CalendarDate {
  const [year, month, day] = SWEDISH_DAY.format(instant).split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) throw new TypeError('not a date');
  return { year, month, day };
}

/**
 * Whether the last digit is right for those before it (Luhn, modulus 10): of a personal or organisation number without its century, a
 * bankgiro or plusgiro account, an OCR number.
 */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[i]) * ((digits.length - i) % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function parsePerson(text: string): ParsedRecipientId {
  const digits = text.replace('-', '');
  const date = writtenDate(digits);
  if (!isCalendarDate(date)) return { ok: false, fault: 'date' };
  if (!hasCheckDigit(digits.slice(2))) return { ok: false, fault: 'checkDigit' };
  const kind = Number(digits.slice(6, 8)) > COORDINATION_DAY_OFFSET ? 'coordination' : 'person';
  return { ok: true, id: digits as PersonalNumber, kind };
}

function writtenDate(digits: string): CalendarDate {
  const day = Number(digits.slice(6, 8));
  return {
    year: Number(digits.slice(0, 4)),
    month: Number(digits.slice(4, 6)),
    day: day > COORDINATION_DAY_OFFSET ? day - COORDINATION_DAY_OFFSET : day,
  };
}

/** Whether there is such a day; not through `Date`, which moves 30 February to March in silence. */
export function isCalendarDate({ year, month, day }: CalendarDate): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
