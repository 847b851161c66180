import { authorityService, type RecipientId, recipientService } from '@brevduva/protocol';
import { type Check, unlessFaults, type Verdict } from '../check.ts';
import { type Context, type Seen, told } from '../context.ts';
import { UNKNOWN_ORGANIZATION, UNREGISTERED } from '../numbers.ts';

const person = UNREGISTERED as RecipientId;
const company = UNKNOWN_ORGANIZATION as RecipientId;
const identity = { Id: company, UserIdentity: UNREGISTERED };
const { operations: recipient } = recipientService;
const { operations: authority } = authorityService;
type Ask = (context: Context) => Promise<Seen>;

/** What an operator asks beside `isReachable`: about a person without mailbox, and a company that nobody has. */
const RECIPIENT_QUESTIONS: Readonly<Record<string, Ask>> = {
  getAccountPreferences: ({ ask }) =>
    ask(recipient.getAccountPreferences, { RecipientId: person, UserIdentity: UNREGISTERED }),
  getPendingAccountPreferences: ({ ask }) => ask(recipient.getPendingAccountPreferences, identity),
  deletePendingAccountPreferences: ({ ask }) =>
    ask(recipient.deletePendingAccountPreferences, { organizationIdentity: identity }),
  getPendingAccountRequest: ({ ask }) =>
    ask(recipient.getPendingAccountRequest, { recipientId: [company], userIdentity: UNREGISTERED }),
  deletePendingAccountRequest: ({ ask }) =>
    ask(recipient.deletePendingAccountRequest, { recipientId: company, userIdentity: UNREGISTERED }),
  getPendingChangeServiceSupplier: ({ ask }) => ask(recipient.getPendingChangeServiceSupplier, identity),
  deletePendingChangeServiceSupplier: ({ ask }) =>
    ask(recipient.deletePendingChangeServiceSupplier, { organizationIdentity: identity }),
  isAuthorizedSigner: ({ ask }) =>
    ask(recipient.isAuthorizedSigner, { CompanyId: company, UserIdentity: UNREGISTERED }),
};

const AUTHORITY_QUESTIONS: Readonly<Record<string, Ask>> = {
  getUserAccessRights: ({ ask }) => ask(authority.getUserAccessRights, { arg0: UNREGISTERED }),
  getUserAccessRightsNoConcent: ({ ask }) => ask(authority.getUserAccessRightsNoConcent, { arg0: UNREGISTERED }),
  testNewSigner: ({ ask }) => ask(authority.testNewSigner, { arg0: company, arg1: [], arg3: 'Ownership' }),
};

const common = {
  basis: 'reading',
  dependsOn: ['soap.answer'],
  expects: 'ett giltigt svar, eller ett fel som säger att det inte finns eller inte är tillåtet: inte 5000 eller 5001',
} as const;

/** That the other operations are there too (FACTS b.2, b.8). */
export const OPERATION_CHECKS: readonly Check[] = [
  {
    ...common,
    id: 'recipient.operations',
    clause: 'b.2',
    services: ['recipient'],
    title: 'Operatörernas operationer finns',
    sends: `${Object.keys(RECIPIENT_QUESTIONS).join(', ')} för den som ingen brevlåda har och ett företag som inte finns`,
    run: (context) => everyKnown(context, RECIPIENT_QUESTIONS),
  },
  {
    ...common,
    id: 'authority.operations',
    clause: 'b.8',
    services: ['authority'],
    title: 'Behörighetsoperationerna finns',
    sends: `${Object.keys(AUTHORITY_QUESTIONS).join(', ')} för den som ingen brevlåda har och ett företag som inte finns`,
    run: (context) => everyKnown(context, AUTHORITY_QUESTIONS),
  },
];

/** Said of a question that is valid by the schema, these mean that the operation is missing or broken. */
const UNKNOWN_CODES: readonly (number | undefined)[] = [5000, 5001, undefined];

async function everyKnown(context: Context, questions: Readonly<Record<string, Ask>>): Promise<Verdict> {
  const faults: string[] = [];
  for (const [name, ask] of Object.entries(questions)) {
    const seen = await ask(context);
    const { answer } = seen;
    const isUnknown = answer.kind === 'bad' || (answer.kind === 'fault' && UNKNOWN_CODES.includes(answer.errorCode));
    if (isUnknown) faults.push(`${name}: ${told(seen)}`);
  }
  return unlessFaults(faults, `${Object.keys(questions).length} operationer`);
}
