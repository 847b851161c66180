import {
  type OrganizationNumber,
  type PersonalNumber,
  parseOrganizationNumber,
  parseRecipientId,
  type RecipientId,
} from '@brevduva/protocol';

/** Birth numbers that Skatteverket keeps for tests: nobody is given one, so no test letter reaches a real person. */
export const TEST_BIRTH_NUMBER_MIN = 980;
export const TEST_BIRTH_NUMBER_MAX = 999;

/**
 * Organisation numbers of the sample begin so. The first digit tells the legal form, and 4 is given to none; a number
 * like that can therefore never belong to a real organisation.
 */
const TEST_ORGANIZATION_PREFIX = '4999';
export const TEST_ORGANIZATION_SERIAL_MAX = 99_999;
const COORDINATION_DAY_OFFSET = 60;

export interface BirthDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The test number of a day and a birth number (980–999; odd for men, even for women), with its check digit. */
export function testPersonalNumber(
  { year, month, day }: BirthDay,
  birthNumber: number,
  kind: 'person' | 'coordination' = 'person',
): PersonalNumber {
  if (birthNumber < TEST_BIRTH_NUMBER_MIN || birthNumber > TEST_BIRTH_NUMBER_MAX) {
    throw new RangeError(`${birthNumber} is no birth number for tests`);
  }
  const writtenDay = kind === 'coordination' ? day + COORDINATION_DAY_OFFSET : day;
  const digits = `${year}${pad(month, 2)}${pad(writtenDay, 2)}${birthNumber}`;
  const parsed = parseRecipientId(digits + checkDigit(digits.slice(2)));
  if (!parsed.ok || parsed.kind === 'organization') throw new RangeError(`${year}-${month}-${day} is no day`);
  return parsed.id;
}

/** The sample's organisation number with this serial, 0 to 99 999. */
export function testOrganizationNumber(serial: number): OrganizationNumber {
  if (serial < 0 || serial > TEST_ORGANIZATION_SERIAL_MAX) throw new RangeError(`no organisation serial ${serial}`);
  const digits = TEST_ORGANIZATION_PREFIX + pad(serial, 5);
  const parsed = parseOrganizationNumber(`16${digits}${checkDigit(digits)}`);
  if (!parsed.ok) throw new RangeError(`serial ${serial} gives no organisation number`);
  return parsed.id;
}

/** Whether the number can only be a test number: of a person or an organisation that does not exist. */
export function isTestNumber(id: RecipientId): boolean {
  if (id.startsWith('16')) return id.startsWith(`16${TEST_ORGANIZATION_PREFIX}`);
  const birthNumber = Number(id.slice(8, 11));
  return birthNumber >= TEST_BIRTH_NUMBER_MIN && birthNumber <= TEST_BIRTH_NUMBER_MAX;
}

/** Luhn, modulus 10, over nine digits. */
function checkDigit(nineDigits: string): string {
  const sum = [...nineDigits].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
