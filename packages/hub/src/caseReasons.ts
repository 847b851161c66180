import type { CaseReason } from './switch.ts';

/** What a person can do with a case. */
export type CaseAction = 'sendOnPaper' | 'tryAgain' | 'cancel';

export interface CaseReasonText {
  /** What happened, in plain words. */
  readonly text: string;
  /** Who has the case to begin with. */
  readonly owner: string;
  /** What the person can do next. */
  readonly nextAction: string;
}

interface CaseReasonFacts extends CaseReasonText {
  readonly en: CaseReasonText;
  /** What most cases of this kind end with; offered first. */
  readonly suggested: CaseAction;
  /** The letter may have arrived, or been printed, already: paper needs the person's word that she knows it. */
  readonly mayHaveArrived: boolean;
  /** It lies in the recipient's mailbox already, and stays delivered whatever the person decides. */
  readonly isDelivered?: true;
  /** It was printed and posted, and stays printed when the person lets it be. */
  readonly isPrinted?: true;
}

const UNIT = { owner: 'Handläggande enhet' } as const;
const UNIT_EN = { owner: 'The unit in charge' } as const;
const IT = { owner: 'Kommunens IT' } as const;
const IT_EN = { owner: "The municipality's IT" } as const;

/** Every way into a person's queue says what happened, who acts and what to do next (design 5, second promise). */
export const CASE_REASONS: Readonly<Record<CaseReason, CaseReasonFacts>> = {
  protectedIdentity: {
    ...UNIT,
    text: 'Mottagaren har skyddad identitet. Brevet skickas inte automatiskt i någon kanal.',
    nextAction: 'Följ rutinen för skyddade personuppgifter och avbryt brevet här när det är hanterat.',
    en: {
      ...UNIT_EN,
      text: 'The recipient has a protected identity. The letter is not sent by itself in any channel.',
      nextAction: 'Follow the routine for protected persons, and cancel the letter here when it is dealt with.',
    },
    suggested: 'cancel',
    mayHaveArrived: false,
  },
  recipientDeceased: {
    ...UNIT,
    text: 'Mottagaren är avliden enligt folkbokföringen. Brevet har inte skickats.',
    nextAction:
      'Ta ställning till om brevet ska gå till dödsboet. Ange då dödsboets adress och skicka på papper; annars avbryt.',
    en: {
      ...UNIT_EN,
      text: 'The recipient is deceased according to the population register. The letter has not been sent.',
      nextAction:
        "Decide whether it is for the estate. If so, give the estate's address and send on paper; if not, cancel.",
    },
    suggested: 'cancel',
    mayHaveArrived: false,
  },
  noChannel: {
    ...UNIT,
    text: 'Mottagaren har ingen digital brevlåda som tar emot brevet, och postadress saknas.',
    nextAction: 'Ta reda på postadressen och skicka på papper, eller avbryt brevet.',
    en: {
      ...UNIT_EN,
      text: 'The recipient has no digital mailbox that takes the letter, and there is no postal address.',
      nextAction: 'Find the postal address and send on paper, or cancel the letter.',
    },
    suggested: 'sendOnPaper',
    mayHaveArrived: false,
  },
  digitalFailedPaperNotAllowed: {
    ...UNIT,
    text: 'Brevet kunde inte levereras digitalt, och flödet får inte skickas på papper.',
    nextAction: 'Besluta om brevet ändå ska gå på papper, försök igen eller avbryt.',
    en: {
      ...UNIT_EN,
      text: 'The letter could not be delivered digitally, and its flow may not go on paper.',
      nextAction: 'Decide whether it should go on paper all the same, try again, or cancel.',
    },
    suggested: 'sendOnPaper',
    mayHaveArrived: false,
  },
  outcomeUnknownTooLong: {
    ...IT,
    text: 'Brevet har skickats till brevlådeoperatören (eller den externa förmedlaren) men inget svar har kommit. Det är okänt om brevet kom fram.',
    nextAction:
      'Fråga operatören om brevet kom fram. Försök igen är säkert: samma brev levereras aldrig två gånger digitalt.',
    en: {
      ...IT_EN,
      text: 'The letter was sent to the mailbox operator (or external dispatcher) but no answer has come. It is unknown whether it arrived.',
      nextAction:
        'Ask the operator whether it arrived. Trying again is safe: the same letter is never delivered twice digitally.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  eInvoiceUnknownTooLong: {
    ...IT,
    text: 'Fakturan har skickats till e-fakturaförmedlaren men inget svar har kommit. Det är okänt om den kom fram.',
    nextAction:
      'Fråga e-fakturaförmedlaren. Försök igen är säkert: samma faktura skickas med samma id och tas emot en gång.',
    en: {
      ...IT_EN,
      text: 'The invoice was sent to the access point but no answer has come. It is unknown whether it arrived.',
      nextAction:
        'Ask the access point. Trying again is safe: the same invoice goes under the same id, and is taken once.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  eInvoiceUnconfirmed: {
    ...IT,
    text: 'E-fakturaförmedlaren har tagit emot fakturan, men mottagarens bank eller system har inte bekräftat den.',
    nextAction:
      'Fråga e-fakturaförmedlaren vad som hänt med fakturan. Försök igen frågar på nytt; inget skickas två gånger.',
    en: {
      ...IT_EN,
      text: "The access point has accepted the invoice, but the recipient's bank or system has not confirmed it.",
      nextAction: 'Ask the access point what has become of the invoice. Trying again asks anew; nothing is sent twice.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  registerDownTooLong: {
    ...IT,
    text: 'Ett register som brevet behöver (FaR, folkbokföringens adresser eller e-fakturaregistret) har inte svarat inom tidsgränsen.',
    nextAction: 'Se i händelserna vilket register som inte svarar. Kontrollera förbindelsen och försök igen.',
    en: {
      ...IT_EN,
      text: 'A register that the letter needs (FaR, the population register or the registry of e-invoices) has not answered within the time limit.',
      nextAction: 'See in the events which register does not answer. Check the connection and try again.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
  documentFailed: {
    ...IT,
    text: 'Mallen kunde inte göra brevets PDF av mottagarens uppgifter. Brevet har inte skickats.',
    nextAction:
      'Läs felet i brevets händelser. Försök igen om det var tillfälligt; annars avbryt och skicka om med rättad mall.',
    en: {
      ...IT_EN,
      text: "The template could not make the letter's PDF of the recipient's data. The letter has not been sent.",
      nextAction:
        "Read the fault in the letter's story. Try again if it was a passing one; otherwise cancel, and send anew with a corrected template.",
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
  contentDoesNotFit: {
    ...UNIT,
    text: 'Brevets innehåll går inte att sätta ihop för kanalen.',
    nextAction: 'Se felet i brevets händelser. Lämna in ett rättat brev och avbryt det här.',
    en: {
      ...UNIT_EN,
      text: "The letter's content cannot be put together for the channel.",
      nextAction: "See the fault among the letter's events. Hand in a corrected letter and cancel this one.",
    },
    suggested: 'cancel',
    mayHaveArrived: false,
  },
  sealFailed: {
    ...IT,
    text: 'Brevet kunde inte signeras eller förseglas.',
    nextAction: 'Kontrollera organisationens certifikat och försök igen.',
    en: {
      ...IT_EN,
      text: 'The letter could not be signed or sealed.',
      nextAction: "Check the organisation's certificate and try again.",
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
  handOverFailed: {
    ...IT,
    text: 'Brevet kunde inte lämnas till utskrift.',
    nextAction: 'Kontrollera utmappen för utskrift (plats och rättigheter) och försök igen.',
    en: {
      ...IT_EN,
      text: 'The letter could not be handed to print.',
      nextAction: 'Check the outgoing print folder (space and permissions) and try again.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
  confirmFailed: {
    ...IT,
    text: 'Kvittensen på brevet kunde inte bekräftas.',
    nextAction: 'Jämför med operatören eller tryckeriet innan brevet skickas igen.',
    en: {
      ...IT_EN,
      text: "The letter's receipt could not be confirmed.",
      nextAction: 'Compare with the operator or the print shop before the letter is sent again.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  pendingTooLong: {
    ...IT,
    text: 'Den externa förmedlaren har haft brevet längre än avtalat utan att säga hur det gick.',
    nextAction:
      'Fråga förmedlaren om brevet. Försök igen frågar på nytt utan att skicka något; papper bara om brevet säkert är stoppat där.',
    en: {
      ...IT_EN,
      text: 'The external dispatcher has had the letter longer than agreed without saying what became of it.',
      nextAction:
        'Ask the dispatcher about the letter. Trying again asks anew and sends nothing; paper only when the letter is stopped there for certain.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  distributionLost: {
    ...IT,
    text: 'Den externa förmedlaren tog emot brevet men säger sig inte känna till det.',
    nextAction:
      'Fråga förmedlaren efter brevet med det id som står i händelserna. Försök igen lämnar över samma undertecknade brev på nytt.',
    en: {
      ...IT_EN,
      text: 'The external dispatcher took the letter and says that it does not know it.',
      nextAction:
        'Ask the dispatcher for the letter by the id among its events. Trying again hands over the same signed letter anew.',
    },
    suggested: 'tryAgain',
    mayHaveArrived: true,
  },
  readStatusUnknown: {
    ...UNIT,
    text: 'Brevet är levererat digitalt, men operatören har inte kunnat säga om det har öppnats.',
    nextAction:
      'Besluta om brevet ska skickas på papper också, fråga operatören en gång till, eller låt det vara levererat.',
    en: {
      ...UNIT_EN,
      text: 'The letter is delivered digitally, but the operator has not been able to say whether it was opened.',
      nextAction: 'Decide whether to send it on paper too, ask the operator once more, or let it be as delivered.',
    },
    suggested: 'cancel',
    mayHaveArrived: true,
    isDelivered: true,
  },
  unreadNotOnPaper: {
    ...UNIT,
    text: 'Brevet är levererat digitalt men har inte öppnats i tid. Det kan inte gå på papper, för postadress saknas.',
    nextAction: 'Ta reda på postadressen och skicka på papper, eller låt brevet vara levererat.',
    en: {
      ...UNIT_EN,
      text: 'The letter is delivered digitally but was not opened in time. It cannot go on paper, for there is no address.',
      nextAction: 'Find the postal address and send on paper, or let the letter be as delivered.',
    },
    suggested: 'sendOnPaper',
    mayHaveArrived: true,
    isDelivered: true,
  },
  noticeFailed: {
    ...UNIT,
    text: 'Aviseringen nådde inte mottagaren i någon av flödets kanaler.',
    nextAction:
      'Se i händelserna varför. Nå mottagaren på annat sätt, eller försök igen när kontaktuppgiften fungerar.',
    en: {
      ...UNIT_EN,
      text: "The notice did not reach the recipient by any of the flow's channels.",
      nextAction: 'See in the story why. Reach the recipient in another way, or try again when the contact works.',
    },
    suggested: 'cancel',
    mayHaveArrived: false,
  },
  noticeUnknown: {
    ...UNIT,
    text: 'Aviseringen lämnade oss men inget svar kom. Det är okänt om den kom fram.',
    nextAction: 'Avbryt om det räcker. Försök igen kan ge mottagaren samma avisering två gånger.',
    en: {
      ...UNIT_EN,
      text: 'The notice left us but no answer came. It is unknown whether it arrived.',
      nextAction: 'Cancel if that will do. Trying again may give the recipient the same notice twice.',
    },
    suggested: 'cancel',
    mayHaveArrived: false,
  },
  printRejected: {
    ...UNIT,
    text: 'Tryckeriet skriver inte ut brevet.',
    nextAction:
      'Läs tryckeriets skäl i brevets händelser. Skriv ut igen, skicka till en annan adress, eller avbryt brevet.',
    en: {
      ...UNIT_EN,
      text: 'The print shop does not print the letter.',
      nextAction:
        "Read the print shop's reason in the letter's story. Print again, send to another address, or cancel.",
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
  returned: {
    ...UNIT,
    text: 'Brevet gick på papper och har kommit tillbaka från posten.',
    nextAction:
      'Ta reda på en adress som gäller och skicka igen, försök digitalt, eller låt brevet vara om inget mer ska göras.',
    en: {
      ...UNIT_EN,
      text: 'The letter went on paper and has come back by post.',
      nextAction:
        'Find an address that holds and send it again, try digitally, or let it be when no more is to be done.',
    },
    suggested: 'sendOnPaper',
    mayHaveArrived: false,
    isPrinted: true,
  },
  addressReturned: {
    ...UNIT,
    text: 'Post till mottagaren på den här adressen har kommit tillbaka. Brevet har inte skickats.',
    nextAction:
      'Kontrollera adressen. Skicka på papper till en som gäller (eller till samma, om den stämmer), eller avbryt.',
    en: {
      ...UNIT_EN,
      text: 'Mail to the recipient at this address has come back. The letter has not been sent.',
      nextAction: 'Check the address. Send on paper to one that holds (or to the same, if it is right), or cancel.',
    },
    suggested: 'sendOnPaper',
    mayHaveArrived: false,
  },
  stageFailed: {
    ...IT,
    text: 'Ett oväntat fel hindrade brevet gång på gång.',
    nextAction: 'Sök felet i loggen med brevets id, rätta det och försök igen.',
    en: {
      ...IT_EN,
      text: 'An unexpected fault stopped the letter again and again.',
      nextAction: "Look for the fault in the log by the letter's id, mend it and try again.",
    },
    suggested: 'tryAgain',
    mayHaveArrived: false,
  },
};
