import { domainToASCII } from 'node:url';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';

declare const mailAddress: unique symbol;
/** An e-mail address that {@link parseMailAddress} has judged: safe in an SMTP command and in a header. */
export type MailAddress = string & { readonly [mailAddress]: true };

/** RFC 5321 4.5.3.1. */
const ADDRESS_CHARACTERS_MAX = 254;
const LOCAL_PART_CHARACTERS_MAX = 64;
/** RFC 5322's dot-atom. Quoted local parts are legal, and used by nobody but attackers. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads one e-mail address: `Anna@Räksmörgås.se` becomes `Anna@xn--rksmrgs-5wao1o.se`. One person's address only: no name, no list, no
 * comment; å, ä and ö in the domain but not before the @ (few servers take such mail).
 * @throws BASE_MAIL_ADDRESS_INVALID
 */
export function parseMailAddress(text: string): MailAddress {
  const address = readMailAddress(text);
  if (address === undefined) throw appError(BASE_ERRORS, 'BASE_MAIL_ADDRESS_INVALID');
  return address;
}

/** As {@link parseMailAddress}, for judges that collect their faults. */
export function readMailAddress(text: string): MailAddress | undefined {
  const trimmed = text.trim();
  if (trimmed.length > ADDRESS_CHARACTERS_MAX) return undefined;
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0));
  const domain = domainToASCII(trimmed.slice(at + 1));
  const isSound =
    local.length <= LOCAL_PART_CHARACTERS_MAX && LOCAL_PART.test(local) && DOMAIN.test(domain) && isDomainName(domain);
  if (!isSound || local.length + 1 + domain.length > ADDRESS_CHARACTERS_MAX) return undefined;
  return `${local}@${domain}` as MailAddress;
}

/** An address that may be shown to somebody who may not see it: `a…@kommun.se`. */
export function maskMailAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(Math.max(at, 0))}`;
}

/** A dot in it, and no number: mail to `1.2.3.4` goes to whoever has that address. `localhost` is for tests and development. */
function isDomainName(domain: string): boolean {
  return domain === 'localhost' || (domain.includes('.') && !/^\d+$/.test(domain.split('.').at(-1) ?? ''));
}
