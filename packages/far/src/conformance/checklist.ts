import type { ActorRole } from '../actors/actorRole.ts';

/**
 * What a connecting party must have done correctly in the test environment, and what it does well to try. One table: pages,
 * JSON, documentation and tests read it. What ticks an item is the party's own traffic alone, since its technical test began.
 */
export interface ChecklistItem {
  /** Stable: other systems may keep it. */
  readonly id: string;
  /** Any of them: who has several roles does a thing once. */
  readonly roles: readonly ActorRole[];
  /** Demanded before production; else worth trying. */
  readonly isRequired: boolean;
  /** Where FACTS says so. */
  readonly clause: string;
  readonly rule: ChecklistRule;
  readonly text: Readonly<Record<'sv' | 'en', string>>;
}

export type ChecklistRule =
  /** The register has answered the operation. */
  | { readonly kind: 'answered'; readonly operation: string }
  /** … when it was asked about several ids at once. */
  | { readonly kind: 'answeredSeveral'; readonly operation: string }
  /** The register has refused the operation with one of the codes, as it should. */
  | { readonly kind: 'refused'; readonly operation: string; readonly codes: readonly number[] }
  /** Refused with one of the codes, and then the same operation answered: the party copes. */
  | { readonly kind: 'recovered'; readonly operation: string; readonly codes: readonly number[] }
  /** The party's number stood as the sender in a question that was answered, whoever asked. */
  | { readonly kind: 'askedFor' };

const answered = (operation: string): ChecklistRule => ({ kind: 'answered', operation });
const refused = (operation: string, ...codes: number[]): ChecklistRule => ({ kind: 'refused', operation, codes });

