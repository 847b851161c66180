import { contractFault, type Infer, type recipientV2Schema } from '@brevduva/protocol';
import { selectAccount } from '../sql/accountChanges.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import { serviceSupplier } from './operators.ts';
import { companyOf, firstWaiting, readAsker, signatureStatus, withdraw } from './waitingRequests.ts';

/**
 * `getPendingChangeServiceSupplier`: the chosen operator and who has signed. Told to the chosen operator and to the one
 * that has the account.
 *
 * @throws ContractFault 5001, 5002, 5003, 5018
 */
export async function getPendingChangeServiceSupplier(
  context: AccountContext,
  { Id, UserIdentity }: Infer<typeof recipientV2Schema.getPendingChangeServiceSupplier>,
  caller: Caller,
) {
  const { pool } = context;
  const { holder, calling, operators } = await readAsker(context, { id: Id, userIdentity: UserIdentity }, caller);
  const company = companyOf(holder);
  const request = await firstWaiting(pool, Id, ['S'], waitingSince(context));
  const account = await selectAccount(pool, Id);
  if (![request.operatorId, account?.operatorId].includes(calling.id)) {
    throw contractFault('ACCESS_DENIED', 'the change concerns other operators');
  }
  const chosen = operators.byId(request.operatorId);
  const pendingSignatures = await signatureStatus(pool, context, request, company);
  return {
    return: { ...(chosen === undefined ? {} : { serviceSupplier: serviceSupplier(chosen) }), pendingSignatures },
  };
}

/** `deletePendingChangeServiceSupplier`: withdraws it; only the chosen operator. @throws ContractFault 5001, 5002, 5003, 5018 */
export async function deletePendingChangeServiceSupplier(
  context: AccountContext,
  { organizationIdentity }: Infer<typeof recipientV2Schema.deletePendingChangeServiceSupplier>,
  caller: Caller,
) {
  const { Id, UserIdentity } = organizationIdentity;
  const asker = await readAsker(context, { id: Id, userIdentity: UserIdentity }, caller);
  await withdraw(context, asker, ['S'], caller);
  return { serviceSupplier: serviceSupplier(asker.calling) };
}
