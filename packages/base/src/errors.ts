import { defineErrors } from './appError.ts';

/** Every error that base itself raises. */
export const BASE_ERRORS = defineErrors({
  // start
  BASE_SETTINGS_INVALID: { status: 500, text: 'Inställningarna går inte att använda. Rätta dem och starta igen.' },
  BASE_PORT_TAKEN: {
    status: 500,
    text: 'Port {port} används redan av ett annat program. Stoppa det, eller starta med andra portar (--port-base).',
  },
  BASE_PORT_FORBIDDEN: {
    status: 500,
    text: 'Port {port} på {host} får inte öppnas av den här användaren. Välj en port över 1023 och en adress som finns på datorn.',
  },
  BASE_DATABASE_UNREACHABLE: {
    status: 503,
    text: 'Databasen svarar inte. Kontrollera att PostgreSQL är igång och att DATABASE_URL stämmer.',
  },
  BASE_DATABASE_NEWER: {
    status: 500,
    text: 'Databasen är skapad av en nyare version av Brevduva. Starta den versionen, eller en senare.',
  },
  BASE_MIGRATION_CHANGED: {
    status: 500,
    text: 'En migrering som redan är körd i databasen har ändrats i koden. Återställ filen och lägg ändringen i en ny migrering.',
  },
  BASE_MIGRATION_FAILED: {
    status: 500,
    text: 'Migreringen {migration} gick inte att köra. Inget av den är kvar i databasen; se loggen.',
  },
  BASE_DISK_FULL: {
    status: 507,
    text: 'Disken är full. Frigör utrymme där databasen ligger; inget som redan är kvitterat har gått förlorat.',
  },
  BASE_DATA_FOLDER_VERSION: {
    status: 500,
    text: 'Datakatalogen {folder} hör till PostgreSQL {found}, men den här versionen använder {wanted}. Välj en annan katalog med --data, eller ta fram data med den gamla versionen.',
  },
  BASE_DATA_FOLDER_IN_USE: {
    status: 500,
    text: 'Datakatalogen {folder} används redan av en annan Brevduva som är igång. Stoppa den, eller välj en annan katalog med --data.',
  },
  BASE_DATA_FOLDER_FOREIGN: {
    status: 500,
    text: 'Datakatalogen {folder} går inte att använda: lösenordet till databasen i den saknas eller stämmer inte. Välj en annan katalog med --data.',
  },
  BASE_DATA_FOLDER_UNREACHABLE: {
    status: 500,
    text: 'Datakatalogen {folder} går inte att skriva i. Välj en annan katalog med --data.',
  },
  BASE_POSTGRES_USER: {
    status: 500,
    text: 'PostgreSQL får inte köras som root och användaren postgres gick inte att skapa. Starta som en vanlig användare, eller skapa användaren postgres.',
  },
  BASE_POSTGRES_MISSING: {
    status: 500,
    text: 'PostgreSQL för den här datorn är inte installerat. Kör npm ci, eller ange en egen server med DATABASE_URL.',
  },
  BASE_POSTGRES_START: {
    status: 500,
    text: 'Databasen gick inte att starta. Se de sista raderna i {file}.',
  },
  BASE_CONTENT_UNREADABLE: {
    status: 500,
    text: 'Innehållet går inte att dekryptera. Kontrollera att rätt innehållsnyckel används.',
  },
  // web server
  BASE_NOT_FOUND: { status: 404, text: 'Sidan finns inte.' },
  BASE_BODY_TOO_LARGE: { status: 413, text: 'Det som skickades är för stort.' },
  BASE_BODY_MALFORMED: { status: 400, text: 'Det som skickades går inte att läsa.' },
  BASE_MEDIA_TYPE: { status: 415, text: 'Innehållstypen tas inte emot här.' },
  BASE_VALIDATION: { status: 400, text: 'Det som skickades följer inte beskrivningen.' },
  BASE_BAD_REQUEST: { status: 400, text: 'Anropet går inte att förstå.' },
  BASE_OVERLOADED: { status: 503, text: 'Tjänsten stängs eller har för mycket att göra. Försök igen om en stund.' },
  BASE_INTERNAL: { status: 500, text: 'Något gick fel hos oss. Felet är noterat; försök igen om en stund.' },
  BASE_CERTIFICATE_REQUIRED: { status: 403, text: 'Anropet kräver ett klientcertifikat från en betrodd utfärdare.' },
  // e-mail and SMS
  BASE_MAIL_ADDRESS_INVALID: {
    status: 422,
    text: 'E-postadressen går inte att använda. Kontrollera hur den är skriven.',
  },
  BASE_MAIL_MESSAGE_INVALID: { status: 422, text: 'E-brevet går inte att skicka som det är skrivet.' },
  BASE_PHONE_NUMBER_INVALID: {
    status: 422,
    text: 'Mobilnumret går inte att använda. Skriv ett svenskt mobilnummer (07…), eller ett utländskt med landsnummer (+…).',
  },
  BASE_SMS_MESSAGE_INVALID: { status: 422, text: 'SMS:et är tomt eller för långt för att skickas.' },
  BASE_MESSAGING_SETTINGS: { status: 500, text: 'Inställningarna för e-post eller SMS går inte att använda: {fault}.' },
  // login
  BASE_SESSION_REQUIRED: { status: 401, text: 'Du är inte inloggad längre. Logga in och försök igen.' },
  BASE_CSRF: {
    status: 403,
    text: 'Formuläret hör inte till din inloggning. Ladda om sidan och försök igen.',
  },
  BASE_LOGIN_STATE: {
    status: 400,
    text: 'Inloggningen avbröts eller tog för lång tid. Börja om inloggningen.',
  },
  BASE_LOGIN_DENIED: { status: 403, text: 'Inloggningen avbröts hos legitimeringstjänsten.' },
  BASE_LOGIN_FAILED: { status: 502, text: 'Legitimeringstjänsten svarade inte som väntat. Försök igen om en stund.' },
  BASE_LOGIN_NOT_ADMITTED: { status: 403, text: 'Du är legitimerad men har ingen behörighet här.' },
  BASE_ISSUER_UNREACHABLE: {
    status: 503,
    text: 'Legitimeringstjänsten svarar inte. Försök igen om en stund.',
  },
});
