import { defineErrors } from '@brevduva/base';

/** Every error the mailbox operator shows or logs by code. The texts are public Swedish. */
export const ERRORS = defineErrors({
  MAILBOX_NO_ACCOUNT: {
    status: 403,
    text: 'Du har ingen brevlåda här. Öppna en brevlåda hos operatören eller logga in där du har din.',
  },
  MAILBOX_ASSURANCE_LEVEL: {
    status: 403,
    text: 'Din e-legitimation har för låg tillitsnivå för att läsa post från myndigheter. Logga in med en på nivå 3 eller högre.',
  },
  MAILBOX_SIGNING_UNREACHABLE: {
    status: 503,
    text: 'E-legitimationen svarar inte, så du kan inte skriva under just nu. Inget har ändrats; försök igen om en stund.',
  },
  MAILBOX_SIGNING_REFUSED: {
    status: 502,
    text: 'E-legitimationen tog inte emot din underskrift. Inget har ändrats; försök igen, eller kontakta brevlådeoperatören.',
  },
  MAILBOX_REGISTER_UNREACHABLE: {
    status: 503,
    text: 'Registret över digitala brevlådor svarar inte just nu. Inget har ändrats; försök igen om en stund.',
  },
  MAILBOX_ACT_NOT_FOUND: {
    status: 404,
    text: 'Det finns ingen sådan underskrift. Gå till inställningarna; där står allt du har skrivit under här.',
  },
  MAILBOX_UNKNOWN_SENDERS: {
    status: 422,
    text: 'En av avsändarna finns inte i listan längre. Gå tillbaka till listan och välj igen.',
  },
  MAILBOX_LETTER_NOT_FOUND: {
    status: 404,
    text: 'Brevet finns inte i din brevlåda. Gå tillbaka till inkorgen och öppna det därifrån.',
  },
  MAILBOX_ATTACHMENT_NOT_FOUND: {
    status: 404,
    text: 'Bilagan finns inte i brevet. Gå tillbaka till brevet och öppna den därifrån.',
  },
  MAILBOX_SCHEMA_NOT_FOUND: {
    status: 404,
    text: 'Det finns inget schema med det namnet. Börja med ?wsdl, som nämner alla.',
  },
  MAILBOX_READ_STATUS_CALLER: {
    status: 403,
    text: 'Certifikatet nämner ingen organisation. Fråga med samma certifikat som breven levererades med.',
  },
  MAILBOX_READ_STATUS_REQUEST: {
    status: 400,
    text: 'Frågan ska vara { "deliveries": [ … ] } med högst 1000 leveranser, var och en ett TransId.',
  },
  MAILBOX_CONTENT_UNREADABLE: {
    status: 500,
    text: 'Brevets innehåll gick inte att läsa. Försök igen; om felet består, kontakta brevlådeoperatören.',
  },
  MAILBOX_CONTENT_KEY_LENGTH: {
    status: 500,
    text: 'Innehållsnyckeln har fel längd. Ange 32 byte.',
  },
  MAILBOX_SETTINGS: {
    status: 500,
    text: 'Brevlådeoperatörens inställningar är inte giltiga. Rätta de fält som räknas upp.',
  },
  MAILBOX_RECIPIENT_ID: {
    status: 422,
    text: 'Numret är inget giltigt person-, samordnings- eller organisationsnummer.',
  },
});
