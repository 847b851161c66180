import { FAULTS } from '@brevduva/protocol';
import { formatBytes, formatNumber, formatRecipientId, type HtmlValue, html, type Language, time } from '@brevduva/ui';
import { CASE_REASONS } from '../caseReasons.ts';
import { HAND_IN_REASONS } from '../handInReasons.ts';
import { PDF_FAULT_TEXTS, type PdfFaultCode } from '../pdf/faults.ts';
import { RETURN_REASONS } from '../returnedMail/returnReasons.ts';
import type { CaseReason } from '../switch.ts';
import { errorText } from './errorTexts.ts';
import { switchText } from './switchTexts.ts';
import { consoleTexts } from './texts.ts';

type Words = Readonly<Record<Language, string>>;

/** What a key of a stored record is called; one that is not known here is shown by its own name. */
export function detailLabel(key: string, lang: Language): string {
  return LABELS[key]?.[lang] ?? key;
}

/** What a stored value says; one that is not known here is shown as it stands. */
export function detailValue(key: string, value: unknown, lang: Language): HtmlValue {
  if (value === null) return '–';
  if (typeof value === 'boolean') return YES_NO[value ? 'yes' : 'no'][lang];
  if (typeof value === 'number') return numberValue(key, value, lang);
  if (Array.isArray(value)) return listValue(value, lang);
  return typeof value === 'string' ? textValue(key, value, lang) : JSON.stringify(value);
}

const YES_NO = { yes: { sv: 'Ja', en: 'Yes' }, no: { sv: 'Nej', en: 'No' } } as const;

