import type { Accounts } from './accounts.ts';
import type { IdentityClient } from './configuration.ts';

/** What a party asks a person to sign. */
export interface SigningRequest {
  readonly person: { readonly personalNumber: string; readonly name: string };
  readonly text: string;
  readonly nonce: string;
  /** On an origin that people also come back to after login. */
  readonly returnUrl: string;
}

export type SigningRequestFault = 'json' | 'person' | 'noText' | 'longText' | 'characters' | 'nonce' | 'returnUrl';

/** As much as the register takes of an agreement text. */
export const TEXT_LENGTH_MAX = 100_000;
const NONCE = /^[\u0021-\u007e]{1,200}$/;
const RETURN_URL_LENGTH_MAX = 2_000;
/**
 * What cannot be shown, or would make the page show something else than what is signed: control characters other than
 * tab and line breaks, halves of characters, and the marks that turn the direction of text.
 */
const HIDDEN_CHARACTERS = /(?![\t\n\r])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Reads the body of `POST /sign`. */
export function readSigningRequest(
  body: string,
  client: IdentityClient,
  accounts: Accounts,
): { ok: true; request: SigningRequest } | { ok: false; fault: SigningRequestFault } {
  const fields = parseFields(body);
  if (fields === undefined) return { ok: false, fault: 'json' };
  const { personalNumber, text, nonce, returnUrl } = fields;
  const person = findPerson(personalNumber, accounts);
  if (person === undefined) return { ok: false, fault: 'person' };
  const fault = textFault(text);
  if (fault !== undefined) return { ok: false, fault };
  if (!NONCE.test(nonce)) return { ok: false, fault: 'nonce' };
  if (!isReturnUrl(returnUrl, client)) return { ok: false, fault: 'returnUrl' };
  return { ok: true, request: { person, text, nonce, returnUrl } };
}

type Fields = Record<'personalNumber' | 'text' | 'nonce' | 'returnUrl', string>;

/** Fields that are absent are empty; one that is no text is a fault of form. */
function parseFields(body: string): Fields | undefined {
  try {
    const { personalNumber = '', text = '', nonce = '', returnUrl = '' } = JSON.parse(body) as Partial<Fields>;
    const fields = { personalNumber, text, nonce, returnUrl };
    return Object.values(fields).every((value) => typeof value === 'string') ? fields : undefined;
  } catch {
    // Not JSON, or JSON's null: said to the caller.
    return undefined;
  }
}

function findPerson(personalNumber: string, accounts: Accounts): SigningRequest['person'] | undefined {
  const choice = accounts.choosePerson(personalNumber);
  const claims = choice.ok ? accounts.claims(choice.accountId) : undefined;
  const number = claims?.['personnummer'];
  if (claims === undefined || number !== personalNumber) return undefined;
  return { personalNumber, name: claims.name };
}

function textFault(text: string): SigningRequestFault | undefined {
  if (text.trim() === '') return 'noText';
  if (text.length > TEXT_LENGTH_MAX) return 'longText';
  return HIDDEN_CHARACTERS.test(text) ? 'characters' : undefined;
}

function isReturnUrl(returnUrl: string, client: IdentityClient): boolean {
  if (returnUrl.length > RETURN_URL_LENGTH_MAX || !URL.canParse(returnUrl)) return false;
  const { origin, username, password } = new URL(returnUrl);
  const isClients = client.redirectUris.some((uri) => new URL(uri).origin === origin);
  return isClients && username === '' && password === '';
}
