import { defineErrors } from '@brevduva/base';

/** Every error this package can give a person or a program; the texts are public. */
export const ERRORS = defineErrors({
  FAR_INVALID_IDENTITY: {
    status: 400,
    text: 'En eller flera identiteter är felaktiga. Rätta dem som räknas upp och försök igen.',
  },
  FAR_INVALID_ORGANIZATION: {
    status: 400,
    text: 'Uppgifterna om organisationen är felaktiga. Rätta det som räknas upp och försök igen.',
  },
  FAR_UNKNOWN_OPERATOR: {
    status: 404,
    text: 'En eller flera brevlådeoperatörer finns inte i registret. Anslut operatören först.',
  },
  FAR_OPERATOR_DOMAIN_TAKEN: {
    status: 409,
    text: 'Domänen hör redan till en annan brevlådeoperatör. Kontrollera organisationsnumret.',
  },
  FAR_UNKNOWN_SENDER: {
    status: 404,
    text: 'En eller flera avsändare finns inte i registret. Anslut avsändaren först.',
  },
  FAR_UNKNOWN_ACCOUNT: {
    status: 404,
    text: 'En eller flera mottagare finns inte i registret. Registrera mottagaren först.',
  },
  FAR_NO_SUCH_DOCUMENT: {
    status: 404,
    text: 'Här finns bara tjänstebeskrivningen (?wsdl) och dess scheman (?xsd=…). Frågor ställs med POST och SOAP till tjänstens egen adress.',
  },
  FAR_NOT_CONNECTED: {
    status: 403,
    text: 'Certifikatets organisation släpps inte in i registret. Kontrollera att certifikatet är rätt och att organisationen är ansluten.',
  },
  FAR_NO_TECHNICAL_TEST: {
    status: 404,
    text: 'Organisationen har ingen kontrollista än: den börjar när den tekniska testen gör det.',
  },
  FAR_LOGIN_INCOMPLETE: {
    status: 500,
    text: 'Inloggningen till registrets sidor saknar uppgifter. Ange registrets ägare och den adress som webbläsare når sidorna på.',
  },
  FAR_AUDIT_EVENT_NOT_FOUND: { status: 404, text: 'Händelsen finns inte i granskningsloggen.' },
  FAR_ROLE_MISSING: {
    status: 403,
    text: 'Du får se men inte ändra något här. Be någon som ansvarar för registret.',
  },
  FAR_ACTOR_NOT_FOUND: { status: 404, text: 'Aktören finns inte. Gå till listan över aktörer och välj den därifrån.' },
  FAR_ACTOR_CHANGED: {
    status: 409,
    text: 'Någon annan har ändrat aktören sedan du öppnade sidan. Inget av det du gjorde är sparat. Se vad som har ändrats och gör om det som behövs.',
  },
  FAR_ACTOR_INVALID: { status: 422, text: 'Några uppgifter behöver rättas. Inget är sparat.' },
  FAR_FIELD_REQUIRED: { status: 422, text: 'Fyll i fältet.' },
  FAR_FIELD_CHOICE: { status: 422, text: 'Välj minst ett av alternativen.' },
  FAR_FIELD_SHORT: { status: 422, text: 'Skriv minst {min} tecken.' },
  FAR_FIELD_LONG: { status: 422, text: 'Skriv högst {max} tecken.' },
  FAR_FIELD_PERSON: { status: 422, text: 'Skriv inget personnummer här: texten sparas i granskningsloggen.' },
  FAR_FIELD_ORGANIZATION: {
    status: 422,
    text: 'Det är inte ett organisationsnummer. Skriv tio siffror, eller tolv som börjar med 16.',
  },
  FAR_FIELD_LEGAL_PERSON: {
    status: 422,
    text: 'Numret är ett personnummer. Bara juridiska personer kan anslutas.',
  },
  FAR_FIELD_EMAIL: { status: 422, text: 'Det är ingen e-postadress.' },
  FAR_FIELD_PERSONAL_NUMBER: { status: 422, text: 'Det är inte ett personnummer. Skriv tolv siffror.' },
  FAR_FIELD_DAY: { status: 422, text: 'Skriv dagen som år, månad, dag: 2026-01-31.' },
  FAR_FIELD_DAY_FUTURE: { status: 422, text: 'Dagen har inte kommit än.' },
  FAR_FIELD_DOMAIN: { status: 422, text: 'Det är ingen internetdomän, till exempel brevladan.se.' },
  FAR_FIELD_ADDRESS: { status: 422, text: 'Skriv hela adressen, med {protocols} först.' },
  FAR_MISSING_CONTACT: { status: 409, text: 'En kontaktperson saknas.' },
  FAR_MISSING_AGREEMENT: { status: 409, text: 'Avtalet är inte registrerat.' },
  FAR_MISSING_CERTIFICATE: { status: 409, text: 'Ett giltigt certifikat för anrop saknas.' },
  FAR_MISSING_SERVED_SENDER: {
    status: 409,
    text: 'Ingen avsändare har samtyckt till att förmedlaren skickar för den.',
  },
  FAR_MISSING_CONFORMANCE: { status: 409, text: 'Kontrollerna är inte godkända, och inget undantag är givet.' },
  FAR_CONNECTION_OPEN: {
    status: 409,
    text: 'Organisationen har redan ett anslutningsärende som pågår. Slutför eller avsluta det innan en ny ansökan läggs upp.',
  },
  FAR_ROLE_HELD: { status: 409, text: 'Organisationen är redan ansluten i rollen. Välj bara roller som den inte har.' },
  FAR_STEP_WRONG: {
    status: 409,
    text: 'Anslutningsärendet står inte på det steget. Se på aktörens sida hur långt det har kommit.',
  },
  FAR_STEP_MISSING: { status: 409, text: 'Något saknas före nästa steg. {missing} Inget är ändrat.' },
  FAR_CONFORMANCE_NOT_DONE: {
    status: 409,
    text: 'Kontrollistan är inte klar: {done} av {count} krav är uppfyllda i aktörens egen trafik. Vänta, eller ge ett motiverat undantag.',
  },
  FAR_ACTOR_SUSPENDED: { status: 409, text: 'Aktören är redan avstängd.' },
  FAR_ACTOR_NOT_SUSPENDED: { status: 409, text: 'Aktören är inte avstängd.' },
  FAR_NOT_DISPATCHER: { status: 409, text: 'Aktören är ingen förmedlare och kan inte förmedla för andra.' },
  FAR_NOT_OPERATOR: { status: 409, text: 'Aktören är ingen brevlådeoperatör och har inga adresser i registret.' },
  FAR_CONTACT_NOT_FOUND: { status: 404, text: 'Kontaktpersonen finns inte längre.' },
  FAR_CERTIFICATE_UNREADABLE: {
    status: 422,
    text: 'Certifikatet går inte att läsa. Klistra in hela texten, från BEGIN CERTIFICATE till END CERTIFICATE.',
  },
  FAR_CERTIFICATE_SEVERAL: {
    status: 422,
    text: 'Det är flera certifikat i texten. Klistra bara in organisationens eget, inte utfärdarens.',
  },
  FAR_CERTIFICATE_PRIVATE_KEY: {
    status: 422,
    text: 'Texten innehåller en privat nyckel. Inget är sparat. Nyckeln får aldrig lämnas ut: be aktören byta den och skicka bara certifikatet.',
  },
  FAR_CERTIFICATE_OTHER_ORGANIZATION: {
    status: 422,
    text: 'Certifikatet hör inte till organisationen: serialNumber i certifikatets subject ska vara organisationsnumret.',
  },
  FAR_CERTIFICATE_UNTRUSTED: {
    status: 422,
    text: 'Certifikatet är inte utfärdat av någon utfärdare som registret litar på.',
  },
  FAR_CERTIFICATE_EXPIRED: { status: 422, text: 'Certifikatet, eller utfärdarens, har gått ut.' },
  FAR_CERTIFICATE_UNSUITABLE: {
    status: 422,
    text: 'Certifikatet kan inte användas: nyckeln ska vara RSA med minst 2048 bitar, och den ska få användas för underskrift.',
  },
  FAR_CERTIFICATE_KNOWN: {
    status: 409,
    text: 'Certifikatet är redan registrerat. Ett som har tagits ur bruk kan inte tas i bruk igen.',
  },
  FAR_CERTIFICATE_TOO_MANY: {
    status: 409,
    text: 'Aktören har redan {max} giltiga certifikat för samma ändamål. Ta ett ur bruk först.',
  },
  FAR_CERTIFICATE_NOT_FOUND: { status: 404, text: 'Aktören har inget sådant certifikat i bruk.' },
  FAR_ACCOUNT_FILE_HEADER: {
    status: 400,
    text: 'Filens första rad ska namnge kolumnerna, med komma eller semikolon emellan: {columns}. type och pending får utelämnas.',
  },
  FAR_ACCOUNT_FILE_LINE: {
    status: 400,
    text: 'Filen har en rad som är alldeles för lång. Kontrollera att det är en CSV-fil.',
  },
  FAR_ACCOUNT_FILE_CHANGED: {
    status: 409,
    text: 'Filen har ändrats sedan inläsningen började. Läs in den från början.',
  },
  FAR_ACCOUNT_LOAD_BUSY: {
    status: 409,
    text: 'En annan inläsning av konton pågår. Vänta tills den är klar.',
  },
});
