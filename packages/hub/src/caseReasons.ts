import type { CaseReason } from './switch.ts';

interface CaseReasonText {
  /** What happened, in plain Swedish. */
  readonly text: string;
  /** Who has the case to begin with. */
  readonly owner: string;
  /** What the person can do next. */
  readonly nextAction: string;
}

/** Every way into a person's queue says what happened, who acts and what to do next (design 5, second promise). */
export const CASE_REASONS: Readonly<Record<CaseReason, CaseReasonText>> = {
  protectedIdentity: {
    text: 'Mottagaren har skyddad identitet. Brevet skickas inte automatiskt i någon kanal.',
    owner: 'Handläggande enhet',
    nextAction: 'Följ rutinen för skyddade personuppgifter och avbryt brevet här när det är hanterat.',
  },
  noChannel: {
    text: 'Mottagaren har ingen digital brevlåda som tar emot brevet, och postadress saknas.',
    owner: 'Handläggande enhet',
    nextAction: 'Ta reda på postadressen och skicka på papper, eller avbryt brevet.',
  },
  digitalFailedPaperNotAllowed: {
    text: 'Brevet kunde inte levereras digitalt, och flödet får inte skickas på papper.',
    owner: 'Handläggande enhet',
    nextAction: 'Besluta om brevet ändå ska gå på papper, försök igen eller avbryt.',
  },
  outcomeUnknownTooLong: {
    text: 'Brevet har skickats till brevlådeoperatören men inget svar har kommit. Det är okänt om brevet kom fram.',
    owner: 'Kommunens IT',
    nextAction: 'Fråga operatören om brevet kom fram. Försök igen är säkert: samma brev levereras aldrig två gånger digitalt.',
  },
  registerDownTooLong: {
    text: 'Adressregistret FaR har inte svarat inom tidsgränsen.',
    owner: 'Kommunens IT',
    nextAction: 'Kontrollera förbindelsen med FaR och försök igen.',
  },
  contentDoesNotFit: {
    text: 'Brevets innehåll går inte att sätta ihop för kanalen.',
    owner: 'Handläggande enhet',
    nextAction: 'Se felet i brevets händelser. Lämna in ett rättat brev och avbryt det här.',
  },
  sealFailed: {
    text: 'Brevet kunde inte signeras eller förseglas.',
    owner: 'Kommunens IT',
    nextAction: 'Kontrollera organisationens certifikat och försök igen.',
  },
  handOverFailed: {
    text: 'Brevet kunde inte lämnas till utskrift.',
    owner: 'Kommunens IT',
    nextAction: 'Kontrollera utmappen för utskrift (plats och rättigheter) och försök igen.',
  },
  confirmFailed: {
    text: 'Kvittensen på brevet kunde inte bekräftas.',
    owner: 'Kommunens IT',
    nextAction: 'Jämför med operatören eller tryckeriet innan brevet skickas igen.',
  },
  stageFailed: {
    text: 'Ett oväntat fel hindrade brevet gång på gång.',
    owner: 'Kommunens IT',
    nextAction: 'Sök felet i loggen med brevets id, rätta det och försök igen.',
  },
};
