import type { Language } from '@brevduva/ui';

/** The public text of an error in the reader's language; `text` is the Swedish one, which may name what was found. */
export function errorText(code: string, text: string, lang: Language): string {
  if (lang === 'sv') return text;
  return Object.hasOwn(ENGLISH, code) ? ENGLISH[code as keyof typeof ENGLISH] : text;
}

/** Every error that a person can meet in the console, and every fault that a letter's story can hold. */
const ENGLISH = {
  BASE_NOT_FOUND: 'The page does not exist.',
  BASE_BODY_TOO_LARGE: 'What was sent is too large.',
  BASE_BODY_MALFORMED: 'What was sent cannot be read.',
  BASE_MEDIA_TYPE: 'The content type is not accepted here.',
  BASE_VALIDATION: 'What was sent does not follow the description.',
  BASE_BAD_REQUEST: 'The request cannot be understood.',
  BASE_OVERLOADED: 'The service is closing or has too much to do. Try again in a while.',
  BASE_INTERNAL: 'Something went wrong on our side. It is noted; try again in a while.',
  HUB_ADMINISTRATOR_ONLY: 'The page is for administrators.',
  HUB_FLOW_NOT_FOUND: 'The flow does not exist.',
  HUB_SYSTEM_NOT_FOUND: 'The business system does not exist in the organisation.',
  HUB_ROLE_MISSING: 'You may look, but not do this. Ask a caseworker or your administrator.',
  BASE_DATABASE_UNREACHABLE: 'The service cannot reach its database. Try again in a while.',
  BASE_DISK_FULL: 'The disk is full. Nothing that was acknowledged is lost.',
  BASE_SESSION_REQUIRED: 'You are no longer logged in. Log in and try again.',
  BASE_CSRF: 'The form does not belong to your login. Reload the page and try again.',
  BASE_LOGIN_STATE: 'The login was interrupted or took too long. Begin again.',
  BASE_LOGIN_DENIED: 'The login was cancelled at the identity provider.',
  BASE_LOGIN_FAILED: 'The identity provider did not answer as expected. Try again in a while.',
  BASE_LOGIN_NOT_ADMITTED: 'You are logged in but have no access here.',
  BASE_ISSUER_UNREACHABLE: 'The identity provider does not answer. Try again in a while.',
  HUB_LETTER_NOT_FOUND: 'The letter does not exist.',
  HUB_LETTER_PROTECTED:
    'The recipient has a protected identity. The content, files and exact XML of the letter are not shown here; see them in the business system.',
  HUB_MAILING_NOT_FOUND: 'The mailing does not exist.',
  HUB_MAILING_NOT_AWAITING: 'The mailing does not await approval.',
  HUB_MAILING_COMMITTED: 'The mailing is released already and cannot be cancelled. Cancel single letters instead.',
  HUB_MAILING_SAME_PERSON: 'Who made the mailing cannot approve it. Ask a colleague.',
  HUB_CASE_NOT_FOUND: 'The case does not exist.',
  HUB_CASE_CLOSED: 'Somebody else was first: the case is closed already.',
  HUB_CASE_ADDRESS: 'The postal address must be corrected before the letter can go on paper.',
  HUB_CASE_RISK:
    'It is unknown whether the letter has arrived already. Confirm that it is to go on paper all the same.',
  HUB_CASE_PROTECTED: 'Letters to a person with a protected identity are not sent from here.',
  HUB_ADDRESS_REQUIRED: 'The postal address is missing.',
  HUB_ADDRESS_NAME_MISSING: "The recipient's name is missing.",
  HUB_ADDRESS_TOO_FEW_LINES: 'The address lacks street or box.',
  HUB_ADDRESS_TOO_MANY_LINES: "The address has more lines than the envelope's window can show.",
  HUB_ADDRESS_LINE_TOO_LONG: "A line of the address is too long for the envelope's window.",
  HUB_ADDRESS_POSTAL_CODE:
    'The postal code is missing or is not Swedish: it has five digits, the first of them 1–9. For other countries, fill in the country.',
  HUB_ADDRESS_CITY: 'The city is missing.',
  HUB_ADDRESS_COUNTRY: 'There is no such country. Write its name in Swedish or English, or its code of two letters.',
  HUB_ADDRESS_CARE_OF: 'After "c/o" it must say with whom the letter is to be left.',
  HUB_ADDRESS_FIRST_CHARACTER: 'A line of the address begins with a character that it cannot begin with.',
  HUB_ADDRESS_CHARACTER: 'The address has a character that cannot be printed.',
  HUB_ADDRESS_NO_FIXED_ABODE:
    'This is no address that post can be delivered to. Say where the person can be reached, for example a c/o address.',
  HUB_PDF_NOT_A_PDF: 'The file is not a PDF.',
  HUB_PDF_CORRUPT: 'The PDF is broken and cannot be read safely.',
  HUB_PDF_NO_PAGES: 'The PDF has no pages.',
  HUB_PDF_ENCRYPTED: 'The PDF is protected by a password or encrypted.',
  HUB_PDF_ACTIVE_CONTENT: 'The PDF holds something that can run when it is opened.',
  HUB_PDF_EMBEDDED_FILE: 'The PDF has other files embedded.',
  HUB_PDF_TOO_MANY_PAGES: 'The PDF has too many pages.',
  HUB_PDF_TOO_LARGE: 'The PDF is too large.',
  HUB_PDF_TOO_COMPLEX: 'The PDF could not be checked within a reasonable time.',
  HUB_PDF_FONT_NOT_EMBEDDED: 'A font is missing from the PDF, so the text could come out wrong on paper.',
  HUB_PDF_TOO_MANY_SHEETS: 'The letter has more sheets than the envelope can hold.',
  HUB_PDF_CHARACTER: 'The text has characters that cannot be printed.',
  HUB_PDF_ADDRESS_TOO_WIDE: "A line of the address is too long for the envelope's window.",
  HUB_PDF_IMAGE: "A picture in the letter's text cannot be read.",
  HUB_PDF_TEXT_TOO_LONG: "The letter's text is too long.",
} as const;
