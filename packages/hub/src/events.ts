type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger';

interface EventText {
  readonly title: string;
  readonly en: string;
  readonly tone: Tone;
}

/** Who has acted where no person or system did, in stories whose readers see the name as it stands. */
export const SERVICE_ACTOR = 'Brevduva';

/** Every kind of event in a letter's story, with its heading; a kind that is not here cannot be written (type of NewEvent). */
export const EVENT_TEXTS = {
  accepted: { title: 'Brevet togs emot', en: 'The letter was taken in', tone: 'info' },
  pdfNotAccessible: {
    title: 'En PDF är inte tillgänglig',
    en: 'A PDF is not accessible',
    tone: 'warning',
  },
  sortedOut: {
    title: 'En person redde ut vad som lämnats in',
    en: 'A person found out what had been handed in',
    tone: 'info',
  },
  channelDecided: { title: 'Kanalen valdes', en: 'The channel was chosen', tone: 'info' },
  waitsForRegister: {
    title: 'Väntar: adressregistret FaR svarar inte',
    en: 'Waiting: the address register FaR does not answer',
    tone: 'warning',
  },
  waitsForAddress: {
    title: 'Väntar: folkbokföringens adresser går inte att hämta',
    en: "Waiting: the population register's addresses cannot be fetched",
    tone: 'warning',
  },
  waitsForEInvoiceRegistry: {
    title: 'Väntar: e-fakturaregistret svarar inte',
    en: 'Waiting: the registry of e-invoices does not answer',
    tone: 'warning',
  },
  eInvoiceComposed: { title: 'E-fakturan skrevs', en: 'The e-invoice was written', tone: 'info' },
  eInvoiceOriginal: {
    title: 'E-fakturan skickas som den lämnades in',
    en: 'The e-invoice is sent as it was handed in',
    tone: 'info',
  },
  eInvoiceRulesBroken: {
    title: 'Fakturan följer inte reglerna för e-faktura',
    en: 'The invoice breaks the rules for e-invoices',
    tone: 'warning',
  },
  eInvoiceAccepted: {
    title: 'E-fakturaförmedlaren tog emot fakturan',
    en: 'The access point accepted the invoice',
    tone: 'success',
  },
  eInvoiceRejected: {
    title: 'E-fakturan togs inte emot',
    en: 'The e-invoice was rejected',
    tone: 'warning',
  },
  eInvoiceUnreachable: {
    title: 'Väntar: e-fakturaförmedlaren tar inte emot just nu',
    en: 'Waiting: the access point does not take invoices right now',
    tone: 'warning',
  },
  eInvoiceOutcomeUnknown: {
    title: 'Utgången okänd: inget svar från e-fakturaförmedlaren',
    en: 'Outcome unknown: no answer from the access point',
    tone: 'warning',
  },
  addressFound: {
    title: 'Postadressen hämtades från folkbokföringen',
    en: 'The postal address was fetched from the population register',
    tone: 'info',
  },
  tooLargeForDigital: {
    title: 'Brevet är för stort för digital post',
    en: 'The letter is too large for digital mail',
    tone: 'warning',
  },
  composedForPrint: { title: 'Utskriften sattes samman', en: 'The print was composed', tone: 'info' },
  doesNotFitPaper: {
    title: 'Brevet går inte att skriva ut som det är',
    en: 'The letter cannot be printed as it is',
    tone: 'warning',
  },
  documentFailed: {
    title: 'Mallen kunde inte göra brevets PDF',
    en: "The template could not make the letter's PDF",
    tone: 'warning',
  },
  sealed: {
    title: 'Signerat av avsändaren och förseglat av förmedlaren',
    en: 'Signed by the sender and sealed by the dispatcher',
    tone: 'info',
  },
  operatorAccepted: {
    title: 'Brevlådeoperatören tog emot brevet',
    en: 'The mailbox operator accepted the letter',
    tone: 'success',
  },
  mailboxClosed: {
    title: 'Operatören svarade att brevlådan är stängd',
    en: 'The operator answered that the mailbox is closed',
    tone: 'warning',
  },
  operatorRefused: {
    title: 'Operatören tog inte emot brevet',
    en: 'The operator refused the letter',
    tone: 'warning',
  },
  operatorUnreachable: {
    title: 'Väntar: operatören går inte att nå',
    en: 'Waiting: the operator cannot be reached',
    tone: 'warning',
  },
  signedForDispatcher: {
    title: 'Signerat av avsändaren för den externa förmedlaren',
    en: 'Signed by the sender for the external dispatcher',
    tone: 'info',
  },
  handedToDispatcher: {
    title: 'Den externa förmedlaren har tagit över brevet',
    en: 'The external dispatcher has taken over the letter',
    tone: 'success',
  },
  dispatcherRefused: {
    title: 'Den externa förmedlaren tog inte emot brevet',
    en: 'The external dispatcher refused the letter',
    tone: 'warning',
  },
  dispatcherUnreachable: {
    title: 'Väntar: den externa förmedlaren går inte att nå',
    en: 'Waiting: the external dispatcher cannot be reached',
    tone: 'warning',
  },
  dispatcherPending: {
    title: 'Den externa förmedlaren har brevet på väg',
    en: 'The external dispatcher has the letter under way',
    tone: 'info',
  },
  dispatcherUnclear: {
    title: 'Den externa förmedlarens svar går inte att lita på',
    en: 'The answer of the external dispatcher cannot be relied on',
    tone: 'warning',
  },
  dispatcherDelivered: {
    title: 'Den externa förmedlaren har levererat brevet digitalt',
    en: 'The external dispatcher has delivered the letter digitally',
    tone: 'success',
  },
  dispatcherPrinted: {
    title: 'Den externa förmedlaren har skickat brevet på papper',
    en: 'The external dispatcher has sent the letter on paper',
    tone: 'success',
  },
  dispatcherFailed: {
    title: 'Den externa förmedlaren kunde inte leverera brevet',
    en: 'The external dispatcher could not deliver the letter',
    tone: 'warning',
  },
  outcomeUnknown: {
    title: 'Utgången okänd: inget svar från operatören',
    en: 'Outcome unknown: no answer from the operator',
    tone: 'warning',
  },
  unnotified: {
    title: 'Mottagaren kunde inte aviseras',
    en: 'The recipient could not be notified',
    tone: 'warning',
  },
  waitsForBatch: {
    title: 'Väntar på tryckeriets nästa stopptid',
    en: "Waiting for the print shop's next cut-off",
    tone: 'info',
  },
  printProduced: {
    title: 'Tryckeriet har skrivit ut brevet',
    en: 'The print shop has printed the letter',
    tone: 'info',
  },
  printPosted: { title: 'Tryckeriet har postat brevet', en: 'The print shop has posted the letter', tone: 'success' },
  printRejected: {
    title: 'Tryckeriet skriver inte ut brevet',
    en: 'The print shop does not print the letter',
    tone: 'warning',
  },
  returned: { title: 'Brevet har kommit tillbaka', en: 'The letter has come back', tone: 'warning' },
  addressCleared: {
    title: 'En person avmarkerade adressen: den stämmer',
    en: 'A person cleared the address: it holds',
    tone: 'info',
  },
  keptPrinted: { title: 'En person lät brevet vara', en: 'A person let the letter be', tone: 'neutral' },
  handedToPrint: { title: 'Lämnat till tryckeriet', en: 'Handed to the print shop', tone: 'success' },
  delivered: {
    title: 'Levererat: kvittensen är bekräftad',
    en: 'Delivered: the receipt is confirmed',
    tone: 'success',
  },
  printed: { title: 'Brevet är utskrivet', en: 'The letter is printed', tone: 'success' },
  opened: { title: 'Mottagaren öppnade brevet i tid', en: 'The recipient opened the letter in time', tone: 'success' },
  unread: {
    title: 'Brevet är levererat men har inte öppnats i tid',
    en: 'The letter is delivered but was not opened in time',
    tone: 'warning',
  },
  reminded: {
    title: 'Mottagaren påminns med sms eller e-post',
    en: 'The recipient is reminded by SMS or e-mail',
    tone: 'info',
  },
  notReminded: {
    title: 'Ingen påminnelse: nummer och e-postadress saknas',
    en: 'No reminder: neither number nor e-mail address is known',
    tone: 'warning',
  },
  keptDelivered: {
    title: 'En person lät brevet vara levererat',
    en: 'A person let the letter be as delivered',
    tone: 'neutral',
  },
  tooLateForPaper: {
    title: 'Inget mer görs: brevets giltighetstid har gått ut',
    en: "Nothing more is done: the letter's lifetime has ended",
    tone: 'neutral',
  },
  waitsForReadStatus: {
    title: 'Väntar: operatören säger inte om brevet har öppnats',
    en: 'Waiting: the operator does not say whether the letter was opened',
    tone: 'info',
  },
  noticeSent: {
    title: 'Aviseringen lämnades till gatewayen',
    en: 'The notice was handed to the gateway',
    tone: 'info',
  },
  noticeWaits: {
    title: 'Väntar: gatewayen tar inte emot just nu',
    en: 'Waiting: the gateway takes nothing just now',
    tone: 'warning',
  },
  noticeRefused: {
    title: 'Gatewayen tog inte emot aviseringen',
    en: 'The gateway refused the notice',
    tone: 'warning',
  },
  noticeDelivered: {
    title: 'Aviseringen har kommit fram',
    en: 'The notice has arrived',
    tone: 'success',
  },
  noticeAccepted: {
    title: 'Ingen rapport kom i tid; att gatewayen tog emot räknas',
    en: 'No report came in time; that the gateway took it counts',
    tone: 'success',
  },
  noticeDelayed: {
    title: 'Aviseringen är försenad hos mottagarens operatör',
    en: 'The notice is delayed at the recipient’s operator',
    tone: 'warning',
  },
  noticeNotDelivered: {
    title: 'Aviseringen kom inte fram',
    en: 'The notice did not arrive',
    tone: 'warning',
  },
  noticeUnknown: {
    title: 'Okänt om aviseringen kom fram; den skickas inte igen',
    en: 'Unknown whether the notice arrived; it is not sent again',
    tone: 'warning',
  },
  noticeTextRefused: {
    title: 'Texten får inte skickas som avisering',
    en: 'The text may not be sent as a notice',
    tone: 'danger',
  },
  recipientUntold: {
    title: 'Mottagaren kunde inte aviseras om brevet',
    en: 'The recipient could not be told of the letter',
    tone: 'warning',
  },
  unexpectedFault: {
    title: 'Ett oväntat fel; brevet försöks igen',
    en: 'An unexpected fault; the letter is tried again',
    tone: 'danger',
  },
  caseOpened: { title: 'Lämnat till en person', en: 'Handed to a person', tone: 'warning' },
  sentOnPaper: { title: 'En person beslutade om papper', en: 'A person decided on paper', tone: 'info' },
  triedAgain: { title: 'En person bad om ett nytt försök', en: 'A person asked for a new try', tone: 'info' },
  waitsForWindow: {
    title: 'Väntar: flödet skickas bara vissa tider',
    en: 'Waiting: the flow is sent at certain hours only',
    tone: 'info',
  },
  expired: {
    title: 'Brevets giltighetstid gick ut innan det skickades',
    en: "The letter's lifetime ended before it was sent",
    tone: 'warning',
  },
  erased: {
    title: 'Innehållet raderades enligt gallringsregeln',
    en: 'The content was erased by the retention rule',
    tone: 'neutral',
  },
  cancelled: { title: 'En person avbröt brevet', en: 'A person cancelled the letter', tone: 'neutral' },
} as const satisfies Record<string, EventText>;

export type EventKind = keyof typeof EVENT_TEXTS;

/** Heading and tone of an event; a kind of a later version is shown by its name. */
export function eventText(kind: string, lang: 'sv' | 'en' = 'sv'): { title: string; tone: Tone } {
  if (!Object.hasOwn(EVENT_TEXTS, kind)) return { title: kind, tone: 'neutral' };
  const { title, en, tone } = EVENT_TEXTS[kind as EventKind];
  return { title: lang === 'en' ? en : title, tone };
}
