import { contractFault, type Infer, type recipientV3Schema } from '@brevduva/protocol';
import { openAccount } from '../sql/accountChanges.ts';
import type { AccountContext, Caller } from './accountContext.ts';
import { refuseFutureDate, refuseOtherSupplier, TYPE_LETTERS } from './changeChecks.ts';
import { type AccountState, handleSignedChange } from './signedChange.ts';

type Request = Infer<typeof recipientV3Schema.register>;

/**
 * `register` (FACTS i.1): opens a mailbox at the calling operator. A person's is active at once; a company's waits, with
 * `Pending=true`, until enough signatories have signed, each through this operation.
 *
 * @throws ContractFault 5001, 5002, 5003, 5005, 5007, 5009, 5010, 5011, 5017, 5018, 6004, 6006, 6007
 */
export async function register(context: AccountContext, request: Request, caller: Caller) {
  const { accountRequest, accountType, signature } = request;
  const { Id, Type, AgreementText, Timestamp, ServiceSupplier } = accountRequest;
  if (Type !== 'Create') throw contractFault('INVALID_INPUT', 'register takes AccountRequest of Type Create');
  if (!context.rules.accountTypes.includes(accountType) || accountType === 'Not') {
    throw contractFault('INVALID_INPUT', `accountType ${accountType} cannot be registered`);
  }
  refuseFutureDate(Timestamp, context.clock.now());
  const letter = TYPE_LETTERS[accountType];
  const open = (state: AccountState, registeredAt: Date, pending: boolean) => ({
    recipientId: Id,
    registeredAt,
    operatorId: state.calling.id,
    accountType: letter,
    pending,
  });
  const answer = await handleSignedChange(
    context,
    {
      kind: 'C',
      action: 'register',
      recipientId: Id,
      agreementText: AgreementText,
      signatures: signature,
      faultName: 'REGISTER_ACCOUNT_SIGNATURE_ERROR',
      supplierDomain: ServiceSupplier,
      demandsEligibility: true,
      waitingFields: { accountType: letter, requestDate: Timestamp, acceptedSenders: null },
      refuseState: (state) => {
        refuseOtherSupplier(state, ServiceSupplier);
        refuseExisting(state);
      },
      prepare: (db, state, at) => openAccount(db, open(state, at, true)),
      apply: async (db, state, at) => {
        await openAccount(db, open(state, at, false));
        return state.calling.id;
      },
    },
    caller,
  );
  return { return: answer };
}

/** A registration that has waited too long at another operator stands in no one's way. */
function refuseExisting({ account, waiting, calling }: AccountState): void {
  if (account === undefined || account.accountType === 'N') return;
  if (!account.pending) throw contractFault('OBJECT_ALREADY_EXISTS', 'the recipient has a mailbox');
  if (waiting !== undefined && waiting.operatorId !== calling.id) {
    throw contractFault('ILLEGAL_STATE', 'a registration at another operator waits for signatures');
  }
}
