import type { FormFailure } from './formStates.ts';

interface FailureText {
  /** What happened, in plain words. */
  readonly text: string;
  /** What the person can do. */
  readonly nextAction: string;
}

const CALL =
  'Be mottagarens förvaltare se efter, och försök sedan igen. Är det bråttom: hämta filerna här och lämna över dem.';
const CALL_EN =
  'Ask whoever runs the receiver to look, then try again. If it is urgent: fetch the files here and hand them over.';

/** Why a form did not reach its receiver, and what a person can do about it. */
export const FORM_FAILURE_TEXTS: Readonly<Record<FormFailure, FailureText & { readonly en: FailureText }>> = {
  unreachable: {
    text: 'Mottagarens adress gick inte att nå.',
    nextAction: CALL,
    en: { text: "The receiver's address could not be reached.", nextAction: CALL_EN },
  },
  tooSlow: {
    text: 'Mottagaren svarade inte i tid.',
    nextAction: CALL,
    en: { text: 'The receiver did not answer in time.', nextAction: CALL_EN },
  },
  untrusted: {
    text: 'Mottagarens certifikat godkändes inte.',
    nextAction: CALL,
    en: { text: "The receiver's certificate was not accepted.", nextAction: CALL_EN },
  },
  refused: {
    text: 'Mottagaren tog inte emot formuläret.',
    nextAction: CALL,
    en: { text: 'The receiver did not take the form.', nextAction: CALL_EN },
  },
  redirected: {
    text: 'Mottagaren hänvisade till en annan adress. Formulär skickas bara till den adress som är inställd.',
    nextAction: 'Be er administratör rätta adressen i inställningarna, och försök sedan igen.',
    en: {
      text: 'The receiver pointed to another address. Forms are sent to the address that is set only.',
      nextAction: 'Ask your administrator to correct the address in the settings, then try again.',
    },
  },
  forbiddenAddress: {
    text: 'Mottagarens adress leder in i ett nät som formulär inte får skickas till.',
    nextAction: 'Be er administratör se över adressen i inställningarna, och försök sedan igen.',
    en: {
      text: "The receiver's address leads into a network that forms may not be sent to.",
      nextAction: 'Ask your administrator to look at the address in the settings, then try again.',
    },
  },
  notFetched: {
    text: 'Ingen har hämtat formuläret i tid.',
    nextAction:
      'Be mottagaren hämta det, och försök igen så väntar det lika länge till. Är det bråttom: hämta filerna här och lämna över dem.',
    en: {
      text: 'Nobody has fetched the form in time.',
      nextAction:
        'Ask the receiver to fetch it, and try again: it then waits as long once more. If it is urgent: fetch the files here and hand them over.',
    },
  },
  noReceiver: {
    text: 'Det finns inte längre någon mottagare för det här slags formulär.',
    nextAction: 'Be er administratör ange en mottagare i inställningarna, och försök sedan igen.',
    en: {
      text: 'There is no receiver of this kind of form any more.',
      nextAction: 'Ask your administrator to name a receiver in the settings, then try again.',
    },
  },
  internal: {
    text: 'Brevduva kunde inte slutföra försöken. Felet ligger hos oss.',
    nextAction:
      'Be den som driver Brevduva läsa felloggen, och försök sedan igen. Mottagaren kan ha fått formuläret redan.',
    en: {
      text: 'Brevduva could not carry the attempts through. The fault is ours.',
      nextAction: 'Ask whoever runs Brevduva to read the log, then try again. The receiver may have the form already.',
    },
  },
};