const LABELS: Readonly<Record<string, Words>> = {
  operator: { sv: 'Brevlådeoperatör', en: 'Mailbox operator' },
  supplier: { sv: 'Brevlådeoperatör', en: 'Mailbox operator' },
  transId: { sv: 'Operatörens kvittens (TransId)', en: "The operator's receipt (TransId)" },
  sha256: { sv: 'Kontrollsumma (SHA-256)', en: 'Checksum (SHA-256)' },
  bytes: { sv: 'Raderat', en: 'Erased' },
  retentionDays: { sv: 'Gallras efter (dagar)', en: 'Erased after (days)' },
  endedAt: { sv: 'Brevet avslutades', en: 'The letter ended' },
  flow: { sv: 'Flöde', en: 'Flow' },
  dispatcher: { sv: 'Extern förmedlare', en: 'External dispatcher' },
  distributionId: { sv: 'Förmedlarens id', en: "The dispatcher's id" },
  answeredType: { sv: 'Svar: väg', en: 'Answer: way' },
  answeredStatus: { sv: 'Svar: läge', en: 'Answer: status' },
  answered: { sv: 'Svar från förmedlaren', en: "The dispatcher's answer" },
  askedAt: { sv: 'Frågat', en: 'Asked' },
  contents: { sv: 'Innehåll', en: 'Contents' },
  callId: { sv: 'Operatörens anrops-id (CallId)', en: "The operator's call id (CallId)" },
  cause: { sv: 'Orsak', en: 'Cause' },
  errorCode: { sv: 'Felkod', en: 'Error code' },
  sheets: { sv: 'Ark', en: 'Sheets' },
  envelope: { sv: 'Kuvert', en: 'Envelope' },
  envelopeCode: { sv: 'Streckkod på enhetens kuvert', en: "Bar code on the unit's envelope" },
  weightGrams: { sv: 'Vikt (gram)', en: 'Weight (grams)' },
  postageStepGrams: { sv: 'Portosteg (högst gram)', en: 'Step of postage (grams at most)' },
  duplex: { sv: 'Dubbelsidigt', en: 'Two-sided' },
  colour: { sv: 'Färg', en: 'Colour' },
  firstPage: { sv: 'Adressen står på', en: 'The address stands on' },
  coverBecause: {
    sv: 'Dokumentets egen första sida kunde inte bära adressen',
    en: "The document's own first page could not carry the address",
  },
  pages: { sv: 'Sidor', en: 'Pages' },
  faults: { sv: 'Fel', en: 'Faults' },
  openedAt: { sv: 'Öppnades', en: 'Opened' },
  days: { sv: 'Flödets tid (dagar)', en: "The flow's time (days)" },
  place: { sv: 'Utskriftsjobbet', en: 'The print job' },
  outcome: { sv: 'Utfall', en: 'Outcome' },
  envelopeBytes: { sv: 'Storlek på vägen', en: 'Size on the wire' },
  stage: { sv: 'Steg', en: 'Stage' },
  channel: { sv: 'Kanal', en: 'Channel' },
  rule: { sv: 'Regel', en: 'Rule' },
  reason: { sv: 'Skäl', en: 'Reason' },
  lastReason: { sv: 'Senaste hinder', en: 'Latest obstacle' },
  attempts: { sv: 'Försök', en: 'Attempts' },
  returned: { sv: 'Varför det kom tillbaka', en: 'Why it came back' },
  addressFlagged: { sv: 'Post till adressen har kommit tillbaka', en: 'Mail to the address has come back' },
  missing: { sv: 'Saknas', en: 'Missing' },
  addressChanged: { sv: 'Adressen ändrades', en: 'The address was changed' },
  riskConfirmed: { sv: 'Risken för två brev bekräftad', en: 'Risk of two letters confirmed' },
  askedFar: { sv: 'FaR tillfrågat', en: 'FaR was asked' },
  senderOrgNr: { sv: 'Avsändare', en: 'Sender' },
  policy: { sv: 'Flödets regel', en: "The flow's rule" },
  addressKnown: { sv: 'Postadress känd', en: 'Postal address known' },
  paperOrdered: { sv: 'Papper begärt av en person', en: 'Paper ordered by a person' },
  askedEInvoice: { sv: 'E-fakturaregistret tillfrågat', en: 'The registry of e-invoices was asked' },
  eInvoice: { sv: 'E-faktura', en: 'E-invoice' },
  eInvoiceScheme: { sv: 'Schema för e-fakturaadressen', en: 'Scheme of the e-invoice address' },
  eInvoiceFailure: { sv: 'Tidigare hinder som e-faktura', en: 'Earlier obstacle as e-invoice' },
  accessPoint: { sv: 'E-fakturaförmedlarens kvittens', en: "The access point's receipt" },
  digitalFailure: { sv: 'Tidigare hinder digitalt', en: 'Earlier digital obstacle' },
  lookup: { sv: 'Uppslag nummer', en: 'Look-up number' },
  noticeChannels: { sv: 'Aviseringens kanaler', en: "The notice's channels" },
  phoneKnown: { sv: 'Mobilnummer känt', en: 'Mobile number known' },
  emailKnown: { sv: 'E-postadress känd', en: 'E-mail address known' },
  parts: { sv: 'Antal SMS', en: 'SMS parts' },
  code: { sv: 'Svarets kod', en: 'Code of the answer' },
  why: { sv: 'Varför', en: 'Why' },
  purpose: { sv: 'Avisering', en: 'Notice' },
  confirmedBy: { sv: 'Bekräftat av', en: 'Confirmed by' },
  at: { sv: 'Tidpunkt', en: 'Time' },
  Type: { sv: 'Brevlåda', en: 'Mailbox' },
  Pending: { sv: 'Väntar på underskrifter', en: 'Waits for signatures' },
  SenderAccepted: { sv: 'Tar emot från avsändaren', en: 'Accepts the sender' },
  LastRegistration: { sv: 'Senast registrerad', en: 'Last registered' },
  'ServiceSupplier.Id': { sv: 'Operatörens organisationsnummer', en: "The operator's organisation number" },
  'ServiceSupplier.Name': { sv: 'Brevlådeoperatör', en: 'Mailbox operator' },
  'ServiceSupplier.Logo': { sv: 'Operatörens logotyp', en: "The operator's logo" },
  'ServiceSupplier.ServiceAdress': { sv: 'Operatörens tjänsteadress', en: "The operator's service address" },
  'ServiceSupplier.UIAdress': { sv: 'Operatörens webbplats', en: "The operator's web site" },
  'ServiceSupplier.InternalServiceAdress': { sv: 'Operatörens interna adress', en: "The operator's internal address" },
};

