import { contractFault, type Infer, type recipientV2Schema } from '@brevduva/protocol';
import { moveAccount } from '../sql/accountChanges.ts';
import { deleteRequestsOf } from '../sql/accountRequests.ts';
import type { AccountContext, Caller } from './accountContext.ts';
import type { AccountRules } from './accountRules.ts';
import { refuseNoAccount } from './changeChecks.ts';
import { type AccountState, handleSignedChange } from './signedChange.ts';

type Request = Infer<typeof recipientV2Schema.changeServiceSupplier>;

/**
 * `changeServiceSupplier` (FACTS i.3): moves the mailbox to the operator whose domain is named. Mail goes to the old one
 * until the change is complete, then to the new one; what the holder said about senders comes along.
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5011, 5012, 5018, 6004
 */
export async function changeServiceSupplier(context: AccountContext, request: Request, caller: Caller) {
  const { Id, UserIdentity, ServiceSupplier, AgreementText, SignatureData } = request;
  const answer = await handleSignedChange(
    context,
    {
      kind: 'S',
      action: 'changeServiceSupplier',
      recipientId: Id,
      agreementText: AgreementText,
      signatures: SignatureData,
      faultName: 'SIGNATURE_ERROR',
      userIdentity: UserIdentity,
      supplierDomain: ServiceSupplier,
      demandsEligibility: false,
      waitingFields: { accountType: null, requestDate: null, acceptedSenders: null },
      refuseState: (state) => refuseMove(state, ServiceSupplier, context.rules),
      apply: async (db, { operators }, at) => {
        const { id } = operators.named(ServiceSupplier);
        await moveAccount(db, { recipientId: Id, registeredAt: at, operatorId: id });
        // What waits was handed in by an operator that the account has left.
        await deleteRequestsOf(db, Id);
        return id;
      },
    },
    caller,
  );
  return { signatureAuthorizationResult: answer };
}

function refuseMove(state: AccountState, domain: string, { changeOfSupplierBy }: AccountRules): void {
  const { calling, operators, waiting } = state;
  const chosen = operators.named(domain);
  const account = refuseNoAccount(state);
  const isHolder = changeOfSupplierBy === 'eitherOperator' && account.operatorId === calling.id;
  if (calling.id !== chosen.id && !isHolder) {
    throw contractFault('ACCESS_DENIED', 'the change is handed in by the chosen operator');
  }
  if (account.operatorId === chosen.id) throw contractFault('ILLEGAL_STATE', 'the operator has the mailbox already');
  if (waiting !== undefined && waiting.operatorId !== chosen.id) {
    throw contractFault('ILLEGAL_STATE', 'a change to another operator waits for signatures');
  }
}
