import { contractFault, type Infer, type recipientV2Schema } from '@brevduva/protocol';
import { selectSenders } from '../sql/organizations.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import { companyOf, firstWaiting, readAsker, signatureStatus, withdraw } from './waitingRequests.ts';

/** `getPendingAccountPreferences`: what would be stored, and who has signed. @throws ContractFault 5001, 5002, 5003, 5018 */
export async function getPendingAccountPreferences(
  context: AccountContext,
  { Id, UserIdentity }: Infer<typeof recipientV2Schema.getPendingAccountPreferences>,
  caller: Caller,
) {
  const { pool } = context;
  const { holder, calling } = await readAsker(context, { id: Id, userIdentity: UserIdentity }, caller);
  const company = companyOf(holder);
  const request = await firstWaiting(pool, Id, ['P'], waitingSince(context));
  if (request.operatorId !== calling.id) throw contractFault('ACCESS_DENIED', 'another operator has the mailbox');
  const senders = (await selectSenders(pool)).filter((sender) =>
    request.acceptedSenders?.includes(sender.organizationNumber),
  );
  return {
    return: {
      AccountPreferences: {
        Id,
        AcceptedSenders: senders.map(({ organizationNumber, name }) => ({ Id: organizationNumber, Name: name })),
      },
      PendingSignatures: await signatureStatus(pool, context, request, company),
    },
  };
}

/** `deletePendingAccountPreferences`: withdraws it. @throws ContractFault 5001, 5002, 5003, 5018 */
export async function deletePendingAccountPreferences(
  context: AccountContext,
  { organizationIdentity }: Infer<typeof recipientV2Schema.deletePendingAccountPreferences>,
  caller: Caller,
) {
  const { Id, UserIdentity } = organizationIdentity;
  const asker = await readAsker(context, { id: Id, userIdentity: UserIdentity }, caller);
  await withdraw(context, asker, ['P'], caller);
  return { return: { Id, UserIdentity } };
}
