import type { Queryable } from '@brevduva/base';
import { contractFault, type Infer, type recipientV2Schema } from '@brevduva/protocol';
import { replacePreferences } from '../sql/accountChanges.ts';
import { selectSenders, unknownSenders } from '../sql/organizations.ts';
import type { AccountContext, Caller } from './accountContext.ts';
import { refuseNoAccount, refuseOtherHolder } from './changeChecks.ts';
import { handleSignedChange } from './signedChange.ts';

type Request = Infer<typeof recipientV2Schema.storeAccountPreferences>;

/** More senders than there are public bodies in Sweden. */
export const ACCEPTED_SENDERS_MAX = 5000;

/**
 * `storeAccountPreferences` (FACTS i.5): from now on mail is taken from exactly these of the connected senders. One that
 * connects later is accepted until the holder says otherwise (FACTS d).
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5011, 5012, 5014, 5018
 */
export async function storeAccountPreferences(context: AccountContext, request: Request, caller: Caller) {
  const { Id, UserIdentity, preferences, AgreementText, SignatureData } = request;
  if (preferences.Id !== Id) throw contractFault('INVALID_INPUT', 'preferences/Id is another recipient');
  if (preferences.AcceptedSenders.length > ACCEPTED_SENDERS_MAX) {
    throw contractFault('MAX_EXCEEDED', `at most ${ACCEPTED_SENDERS_MAX} AcceptedSenders`);
  }
  const acceptedSenders = [...new Set(preferences.AcceptedSenders.map((sender) => sender.Id))].sort();
  const answer = await handleSignedChange(
    context,
    {
      kind: 'P',
      action: 'storeAccountPreferences',
      recipientId: Id,
      agreementText: AgreementText,
      signatures: SignatureData,
      faultName: 'SIGNATURE_ERROR',
      userIdentity: UserIdentity,
      acceptedSenders,
      demandsEligibility: false,
      waitingFields: { accountType: null, requestDate: null, acceptedSenders },
      refuseState: (state) => refuseOtherHolder(refuseNoAccount(state), state.calling),
      refuseContent: (db) => refuseUnknownSenders(db, acceptedSenders),
      apply: async (db, { calling }, at) => {
        await replacePreferences(db, Id, await meant(db, acceptedSenders, context), at);
        return calling.id;
      },
    },
    caller,
  );
  return { return: answer };
}

async function refuseUnknownSenders(db: Queryable, ids: readonly string[]): Promise<void> {
  if (!ids.every((id) => ASCII_DIGITS.test(id))) {
    throw contractFault('INVALID_INPUT', 'an id has other digits than 0-9');
  }
  if ((await unknownSenders(db, ids)).length > 0) throw contractFault('UNKNOWN_SENDER');
}

/** FACTS n.5: what an empty list says is open. */
async function meant(db: Queryable, ids: readonly string[], { rules }: AccountContext): Promise<readonly string[]> {
  if (ids.length > 0 || rules.emptyAcceptedSenders === 'none') return ids;
  return (await selectSenders(db)).map((sender) => sender.organizationNumber);
}

/** The schema's `\d` is any Unicode digit, also the Arabic ones. */
const ASCII_DIGITS = /^[0-9]{12}$/;
