import type { BASE_ERRORS } from '@brevduva/base';
import type { Language } from './language.ts';
import { uiTexts } from './uiTexts.ts';

/** The public text of an error in the reader's language; `text` is the Swedish one, which may name what was found. */
export type ErrorText = (code: string, text: string, lang: Language) => string;

/** Texts for the staff of a party: what every web server can say, and the party's own codes in English. */
export function createErrorText(ownEnglish: Readonly<Record<string, string>>): ErrorText {
  const english = new Map(Object.entries({ ...BASE_ENGLISH, ...ownEnglish }));
  return (code, text, lang) => (lang === 'sv' ? text : (english.get(code) ?? text));
}

/** What a staff page says above an error. */
export function errorTitle(status: number, lang: Language): string {
  const texts = uiTexts(lang);
  if (status === 404) return texts.errorNotFound;
  if (status === 401) return texts.errorLoginNeeded;
  if (status === 403) return texts.errorForbidden;
  if (status === 503) return texts.errorUnavailable;
  return status < 500 ? texts.errorRefused : texts.errorOurs;
}

/** Those that a person can meet in a browser. */
const BASE_ENGLISH: Readonly<Partial<Record<keyof typeof BASE_ERRORS, string>>> = {
  BASE_NOT_FOUND: 'The page does not exist.',
  BASE_BODY_TOO_LARGE: 'What was sent is too large.',
  BASE_BODY_MALFORMED: 'What was sent cannot be read.',
  BASE_MEDIA_TYPE: 'The content type is not accepted here.',
  BASE_VALIDATION: 'What was sent does not follow the description.',
  BASE_BAD_REQUEST: 'The request cannot be understood.',
  BASE_OVERLOADED: 'The service is closing or has too much to do. Try again in a while.',
  BASE_INTERNAL: 'Something went wrong on our side. It is noted; try again in a while.',
  BASE_DATABASE_UNREACHABLE: 'The service cannot reach its database. Try again in a while.',
  BASE_DISK_FULL: 'The disk is full. Nothing that was acknowledged is lost.',
  BASE_SESSION_REQUIRED: 'You are no longer logged in. Log in and try again.',
  BASE_CSRF: 'The form does not belong to your login. Reload the page and try again.',
  BASE_LOGIN_STATE: 'The login was interrupted or took too long. Begin again.',
  BASE_LOGIN_DENIED: 'The login was cancelled at the identity provider.',
  BASE_LOGIN_FAILED: 'The identity provider did not answer as expected. Try again in a while.',
  BASE_LOGIN_NOT_ADMITTED: 'You are logged in but have no access here.',
  BASE_ISSUER_UNREACHABLE: 'The identity provider does not answer. Try again in a while.',
};