/** Values that are words of the code or of the contract, by the key that they stand under. */
const VALUES: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  reason: handInReasons(),
  returned: returnReasons(),
  cause: {
    notSent: { sv: 'Förbindelsen kunde inte upprättas', en: 'No connection could be made' },
    noAnswer: { sv: 'Inget svar kom', en: 'No answer came' },
    badAnswer: { sv: 'Svaret gick inte att läsa', en: 'The answer could not be read' },
    fault: { sv: 'Svaret var ett fel enligt kontraktet', en: "The answer was one of the contract's faults" },
    answerWithoutRecipient: { sv: 'Svaret gällde inte mottagaren', en: 'The answer was not about the recipient' },
    pending: { sv: 'Förmedlaren har brevet på väg', en: 'The dispatcher has the letter under way' },
    unknownDistribution: { sv: 'Förmedlaren känner inte till brevet', en: 'The dispatcher does not know the letter' },
    otherRecipients: { sv: 'Svaret gällde andra mottagare', en: 'The answer was about other recipients' },
    contradiction: { sv: 'Svaret säger emot sig självt', en: 'The answer contradicts itself' },
    noAnswerForRecipient: { sv: 'FaR svarade inte för mottagaren', en: 'FaR gave no answer for the recipient' },
  },
  envelope: { none: { sv: 'Inget: vykort', en: 'None: a postcard' } },
  firstPage: {
    cover: { sv: 'Vår adressida', en: 'Our address page' },
    own: { sv: 'Dokumentets egen första sida', en: "The document's own first page" },
  },
  policy: {
    digitalFirst: { sv: 'Digitalt i första hand', en: 'Digital first' },
    digitalOnly: { sv: 'Bara digitalt', en: 'Digital only' },
    paperOnly: { sv: 'Bara papper', en: 'Paper only' },
  },
  eInvoice: {
    wanted: { sv: 'Mottagaren vill ha e-faktura', en: 'The recipient wants e-invoices' },
    notWanted: { sv: 'Inte anmäld', en: 'Not asked for' },
    unavailable: { sv: 'Registret svarade inte', en: 'The registry did not answer' },
  },
  eInvoiceFailure: {
    eInvoiceRejected: { sv: 'Togs inte emot', en: 'Rejected' },
    eInvoiceRulesBroken: { sv: 'Följer inte reglerna', en: 'Breaks the rules' },
    eInvoiceDeadlinePassed: { sv: 'Tidsgränsen passerades', en: 'The time limit passed' },
  },
  digitalFailure: {
    mailboxClosed: { sv: 'Brevlådan var stängd', en: 'The mailbox was closed' },
    refused: { sv: 'Operatören tog inte emot brevet', en: 'The operator refused the letter' },
    deadlinePassed: { sv: 'Tidsgränsen passerades', en: 'The time limit passed' },
    contentTooLarge: { sv: 'För stort för digital post', en: 'Too large for digital mail' },
    dispatcherRefused: { sv: 'Förmedlaren tog inte emot brevet', en: 'The dispatcher refused the letter' },
    dispatcherFailed: { sv: 'Förmedlaren kunde inte leverera', en: 'The dispatcher could not deliver' },
  },
  purpose: {
    arrived: { sv: 'Att ett brev har kommit', en: 'That a letter has come' },
    reminder: { sv: 'Påminnelse om oöppnat brev', en: 'Reminder of an unopened letter' },
  },
  why: {
    noChannel: { sv: 'Ingen kanal kunde användas', en: 'No channel could be used' },
    refused: { sv: 'Gatewayen tog inte emot', en: 'The gateway refused' },
    notReached: { sv: 'Kom inte fram', en: 'Did not arrive' },
    deadlinePassed: { sv: 'Tidsgränsen passerades', en: 'The time limit passed' },
    outcomeUnknown: { sv: 'Okänt om det kom fram', en: 'Unknown whether it arrived' },
  },
  confirmedBy: {
    report: { sv: 'Statusrapport', en: 'Status report' },
    gateway: {
      sv: 'Gatewayens mottagande; ingen rapport kom i tid',
      en: 'The gateway taking it; no report came in time',
    },
  },
  Type: {
    Secure: { sv: 'Säker digital brevlåda', en: 'Secure digital mailbox' },
    Anonymous: { sv: 'Anonym', en: 'Anonymous' },
    Not: { sv: 'Ingen', en: 'None' },
  },
  place: {
    waiting: { sv: 'Ligger i utmappen', en: 'Lies in the outgoing folder' },
    done: { sv: 'Hämtat av tryckeriet', en: 'Fetched by the print shop' },
  },
  outcome: {
    handedOver: { sv: 'Lagt i utmappen', en: 'Put in the outgoing folder' },
    alreadyHandedOver: {
      sv: 'Låg redan där; inget lades dit igen',
      en: 'Was there already; nothing was put there again',
    },
  },
  missing: {
    signingKey: { sv: 'Avsändarens certifikat', en: "The sender's certificate" },
    supplier: { sv: 'Brevlådeoperatör', en: 'Mailbox operator' },
    sealedBytes: { sv: 'Det förseglade brevet', en: 'The sealed letter' },
    receipt: { sv: 'Operatörens kvittens', en: "The operator's receipt" },
    print: { sv: 'Utskriften', en: 'The print' },
    message: { sv: 'Meddelandet', en: 'The message' },
    address: { sv: 'Postadress', en: 'Postal address' },
    job: { sv: 'Utskriftsjobbet', en: 'The print job' },
    matchingHash: { sv: 'Samma kontrollsumma på utskriften', en: 'The same checksum on the print' },
  },
};

function returnReasons(): Readonly<Record<string, Words>> {
  return Object.fromEntries(Object.entries(RETURN_REASONS).map(([reason, { text, en }]) => [reason, { sv: text, en }]));
}

function handInReasons(): Readonly<Record<string, Words>> {
  return Object.fromEntries(
    Object.entries(HAND_IN_REASONS).map(([reason, { text, en }]) => [reason, { sv: text, en: en.text }]),
  );
}

