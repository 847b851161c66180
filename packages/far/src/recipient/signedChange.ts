import { inTransaction, newId, type Queryable } from '@brevduva/base';
import {
  type Agreement,
  contractFault,
  isAgreementTo,
  type SignatureAuthorizationResult,
  type SignatureData,
  UserSignatureError,
  type VerifiedUserSignature,
} from '@brevduva/protocol';
import { selectAccount } from '../sql/accountChanges.ts';
import {
  type AccountRequestRow,
  countSignaturesOf,
  deleteRequest,
  insertChange,
  insertRequest,
  insertSignatures,
  lockRecipient,
  type RequestKind,
  selectLastChange,
  selectRequest,
  selectSigners,
} from '../sql/accountRequests.ts';
import type { AccountRow } from '../sql/accounts.ts';
import type { OperatorRow } from '../sql/organizations.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import {
  type Authorization,
  authorizationResult,
  authorizeCompany,
  authorizePerson,
  toPerson,
} from './authorization.ts';
import { findHolder, type Holder, mayAct, readRecipientId, refuseIneligible } from './holder.ts';
import { type Operators, readOperators } from './operators.ts';
import { AGREEMENT_LENGTH_MAX, asFault, type SignatureFaultName, verifySignatures } from './signatures.ts';

/** Where an account and its requests stand, read under the recipient's lock. */
export interface AccountState {
  account: AccountRow | undefined;
  /** The request of the same kind that waits for signatures. */
  waiting: AccountRequestRow | undefined;
  /** Who hands the change in. */
  calling: OperatorRow;
  operators: Operators;
}

/** One of the four changes that a holder signs, apart from what they have in common. */
export interface SignedChange {
  kind: RequestKind;
  action: Agreement['action'];
  recipientId: string;
  agreementText: string;
  signatures: readonly SignatureData[];
  faultName: SignatureFaultName;
  /** Who acts, where the request says so; must be one of those who sign. */
  userIdentity?: string;
  /** The operator as the request names it; absent where the request does not. */
  supplierDomain?: string;
  acceptedSenders?: readonly string[];
  /** Whether the holder must be one who may have a mailbox. */
  demandsEligibility: boolean;
  /** What the request adds to a waiting row. */
  waitingFields: Pick<AccountRequestRow, 'accountType' | 'requestDate' | 'acceptedSenders'>;
  /** Refuses who may not hand this in, and what the account's state does not allow. @throws ContractFault */
  refuseState(state: AccountState): void;
  /** Looks at the database where the state alone does not decide. @throws ContractFault */
  refuseContent?(db: Queryable): Promise<void>;
  /** What happens to the account while signatures are missing. */
  prepare?(db: Queryable, state: AccountState, at: Date): Promise<void>;
  /** Makes the change. Gives the operator that has the account afterwards. */
  apply(db: Queryable, state: AccountState, at: Date): Promise<number | null>;
}

/**
 * The way of every signed change (FACTS i), in this order:
 *
 * 1. form, then who calls;
 * 2. what other registers say of the holder (no transaction is open);
 * 3. the signatures, and whether their signers may sign;
 * 4. one transaction under the recipient's lock: state, replay, then either the change or one more signature that waits.
 *
 * Whatever refuses, nothing of the call is kept, not even that its signature has been seen: it can be handed in again once
 * the reason is gone.
 *
 * @throws ContractFault
 */
export async function handleSignedChange(
  context: AccountContext,
  change: SignedChange,
  { caller, callId }: Caller,
): Promise<SignatureAuthorizationResult> {
  const id = readRecipientId(change.recipientId, 'Id');
  const operators = await readOperators(context.pool);
  const calling = operators.calling(caller);
  if (change.agreementText.length > AGREEMENT_LENGTH_MAX) {
    throw contractFault('MAX_EXCEEDED', `at most ${AGREEMENT_LENGTH_MAX} characters of AgreementText`);
  }
  refuseUnnamedAgreement(context, change, operators, calling);
  const holder = await findHolder(context, id);
  if (change.demandsEligibility) await refuseIneligible(context, holder);
  const verified = verifySignatures(context, {
    signatures: change.signatures,
    text: change.agreementText,
    faultName: change.faultName,
  });
  refuseSigners(holder, verified, change.userIdentity);
  if (holder.kind === 'company') {
    const authorization = authorizeCompany(holder.company, [], context.rules);
    if (authorization.status === 'RulesNotSupported') return result(context, holder, authorization);
  }
  const authorization = await inTransaction(context.pool, (db) =>
    decide(db, { context, change, holder, verified, operators, calling, callId }),
  );
  return result(context, holder, authorization);
}

interface Decision {
  context: AccountContext;
  change: SignedChange;
  holder: Holder;
  verified: readonly VerifiedUserSignature[];
  operators: Operators;
  calling: OperatorRow;
  callId: string;
}

async function decide(db: Queryable, decision: Decision): Promise<Authorization> {
  const { context, change, holder, verified, operators, calling } = decision;
  await lockRecipient(db, holder.id);
  // After the lock: the times of changes to one account are in the order in which they were made.
  const at = context.clock.now();
  const state: AccountState = {
    account: await selectAccount(db, holder.id),
    waiting: await selectRequest(db, holder.id, { kind: change.kind, since: waitingSince(context) }),
    operators,
    calling,
  };
  change.refuseState(state);
  refuseOtherRequest(change, state.waiting);
  await refuseOutdated(db, change.kind, state.account, { id: holder.id, verified });
  await change.refuseContent?.(db);
  const requestId = state.waiting?.id ?? newId();
  await keepSignatures(db, requestId, at, decision);
  const authorization = await authorize(db, requestId, decision);
  if (authorization.status === 'Complete') await complete(db, requestId, state, at, decision);
  else if (state.waiting === undefined) await wait(db, requestId, state, at, decision);
  return authorization;
}

