import { inTransaction, type Queryable } from '@brevduva/base';
import { contractFault, type SignatureAuthorizationResult } from '@brevduva/protocol';
import { closeAccount } from '../sql/accountChanges.ts';
import {
  type AccountRequestRow,
  deleteRequest,
  insertChange,
  lockRecipient,
  type RequestKind,
  selectRequest,
  selectSigners,
} from '../sql/accountRequests.ts';
import type { OperatorRow } from '../sql/organizations.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import { authorizationResult, authorizeCompany, toPerson } from './authorization.ts';
import type { Company } from './companyRegister.ts';
import { findHolder, type Holder, readRecipientId, refuseStranger } from './holder.ts';
import { type Operators, readOperators } from './operators.ts';

/** Who asks about waiting requests of one recipient, found out before anything is looked up. */
export interface Asker {
  holder: Holder;
  calling: OperatorRow;
  operators: Operators;
}

/**
 * The calling operator, and the recipient for whom the person may act.
 *
 * @throws ContractFault 5001, 5002, 5003, 5018
 */
export async function readAsker(
  context: AccountContext,
  { id, userIdentity }: { id: string; userIdentity: string },
  { caller }: Caller,
): Promise<Asker> {
  const recipientId = readRecipientId(id, 'Id');
  const operators = await readOperators(context.pool);
  const calling = operators.calling(caller);
  const holder = await findHolder(context, recipientId);
  refuseStranger(holder, userIdentity);
  return { holder, calling, operators };
}

/** Who has signed a waiting request and who could; only companies' requests wait. */
export async function signatureStatus(
  db: Queryable,
  { clock, rules }: AccountContext,
  request: AccountRequestRow,
  company: Company,
): Promise<SignatureAuthorizationResult> {
  const signers = (await selectSigners(db, request.id)).map(toPerson);
  const authorization = authorizeCompany(company, signers, rules);
  return authorizationResult(authorization, { recipientId: request.recipientId, at: clock.now(), company });
}

/**
 * Withdraws the waiting request of one of these kinds. Its signatures stay used.
 *
 * @throws ContractFault 5003 when none waits, 5002 when another operator handed it in
 */
export async function withdraw(
  context: AccountContext,
  { holder, calling }: Asker,
  kinds: readonly RequestKind[],
  { callId }: Caller,
): Promise<AccountRequestRow> {
  return inTransaction(context.pool, async (db) => {
    await lockRecipient(db, holder.id);
    const request = await firstWaiting(db, holder.id, kinds, waitingSince(context));
    if (request.operatorId !== calling.id) throw contractFault('ACCESS_DENIED', 'another operator handed it in');
    await deleteRequest(db, request.id);
    if (request.kind === 'C') await closeAccount(db, holder.id);
    await insertChange(db, {
      requestId: request.id,
      recipientId: holder.id,
      changedAt: context.clock.now(),
      callId,
      operatorId: calling.id,
      operatorBefore: null,
      operatorAfter: null,
      kind: 'W',
    });
    return request;
  });
}

/** @throws ContractFault 5003 */
export async function firstWaiting(
  db: Queryable,
  recipientId: string,
  kinds: readonly RequestKind[],
  since: Date,
): Promise<AccountRequestRow> {
  for (const kind of kinds) {
    const request = await selectRequest(db, recipientId, { kind, since });
    if (request !== undefined) return request;
  }
  throw contractFault('OBJECT_NOT_FOUND', 'nothing waits for signatures');
}

/** The company of a request that waits. @throws ContractFault 5003 for a person: a person's request never waits */
export function companyOf(holder: Holder): Company {
  if (holder.kind === 'person') throw contractFault('OBJECT_NOT_FOUND', 'nothing waits for signatures');
  return holder.company;
}
