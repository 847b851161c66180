import { contractFault, type Infer, type recipientV3Schema } from '@brevduva/protocol';
import { closeAccount } from '../sql/accountChanges.ts';
import { deleteRequestsOf } from '../sql/accountRequests.ts';
import type { AccountContext, Caller } from './accountContext.ts';
import { refuseFutureDate, refuseNoAccount, refuseOtherHolder, refuseOtherSupplier } from './changeChecks.ts';
import { handleSignedChange } from './signedChange.ts';

type Request = Infer<typeof recipientV3Schema.deregister>;

/**
 * `deregister` (FACTS i.4): closes the mailbox at the operator that has it. Until a company's signatories have all signed,
 * mail goes on arriving there.
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5011, 5012, 5018
 */
export async function deregister(context: AccountContext, request: Request, caller: Caller) {
  const { Id, Type, AgreementText, Timestamp, ServiceSupplier } = request.deregisterAccount;
  if (Type !== 'Delete') throw contractFault('INVALID_INPUT', 'deregister takes AccountRequest of Type Delete');
  refuseFutureDate(Timestamp, context.clock.now());
  const answer = await handleSignedChange(
    context,
    {
      kind: 'D',
      action: 'deregister',
      recipientId: Id,
      agreementText: AgreementText,
      signatures: request.signature,
      faultName: 'SIGNATURE_ERROR',
      supplierDomain: ServiceSupplier,
      demandsEligibility: false,
      waitingFields: { accountType: null, requestDate: Timestamp, acceptedSenders: null },
      refuseState: (state) => {
        refuseOtherSupplier(state, ServiceSupplier);
        refuseOtherHolder(refuseNoAccount(state), state.calling);
      },
      apply: async (db) => {
        await closeAccount(db, Id);
        await deleteRequestsOf(db, Id);
        return null;
      },
    },
    caller,
  );
  return { return: answer };
}
