import type { Language } from '@brevduva/ui';

/** English for what a citizen can meet; the Swedish texts stand with the codes themselves. */
const ENGLISH: Readonly<Record<string, string>> = {
  MAILBOX_SIGNING_UNREACHABLE:
    'The e-ID does not answer, so you cannot sign right now. Nothing has changed; try again in a while.',
  MAILBOX_REGISTER_UNREACHABLE:
    'The register of digital mailboxes does not answer right now. Nothing has changed; try again in a while.',
  MAILBOX_ACT_NOT_FOUND:
    'There is no such signature. Go to the settings; everything you have signed here stands there.',
  MAILBOX_UNKNOWN_SENDERS: 'One of the senders is not in the list any more. Go back to the list and choose again.',
  BASE_LOGIN_NOT_ADMITTED: 'The e-ID gave no valid personal or coordination number. Log in with another one.',
  MAILBOX_LETTER_NOT_FOUND: 'The letter is not in your mailbox. Go back to the inbox and open it from there.',
  MAILBOX_ATTACHMENT_NOT_FOUND: 'The attachment is not in the letter. Go back to the letter and open it from there.',
  MAILBOX_CONTENT_UNREADABLE: 'The letter could not be read. Try again; if it happens again, contact the operator.',
  BASE_NOT_FOUND: 'There is no such page.',
  BASE_SESSION_REQUIRED: 'You are no longer logged in. Log in and try again.',
  BASE_CSRF: 'The form does not belong to your login. Reload the page and try again.',
  BASE_LOGIN_STATE: 'The login was interrupted or took too long. Start again.',
  BASE_LOGIN_DENIED: 'The login was cancelled at the e-ID.',
  BASE_LOGIN_FAILED: 'The e-ID did not answer as expected. Try again in a while.',
  BASE_ISSUER_UNREACHABLE: 'The e-ID does not answer. Try again in a while.',
};
/** What the code's own Swedish text, made for every party, says too little of here. */
const SWEDISH: Readonly<Record<string, string>> = {
  BASE_LOGIN_NOT_ADMITTED:
    'E-legitimationen lämnade inget giltigt personnummer eller samordningsnummer. Logga in med en annan.',
};
const ENGLISH_OTHER = 'Something went wrong on our side. It is noted; try again in a while.';
/** Headlines that say more than the status does. */
const TITLES: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  MAILBOX_SIGNING_UNREACHABLE: { sv: 'E-legitimationen svarar inte', en: 'The e-ID does not answer' },
  MAILBOX_REGISTER_UNREACHABLE: { sv: 'Registret svarar inte', en: 'The register does not answer' },
};
const NOT_FOUND = 404;
const FORBIDDEN = 403;
const SERVER_FAULT = 500;

/** Headline and text of an error page. */
export function errorWords(
  error: { code: string; text: string; status: number },
  lang: Language,
): { title: string; text: string } {
  const text = lang === 'sv' ? (SWEDISH[error.code] ?? error.text) : (ENGLISH[error.code] ?? ENGLISH_OTHER);
  return { title: TITLES[error.code]?.[lang] ?? titleOf(error.status, lang), text };
}

function titleOf(status: number, lang: Language): string {
  if (status === NOT_FOUND) return lang === 'sv' ? 'Det finns inget här' : 'There is nothing here';
  if (status === FORBIDDEN) return lang === 'sv' ? 'Det går inte' : 'That is not possible';
  if (status >= SERVER_FAULT) return lang === 'sv' ? 'Något gick fel hos oss' : 'Something went wrong on our side';
  return lang === 'sv' ? 'Det gick inte' : 'That did not work';
}