/** @throws ContractFault 5001 where the text does not say what is signed */
function refuseUnnamedAgreement(
  { rules }: AccountContext,
  { action, recipientId, supplierDomain, acceptedSenders, agreementText }: SignedChange,
  operators: Operators,
  calling: OperatorRow,
): void {
  const supplier = supplierDomain === undefined ? calling : operators.named(supplierDomain);
  if (!rules.agreementMustNameAction) return;
  const agreement: Agreement = {
    action,
    recipientId,
    serviceSupplier: supplier.domain,
    ...(acceptedSenders === undefined ? {} : { acceptedSenders }),
  };
  if (isAgreementTo(agreementText, agreement)) return;
  throw contractFault('INVALID_INPUT', 'AgreementText has no line that names this action, recipient and operator');
}

/** @throws ContractFault 5002 */
function refuseSigners(
  holder: Holder,
  verified: readonly VerifiedUserSignature[],
  userIdentity: string | undefined,
): void {
  if (!verified.every(({ personId }) => mayAct(holder, personId))) {
    throw contractFault('ACCESS_DENIED', 'a signer may not sign for this recipient');
  }
  if (userIdentity !== undefined && !verified.some(({ personId }) => personId === userIdentity)) {
    throw contractFault('ACCESS_DENIED', 'UserIdentity is none of those who signed');
  }
}

/** Signatories sign one and the same thing: what the first one signed. */
function refuseOtherRequest(
  { agreementText, waitingFields }: SignedChange,
  waiting: AccountRequestRow | undefined,
): void {
  if (waiting === undefined) return;
  const senders = (ids: readonly string[] | null) => [...new Set(ids)].sort().join();
  const isSame =
    waiting.agreementText === agreementText &&
    waiting.accountType === waitingFields.accountType &&
    senders(waiting.acceptedSenders) === senders(waitingFields.acceptedSenders);
  if (!isSame) throw contractFault('ILLEGAL_STATE', 'another request of this kind waits for signatures');
}

/**
 * What was signed before the account last changed was signed about another state of things. So of two changes signed at
 * the same time, whoever hands them in, one wins (scenario: two operators at once).
 */
async function refuseOutdated(
  db: Queryable,
  kind: RequestKind,
  account: AccountRow | undefined,
  { id, verified }: { id: string; verified: readonly VerifiedUserSignature[] },
): Promise<void> {
  const changedAt = await selectLastChange(db, id, kind === 'P' ? ['C', 'D', 'S', 'P'] : ['C', 'D', 'S']);
  const registeredAt = account === undefined || account.pending ? undefined : account.registeredAt;
  const isOutdated = ({ signedAt }: VerifiedUserSignature) =>
    [changedAt, registeredAt].some((at) => at != null && signedAt <= at);
  if (verified.some(isOutdated)) throw contractFault('ILLEGAL_STATE', 'the account has changed since this was signed');
}

/**
 * A signature counts once, ever. An operator may hand in the earlier signatures of a waiting request together with a new
 * one; a call that brings nothing new is a replay.
 */
async function keepSignatures(
  db: Queryable,
  requestId: string,
  receivedAt: Date,
  { verified, holder, callId, calling, change }: Decision,
): Promise<void> {
  const facts = { requestId, recipientId: holder.id, receivedAt, callId, operatorId: calling.id, kind: change.kind };
  const rows = verified.map(({ personId, name, ...signature }) => ({
    ...signature,
    signer: personId,
    signerName: name,
  }));
  const kept = await insertSignatures(db, rows, facts);
  const digests = [...new Map(rows.map(({ signedDigest }) => [signedDigest.toString('hex'), signedDigest])).values()];
  const known = await countSignaturesOf(db, requestId, digests);
  if (kept.length === 0 || known < digests.length) {
    asFault(change.faultName, () => {
      throw new UserSignatureError('REPLAYED');
    });
  }
}

async function authorize(db: Queryable, requestId: string, { context, holder }: Decision): Promise<Authorization> {
  const signers = (await selectSigners(db, requestId)).map(toPerson);
  if (holder.kind === 'company') return authorizeCompany(holder.company, signers, context.rules);
  const [signer] = signers;
  if (signer === undefined) throw new TypeError('a signature was just kept');
  return authorizePerson(signer);
}

async function complete(
  db: Queryable,
  requestId: string,
  state: AccountState,
  at: Date,
  { change, holder, calling, callId }: Decision,
): Promise<void> {
  const operatorBefore = state.account?.pending === true ? null : (state.account?.operatorId ?? null);
  const operatorAfter = await change.apply(db, state, at);
  await deleteRequest(db, requestId);
  await insertChange(db, {
    requestId,
    recipientId: holder.id,
    changedAt: at,
    callId,
    operatorId: calling.id,
    operatorBefore,
    operatorAfter,
    kind: change.kind,
  });
}

async function wait(
  db: Queryable,
  requestId: string,
  state: AccountState,
  at: Date,
  { change, holder, operators, calling }: Decision,
): Promise<void> {
  const chosen = change.supplierDomain === undefined ? calling : operators.named(change.supplierDomain);
  await insertRequest(db, {
    id: requestId,
    recipientId: holder.id,
    createdAt: at,
    operatorId: chosen.id,
    kind: change.kind,
    agreementText: change.agreementText,
    ...change.waitingFields,
  });
  await change.prepare?.(db, state, at);
}

function result({ clock }: AccountContext, holder: Holder, authorization: Authorization): SignatureAuthorizationResult {
  const company = holder.kind === 'company' ? holder.company : undefined;
  return authorizationResult(authorization, { recipientId: holder.id, at: clock.now(), company });
}