const FAULT_TEXTS: ReadonlyMap<number, string> = new Map(
  Object.values(FAULTS).map(({ code, description }) => [code, description]),
);

function numberValue(key: string, value: number, lang: Language): HtmlValue {
  if (key === 'envelopeBytes' || key === 'bytes') return formatBytes(value, lang);
  if (key !== 'errorCode') return formatNumber(value, lang);
  // The contract's own words, which the operator's support knows.
  const description = FAULT_TEXTS.get(value);
  return description === undefined ? String(value) : html`${String(value)} <span lang="en">(${description})</span>`;
}

function textValue(key: string, value: string, lang: Language): HtmlValue {
  const known = VALUES[key]?.[value];
  if (known !== undefined) return known[lang];
  if (EXACT.has(key)) return html`<code class="bd-code-inline">${value}</code>`;
  if (key === 'senderOrgNr' || key === 'ServiceSupplier.Id') return formatRecipientId(value);
  if (TIMES.has(key)) return timeValue(value, lang);
  if (key === 'reason') return reasonText(value, lang);
  if (key === 'lastReason') return obstacleText(value, lang);
  const words = consoleTexts(lang) as Readonly<Record<string, unknown>>;
  const word = words[`${key}_${value}`];
  return typeof word === 'string' ? word : value;
}

const TIMES: ReadonlySet<string> = new Set(['at', 'askedAt', 'endedAt', 'openedAt', 'LastRegistration']);
const EXACT: ReadonlySet<string> = new Set(['sha256', 'transId', 'callId', 'distributionId']);

/** A case's reason is kept as its code, a decision's as its Swedish sentence. */
function reasonText(value: string, lang: Language): string {
  if (!Object.hasOwn(CASE_REASONS, value)) return switchText(value, lang);
  return caseReasonText(value as CaseReason, lang).text;
}

/** What a case is about and what can be done, in the reader's language. */
export function caseReasonText(
  reason: CaseReason,
  lang: Language,
): { text: string; owner: string; nextAction: string } {
  return lang === 'en' ? CASE_REASONS[reason].en : CASE_REASONS[reason];
}

/** `operator:fault:5019`: who, what, and the contract's code where there was one. */
function obstacleText(value: string, lang: Language): HtmlValue {
  const [, cause = '', errorCode] = value.split(':');
  const words = VALUES['cause']?.[cause]?.[lang];
  if (words === undefined) return html`<code class="bd-code-inline">${value}</code>`;
  return errorCode === undefined ? words : html`${words}: ${numberValue('errorCode', Number(errorCode), lang)}`;
}

function timeValue(value: string, lang: Language): HtmlValue {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? value : time(at, lang, { style: 'exact' });
}

function listValue(list: readonly unknown[], lang: Language): HtmlValue {
  return html`<ul class="bd-list">${list.map((item) => html`<li>${listItem(item, lang)}</li>`)}</ul>`;
}

function listItem(item: unknown, lang: Language): HtmlValue {
  const { code, text, sha256 } = (item ?? {}) as { code?: unknown; text?: unknown; sha256?: unknown };
  if (typeof sha256 === 'string') return erasedContent(item as ErasedContent, lang);
  if (typeof code === 'string' && typeof text === 'string') return errorText(code, text, lang);
  if (typeof item !== 'string') return JSON.stringify(item);
  return Object.hasOwn(PDF_FAULT_TEXTS, item) ? errorText(item, PDF_FAULT_TEXTS[item as PdfFaultCode], lang) : item;
}

/** Of the event `erased`. */
interface ErasedContent {
  readonly what: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly erased: boolean;
}

const ERASED_WORDS: Readonly<Record<string, Words>> = {
  body: { sv: 'Text', en: 'Text' },
  signedBySender: { sv: 'Signerat av avsändaren', en: 'Signed by the sender' },
  print: { sv: 'Utskrift', en: 'Print' },
  template: { sv: 'Mallens dokument', en: "The template's document" },
  invoiceXml: { sv: 'E-faktura (UBL)', en: 'E-invoice (UBL)' },
  attachment: { sv: 'Bilaga', en: 'Attachment' },
  sealedRequest: { sv: 'Exakt XML till operatören', en: 'Exact XML to the operator' },
};
const SHARED: Words = {
  sv: 'finns kvar hos ett annat brev eller utskick',
  en: 'another letter or mailing still has it',
};

function erasedContent({ what, sha256, bytes, erased }: ErasedContent, lang: Language): HtmlValue {
  const shared = erased ? '' : `, ${SHARED[lang]}`;
  return html`${ERASED_WORDS[what]?.[lang] ?? what}, ${formatBytes(bytes, lang)}${shared}: <code class="bd-code-inline">${sha256}</code>`;
}
