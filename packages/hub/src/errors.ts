import { defineErrors } from '@brevduva/base';

/** Every error that hub raises. PDF and address faults keep the codes of pdf/faults.ts and paper/address.ts. */
export const HUB_ERRORS = defineErrors({
  // intake
  HUB_LETTER_INVALID: { status: 422, text: 'Brevet kan inte tas emot. Varje fel står i listan; inget har sparats.' },
  HUB_RECIPIENT_FORMAT: {
    status: 422,
    text: 'Mottagaren ska vara ett personnummer, samordningsnummer eller organisationsnummer.',
  },
  HUB_RECIPIENT_DATE: { status: 422, text: 'Mottagarens nummer innehåller ett datum som inte finns.' },
  HUB_RECIPIENT_CHECK_DIGIT: { status: 422, text: 'Mottagarens nummer har fel kontrollsiffra.' },
  HUB_FIELD_REQUIRED: { status: 422, text: 'Fältet måste fyllas i.' },
  HUB_FIELD_TYPE: { status: 422, text: 'Fältet har fel typ.' },
  HUB_FIELD_UNKNOWN: { status: 422, text: 'Fältet finns inte.' },
  HUB_FIELD_TOO_LONG: { status: 422, text: 'Texten är för lång för fältet.' },
  HUB_FIELD_CHARACTER: { status: 422, text: 'Texten innehåller tecken som inte kan skickas.' },
  HUB_FLOW_UNKNOWN: { status: 422, text: 'Flödet finns inte i organisationen.' },
  HUB_FLOW_NOT_ALLOWED: { status: 422, text: 'Verksamhetssystemet får inte skicka flödet.' },
  HUB_FLOW_RETIRED: { status: 422, text: 'Flödet används inte längre.' },
  HUB_FLOW_SCHEDULING: { status: 422, text: 'Flödets brev får inte ställas till en tid. Ta bort notBefore.' },
  HUB_ADDRESS_REQUIRED: { status: 422, text: 'Flödet skickas på papper, så postadressen måste finnas.' },
  HUB_CONTACT_PHONE: {
    status: 422,
    text: 'Telefonnumret är inget mobilnummer. Skriv det som 070-123 45 67 eller +46701234567.',
  },
  HUB_CONTACT_EMAIL: { status: 422, text: 'E-postadressen är inte giltig. Ange en enda adress, utan namn.' },
  HUB_BODY_MISSING: { status: 422, text: 'Brevet saknar text. Texten ska bära budskapet, bilagor är ett komplement.' },
  HUB_BODY_CONTENT_TYPE: { status: 422, text: 'Texten ska vara text/plain eller text/html.' },
  HUB_HTML_NOT_ALLOWED: { status: 422, text: 'Texten innehåller HTML som inte får skickas.' },
  HUB_ATTACHMENT_TYPE: { status: 422, text: 'Bilagor ska vara PDF (application/pdf).' },
  HUB_ATTACHMENT_NAME: { status: 422, text: 'Bilagans filnamn saknas eller innehåller otillåtna tecken.' },
  HUB_ATTACHMENT_BASE64: { status: 422, text: 'Bilagan är inte giltig base64.' },
  HUB_ATTACHMENTS_TOO_MANY: { status: 422, text: 'Brevet har för många bilagor.' },
  HUB_INVOICE_AMOUNT: {
    status: 422,
    text: 'Beloppet ska vara större än noll och skrivas som text med punkt och högst två decimaler, som ”1234.50”.',
  },
  HUB_INVOICE_CURRENCY: { status: 422, text: 'Valutan ska vara SEK eller EUR.' },
  HUB_INVOICE_DUE_DATE: { status: 422, text: 'Förfallodagen ska vara en dag som finns, skriven som 2026-12-24.' },
  HUB_INVOICE_ACCOUNT: { status: 422, text: 'Kontot ska vara ett bankgiro- eller plusgironummer.' },
  HUB_INVOICE_OCR: { status: 422, text: 'OCR-numret ska ha 2–25 siffror, med kontrollsiffran sist.' },
  HUB_LETTER_TOO_LARGE: {
    status: 413,
    text: 'Brevet är för stort. Digital post får vara högst 2 097 152 byte med allt.',
  },
  HUB_IDEMPOTENCY_KEY: { status: 400, text: 'Huvudet Idempotency-Key ska ha 1–200 synliga ASCII-tecken.' },
  HUB_IDEMPOTENCY_MISMATCH: {
    status: 409,
    text: 'Nyckeln i Idempotency-Key har redan använts för ett annat brev. Inget nytt har sparats.',
  },
  HUB_API_KEY: { status: 401, text: 'API-nyckeln saknas eller gäller inte.' },
  HUB_JSON_REQUIRED: { status: 415, text: 'Skicka brevet som application/json eller multipart/form-data.' },
  HUB_MULTIPART_LETTER: { status: 400, text: 'Delen ”letter” med brevets JSON saknas eller går inte att läsa.' },

  // notices
  HUB_NOTICE_IDENTITY: {
    status: 422,
    text: 'Texten har ett personnummer eller samordningsnummer. En avisering ligger öppen i telefonen.',
  },
  HUB_NOTICE_WORD: { status: 422, text: 'Texten har ett ord som inte får stå i flödets aviseringar.' },
  HUB_NOTICE_LINK: { status: 422, text: 'Texten har en länk till en domän som inte hör till flödet.' },
  HUB_NOTICE_TOO_LONG: { status: 422, text: 'Texten är för lång för SMS.' },
  HUB_NOTICE_ATTACHMENT: { status: 422, text: 'En avisering har inga bilagor, varken PDF eller faktura.' },
  HUB_NOTICE_HTML: { status: 422, text: 'En avisering som kan gå som SMS eller e-post ska vara text/plain.' },

  // mailings
  HUB_MAILING_INVALID: {
    status: 422,
    text: 'Utskicket kan inte tas emot. Varje fel står i listan; inget har sparats.',
  },
  HUB_MAILING_NOT_FOUND: { status: 404, text: 'Utskicket finns inte.' },
  HUB_MAILING_NOT_FILLING: { status: 409, text: 'Utskicket tar inte emot fler mottagare.' },
  HUB_MAILING_CANCELLED: { status: 409, text: 'Utskicket är avbrutet.' },
  HUB_MAILING_COMMITTED: {
    status: 409,
    text: 'Utskicket är redan släppt och kan inte avbrytas. Avbryt enskilda brev i stället.',
  },
  HUB_TEMPLATE_UNKNOWN: { status: 422, text: 'Mallen finns inte i organisationen.' },
  HUB_TEMPLATE_TEXT: { status: 422, text: 'Mallen har ämne och text. Lämna bort fältet, eller mallen.' },
  HUB_TEMPLATE_PREVIEW: { status: 422, text: 'Mallen kan inte göra brevets PDF av mottagarens uppgifter.' },
  HUB_PLACEHOLDER_COLUMN: {
    status: 422,
    text: 'Texten har en platshållare som adressfilen inte har någon kolumn för.',
  },
  HUB_PLACEHOLDER_FORMAT: {
    status: 422,
    text: 'Klamrarna i texten är ingen platshållare. Skriv {Kolumnens namn}, eller {{ och }} för klamrar som ska stå kvar.',
  },
  HUB_PLACEHOLDER_IN_TAG: {
    status: 422,
    text: 'En platshållare kan inte stå inuti en HTML-tagg, till exempel i en länks adress. Sätt den i texten.',
  },
  HUB_PLACEHOLDERS_TOO_MANY: { status: 422, text: 'Texten har fler platshållare än ett utskick kan ha.' },
  HUB_PLACEHOLDER_VALUE: { status: 422, text: 'Värde saknas för en av textens platshållare.' },
  HUB_VALUES_TOO_MANY: { status: 422, text: 'Mottagaren har för många värden.' },
  HUB_MAILING_EMPTY: { status: 422, text: 'Utskicket har inga mottagare.' },
  HUB_MAILING_RECIPIENTS: {
    status: 422,
    text: 'Några mottagare kan inte tas emot. Varje fel står i listan; inget har sparats.',
  },
  HUB_MAILING_DUPLICATE: { status: 422, text: 'Mottagaren finns redan i utskicket, med samma referens.' },
  HUB_MAILING_TOO_MANY: { status: 413, text: 'För många mottagare på en gång. Lämna dem i flera omgångar.' },
  HUB_MAILING_TIME: { status: 422, text: 'Tiden är ingen tidpunkt enligt ISO 8601, eller går inte ihop med de andra.' },
  HUB_MAILING_NOT_AWAITING: { status: 409, text: 'Utskicket väntar inte på godkännande.' },
  HUB_SCHEMA_NOT_FOUND: { status: 404, text: 'Schemat finns inte. Börja med ?wsdl.' },
  HUB_PRECHECK_INVALID: { status: 422, text: 'Frågan kan inte besvaras. Varje fel står i listan.' },
  HUB_EINVOICE_REGISTRY_DOWN: { status: 503, text: 'E-fakturaregistret svarar inte. Försök igen om en stund.' },
  HUB_REGISTER_DOWN: { status: 503, text: 'Adressregistret FaR svarar inte. Försök igen om en stund.' },
  HUB_MAILING_SAME_PERSON: { status: 403, text: 'Den som har gjort utskicket kan inte godkänna det. Be en kollega.' },

  // forms
  HUB_FORM_NOT_ALLOWED: { status: 403, text: 'Systemet får inte lämna in formulär.' },
  HUB_FORM_MULTIPART: { status: 415, text: 'Skicka formuläret som multipart/form-data.' },
  HUB_FORM_INVALID: { status: 422, text: 'Formuläret kan inte tas emot. Varje fel står i listan; inget har sparats.' },
  HUB_FORM_TRANSACTION_REUSED: {
    status: 409,
    text: 'Transaktions-id har redan använts för ett annat formulär. Inget nytt har sparats.',
  },
  HUB_FORM_LABEL: { status: 422, text: 'Etiketten går inte att läsa.' },
  HUB_FORM_PRODUCT: { status: 422, text: 'Ingen mottagare är inställd för det här slags formulär.' },
  HUB_FORM_ADDRESSEE: { status: 422, text: 'Formuläret är ställt till en annan organisation.' },
  HUB_FORM_XML: { status: 422, text: 'Formuläret går inte att läsa som XML.' },
  HUB_FORM_PARTS: { status: 422, text: 'En fil som står i etiketten kom inte.' },
  HUB_FORM_ATTACHMENT_TYPE: { status: 422, text: 'Bilagan ska vara PDF, PNG, JPEG, TIFF eller ren text i UTF-8.' },
  HUB_FORM_ATTACHMENT_ARCHIVE: {
    status: 422,
    text: 'Arkiv och Office-filer tas inte emot. Skicka filerna var för sig, eller som PDF.',
  },
  HUB_FORM_ATTACHMENT_SIZE: { status: 422, text: 'Bilagan är större än 10 MB.' },
  HUB_FORM_NOT_FOUND: { status: 404, text: 'Formuläret finns inte.' },
  HUB_LETTER_ERASED: { status: 410, text: 'Brevets innehåll är raderat enligt flödets gallringsregel.' },
  HUB_MAILING_ERASED: { status: 410, text: 'Utskickets innehåll är raderat enligt flödets gallringsregel.' },
  HUB_FORM_ERASED: { status: 410, text: 'Formulärets innehåll är raderat.' },
  HUB_FORM_AMBIGUOUS: {
    status: 422,
    text: 'Flera formulär har det transaktions-id:t. Ange formulärets id i stället.',
  },

  // letters and cases
  HUB_LETTER_NOT_FOUND: { status: 404, text: 'Brevet finns inte.' },
  HUB_LETTER_PROTECTED: {
    status: 403,
    text: 'Mottagaren har skyddad identitet. Brevets innehåll, filer och exakta XML visas inte här; se dem i verksamhetssystemet.',
  },
  HUB_ROLE_MISSING: {
    status: 403,
    text: 'Din roll får se men inte göra det här. Be en handläggare eller er administratör.',
  },
  HUB_FILE_DELIVERY_NOT_FOUND: { status: 404, text: 'Filinlämningen, eller dess resultatfil, finns inte.' },
  HUB_BATCH_NOT_FOUND: { status: 404, text: 'Utskriftsbatchen finns inte.' },
  HUB_RETURN_MARK: {
    status: 422,
    text: 'Det är inget bladmärke. Skanna rutan på bladet, eller skriv raden som står bredvid den.',
  },
  HUB_RETURN_UNKNOWN: { status: 404, text: 'Brevet finns inte hos er organisation.' },
  HUB_RETURN_NOT_PRINTED: {
    status: 409,
    text: 'Brevet har inte lämnats till något tryckeri, så det kan inte ha kommit tillbaka.',
  },
  HUB_RETURN_REASON: { status: 422, text: 'Välj varför brevet kom tillbaka.' },
  HUB_CASE_NOT_FOUND: { status: 404, text: 'Ärendet finns inte.' },
  HUB_CASE_CLOSED: { status: 409, text: 'Någon annan hann före: ärendet är redan avslutat.' },
  HUB_CASE_ADDRESS: { status: 422, text: 'Postadressen behöver rättas innan brevet kan gå på papper.' },
  HUB_CASE_RISK: {
    status: 422,
    text: 'Det är okänt om brevet redan har kommit fram. Bekräfta att det ändå ska skickas på papper.',
  },
  HUB_CASE_PROTECTED: { status: 409, text: 'Brev till en person med skyddad identitet skickas inte härifrån.' },

  // configuration and credentials
  HUB_TOO_MANY_ATTEMPTS: { status: 429, text: 'För många misslyckade försök från den här adressen. Vänta en stund.' },
  HUB_CONFIGURATION_INVALID: {
    status: 422,
    text: 'Konfigurationen har fel. Varje fel står i listan; inget har ändrats.',
  },
  HUB_CONFIGURATION_FAULT: { status: 422, text: 'Uppgiften i konfigurationsfilen är fel.' },
  HUB_CONFIGURATION_MOVED: {
    status: 409,
    text: 'Konfigurationen har ändrats sedan skillnaden visades. Inget har ändrats nu; titta på skillnaden igen.',
  },
  HUB_CONFIGURATION_CREDENTIAL: {
    status: 409,
    text: 'En nyckel eller ett certifikat i konfigurationen kan inte användas. Inget har ändrats.',
  },
  HUB_ADMINISTRATOR_ONLY: { status: 403, text: 'Sidan är till för administratörer.' },
  HUB_FLOW_NOT_FOUND: { status: 404, text: 'Flödet finns inte.' },
  HUB_ORGANISATION_NOT_FOUND: { status: 404, text: 'Organisationen finns inte här.' },
  HUB_SYSTEM_NOT_FOUND: { status: 404, text: 'Verksamhetssystemet finns inte i organisationen.' },
  HUB_CREDENTIAL_NOT_FOUND: { status: 404, text: 'Nyckeln finns inte, eller är redan återkallad.' },

  // start
  HUB_NODE_TAKEN: {
    status: 500,
    text: 'En annan process kör redan noden med samma namn. Stoppa den, eller ge den här noden ett eget namn.',
  },
});