/** In the order in which one would do it. */
export const CHECKLIST: readonly ChecklistItem[] = [
  {
    id: 'senderAskedFor',
    roles: ['sender'],
    isRequired: true,
    clause: 'b.2, d',
    rule: { kind: 'askedFor' },
    text: {
      sv: 'Ett uppslag har besvarats med organisationen som avsändare, gjort av den själv eller av dess förmedlare',
      en: 'A look-up was answered with the organisation as the sender, made by itself or by its dispatcher',
    },
  },
  {
    id: 'lookUp',
    roles: ['dispatcher'],
    isRequired: true,
    clause: 'b.2, d',
    rule: answered('isReachable'),
    text: {
      sv: 'Fråga om en mottagare kan nås, för en avsändare som ni förmedlar för',
      en: 'Ask whether a recipient can be reached, for a sender that you dispatch for',
    },
  },
  {
    id: 'lookUpSeveral',
    roles: ['dispatcher'],
    isRequired: true,
    clause: 'b.2, k',
    rule: { kind: 'answeredSeveral', operation: 'isReachable' },
    text: {
      sv: 'Fråga om flera mottagare i samma anrop, högst 1 000',
      en: 'Ask about several recipients in one call, at most 1000',
    },
  },
  {
    id: 'lookUpTooMany',
    roles: ['dispatcher'],
    isRequired: true,
    clause: 'b.9, k',
    rule: { kind: 'recovered', operation: 'isReachable', codes: [5005] },
    text: {
      sv: 'Fråga om fler än 1 000 mottagare, bli avvisad med 5005, dela upp frågan och få svar',
      en: 'Ask about more than 1000 recipients, be refused with 5005, divide the question and be answered',
    },
  },
  {
    id: 'lookUpOtherSender',
    roles: ['dispatcher'],
    isRequired: false,
    clause: 'b.9, d',
    rule: refused('isReachable', 6005, 5014),
    text: {
      sv: 'Fråga för en avsändare som ni inte förmedlar för, och bli avvisad med 6005 eller 5014',
      en: 'Ask for a sender that you do not dispatch for, and be refused with 6005 or 5014',
    },
  },
  {
    id: 'isRegistered',
    roles: ['dispatcher', 'operator'],
    isRequired: false,
    clause: 'b.2',
    rule: answered('isRegistered'),
    text: {
      sv: 'Fråga om mottagare har en brevlåda, oavsett avsändare',
      en: 'Ask whether recipients have a mailbox, whoever the sender is',
    },
  },
  {
    id: 'getSenders',
    roles: ['operator', 'forwarder'],
    isRequired: true,
    clause: 'b.8, e.4',
    rule: answered('getSenders'),
    text: {
      sv: 'Hämta listan över anslutna avsändare',
      en: 'Fetch the list of connected senders',
    },
  },
  {
    id: 'getDispatchers',
    roles: ['operator', 'forwarder'],
    isRequired: true,
    clause: 'b.8, e.4',
    rule: answered('getDispatchers'),
    text: {
      sv: 'Hämta listan över förmedlare och vilka avsändare de får förmedla för',
      en: 'Fetch the list of dispatchers and the senders they may dispatch for',
    },
  },
  {
    id: 'isSenderAccepted',
    roles: ['operator', 'forwarder'],
    isRequired: false,
    clause: 'b.8',
    rule: answered('isSenderAccepted'),
    text: {
      sv: 'Fråga om en organisation är en ansluten avsändare',
      en: 'Ask whether an organisation is a connected sender',
    },
  },
  {
    id: 'register',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.1',
    rule: answered('register'),
    text: {
      sv: 'Registrera en mottagare, med underskrift',
      en: 'Register a recipient, with a signature',
    },
  },
  {
    id: 'registerAgain',
    roles: ['operator'],
    isRequired: false,
    clause: 'i.1, b.9',
    rule: refused('register', 5007),
    text: {
      sv: 'Registrera den som redan har en brevlåda, och bli avvisad med 5007',
      en: 'Register someone who has a mailbox already, and be refused with 5007',
    },
  },
  {
    id: 'badSignature',
    roles: ['operator'],
    isRequired: true,
    clause: 'e.5, b.9',
    rule: refused('register', 5010),
    text: {
      sv: 'Lämna in en underskrift som inte gäller, och bli avvisad med 5010',
      en: 'Hand in a signature that does not count, and be refused with 5010',
    },
  },
  {
    id: 'getPendingAccountRequest',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.2',
    rule: answered('getPendingAccountRequest'),
    text: {
      sv: 'Hämta ett företags registrering som väntar på fler underskrifter',
      en: 'Fetch a company’s registration that waits for more signatures',
    },
  },
  {
    id: 'deletePendingAccountRequest',
    roles: ['operator'],
    isRequired: false,
    clause: 'i.2',
    rule: answered('deletePendingAccountRequest'),
    text: {
      sv: 'Återkalla en registrering som väntar',
      en: 'Withdraw a registration that waits',
    },
  },
  {
    id: 'changeServiceSupplier',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.3',
    rule: answered('changeServiceSupplier'),
    text: {
      sv: 'Ta över en mottagare från en annan brevlådeoperatör',
      en: 'Take over a recipient from another mailbox operator',
    },
  },
  {
    id: 'getPendingChangeServiceSupplier',
    roles: ['operator'],
    isRequired: false,
    clause: 'i.2, i.3',
    rule: answered('getPendingChangeServiceSupplier'),
    text: {
      sv: 'Hämta ett operatörsbyte som väntar på fler underskrifter',
      en: 'Fetch a change of operator that waits for more signatures',
    },
  },
  {
    id: 'getAccountPreferences',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.5',
    rule: answered('getAccountPreferences'),
    text: {
      sv: 'Hämta vilka avsändare en mottagare tar emot post från',
      en: 'Fetch the senders that a recipient takes mail from',
    },
  },
  {
    id: 'storeAccountPreferences',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.5',
    rule: answered('storeAccountPreferences'),
    text: {
      sv: 'Spara vilka avsändare en mottagare tar emot post från, med underskrift',
      en: 'Store the senders that a recipient takes mail from, with a signature',
    },
  },
  {
    id: 'isAuthorizedSigner',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.6',
    rule: answered('isAuthorizedSigner'),
    text: {
      sv: 'Fråga om en person får teckna ett företag',
      en: 'Ask whether a person may sign for a company',
    },
  },
  {
    id: 'getUserAccessRights',
    roles: ['operator'],
    isRequired: true,
    clause: 'b.8, i.6',
    rule: answered('getUserAccessRights'),
    text: {
      sv: 'Fråga vad en person får göra i företags brevlådor',
      en: 'Ask what a person may do in the mailboxes of companies',
    },
  },
  {
    id: 'testNewSigner',
    roles: ['operator'],
    isRequired: false,
    clause: 'b.8, i.6',
    rule: answered('testNewSigner'),
    text: {
      sv: 'Pröva om ett företag är behörigt tecknat när en person till skriver under',
      en: 'Test whether a company would have signed if one more person signs',
    },
  },
  {
    id: 'verifyAuthorizedSignatures',
    roles: ['operator'],
    isRequired: false,
    clause: 'b.8, i.6',
    rule: answered('verifyAuthorizedSignatures'),
    text: {
      sv: 'Kontrollera ett företags underskrifter',
      en: 'Verify a company’s signatures',
    },
  },
  {
    id: 'deregister',
    roles: ['operator'],
    isRequired: true,
    clause: 'i.4',
    rule: answered('deregister'),
    text: {
      sv: 'Avregistrera en mottagare, med underskrift',
      en: 'Deregister a recipient, with a signature',
    },
  },
];

/** What concerns an organisation with these roles, what is demanded first. */
export function checklistFor(roles: readonly ActorRole[]): ChecklistItem[] {
  const items = CHECKLIST.filter((item) => item.roles.some((role) => roles.includes(role)));
  return [...items.filter(({ isRequired }) => isRequired), ...items.filter(({ isRequired }) => !isRequired)];
}

/** The operation whose traffic ticks the item. */
export function operationOf({ rule }: ChecklistItem): string {
  return rule.kind === 'askedFor' ? 'isReachable' : rule.operation;
}
