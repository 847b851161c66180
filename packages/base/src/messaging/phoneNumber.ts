import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';

declare const phoneNumber: unique symbol;
/** A mobile number in E.164: `+46701234567`. */
export type PhoneNumber = string & { readonly [phoneNumber]: true };

/** E.164: at most fifteen digits. No country's mobile numbers are shorter than seven with its code. */
const INTERNATIONAL = /^\+[1-9]\d{6,14}$/;
/** Mobile series of the Swedish numbering plan: 070, 072, 073, 076, 079. Other Swedish numbers take no SMS. */
const SWEDISH_MOBILE = /^\+467[02369]\d{7}$/;
const TYPED_CHARACTERS_MAX = 40;

/**
 * Reads a mobile number as people write it: `070-123 45 67`, `+46 (0)70 123 45 67`, `0046…` and `+47…`. Without a
 * country it is Swedish.
 * @throws BASE_PHONE_NUMBER_INVALID
 */
export function parsePhoneNumber(text: string): PhoneNumber {
  const number = readPhoneNumber(text);
  if (number === undefined) throw appError(BASE_ERRORS, 'BASE_PHONE_NUMBER_INVALID');
  return number;
}

/** As {@link parsePhoneNumber}, for judges that collect their faults. */
export function readPhoneNumber(text: string): PhoneNumber | undefined {
  if (text.length > TYPED_CHARACTERS_MAX) return undefined;
  const bare = text
    .trim()
    .replace(/\(0\)/, '')
    .replace(/[\s\u00a0()./–-]/g, '');
  const number = withCountry(bare);
  const isSound = number.startsWith('+46') ? SWEDISH_MOBILE.test(number) : INTERNATIONAL.test(number);
  return isSound ? (number as PhoneNumber) : undefined;
}

/** A number that may be shown to somebody who may not see it: `+4670…67`. */
export function maskPhoneNumber(number: string): string {
  return `${number.slice(0, 5)}…${number.slice(-2)}`;
}

function withCountry(bare: string): string {
  if (bare.startsWith('00')) return `+${bare.slice(2)}`;
  return bare.startsWith('0') ? `+46${bare.slice(1)}` : bare;
}
