import type { AccountPreferences, Infer, recipientV3Schema } from '@brevduva/protocol';
import { selectAcceptedSenders, selectAccount } from '../sql/accountChanges.ts';
import type { AccountContext, Caller } from './accountContext.ts';
import { refuseNoAccount, refuseOtherHolder } from './changeChecks.ts';
import { readAsker } from './waitingRequests.ts';

/**
 * `getAccountPreferences`: every connected sender that the recipient takes mail from. To store the same list changes
 * nothing. Told to the operator that has the account, for the holder or a signatory.
 *
 * @throws ContractFault 5001, 5002, 5003, 5011, 5018
 */
export async function getAccountPreferences(
  context: AccountContext,
  { RecipientId, UserIdentity }: Infer<typeof recipientV3Schema.getAccountPreferences>,
  caller: Caller,
): Promise<{ return: AccountPreferences }> {
  const { pool } = context;
  const { calling } = await readAsker(context, { id: RecipientId, userIdentity: UserIdentity }, caller);
  const account = refuseNoAccount({ account: await selectAccount(pool, RecipientId) });
  refuseOtherHolder(account, calling);
  const senders = await selectAcceptedSenders(pool, RecipientId);
  return {
    return: {
      Id: RecipientId,
      AcceptedSenders: senders.map(({ organizationNumber, name }) => ({ Id: organizationNumber, Name: name })),
    },
  };
}
