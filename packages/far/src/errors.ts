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
  FAR_LOGIN_INCOMPLETE: {
    status: 500,
    text: 'Inloggningen till registrets sidor saknar uppgifter. Ange registrets ägare och den adress som webbläsare når sidorna på.',
  },
  FAR_ROLE_MISSING: {
    status: 403,
    text: 'Du får se men inte ändra något här. Be någon som ansvarar för registret.',
  },
});
