import type { Language } from '@brevduva/ui';
import { ACTOR_ERRORS_ENGLISH } from './actors/actorErrorTexts.ts';

/** The public text of an error in the reader's language; `text` is the Swedish one, which may name what was found. */
export function errorText(code: string, text: string, lang: Language): string {
  if (lang === 'sv') return text;
  return Object.hasOwn(ENGLISH, code) ? ENGLISH[code as keyof typeof ENGLISH] : text;
}

/** Every error that a person can meet in the console. */
const ENGLISH = {
  ...ACTOR_ERRORS_ENGLISH,
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
  FAR_AUDIT_EVENT_NOT_FOUND: 'The event is not in the audit log.',
  FAR_ROLE_MISSING: 'You may look, but not change anything here. Ask someone who runs the register.',
} as const;
