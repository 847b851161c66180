import type { HandInReason } from './sql/handInCases.ts';

interface ReasonText {
  /** What happened, in plain words. */
  readonly text: string;
  /** What the person can do. */
  readonly nextAction: string;
}

/** Why what was handed in did not become a letter by itself, and what a person can do about it. */
export const HAND_IN_REASONS: Readonly<Record<HandInReason, ReasonText & { readonly en: ReasonText }>> = {
  noRecipient: {
    text: 'Mottagarens nummer gick inte att hitta.',
    nextAction: 'Läs sidan, fyll i vem brevet är till och lämna in det.',
    en: {
      text: "The recipient's number could not be found.",
      nextAction: 'Read the page, fill in whom the letter is for and hand it in.',
    },
  },
  invalidRecipient: {
    text: 'Numret som hittades är inte ett giltigt person-, samordnings- eller organisationsnummer.',
    nextAction: 'Rätta numret och lämna in brevet.',
    en: {
      text: 'The number that was found is nobody’s.',
      nextAction: 'Correct the number and hand the letter in.',
    },
  },
  severalRecipients: {
    text: 'Flera olika nummer hittades.',
    nextAction:
      'Välj vem brevet är till. Är det flera brev i ett: lämna in dem på nytt var för sig, och skicka inte det här.',
    en: {
      text: 'Several different numbers were found.',
      nextAction:
        'Choose whom the letter is for. If it is several letters in one, hand each in anew, and do not send this one.',
    },
  },
  refused: {
    text: 'Brevet kunde inte tas emot som det är.',
    nextAction: 'Rätta det som är fel och lämna in brevet.',
    en: {
      text: 'The letter could not be taken in as it is.',
      nextAction: 'Correct what is wrong and hand the letter in.',
    },
  },
};
