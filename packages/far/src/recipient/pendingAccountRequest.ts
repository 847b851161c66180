import {
  contractFault,
  type Infer,
  IS_REACHABLE_RECIPIENTS_MAX,
  type PendingAccountRequest,
  type recipientV3Schema,
} from '@brevduva/protocol';
import { type AccountRequestRow, selectRequests } from '../sql/accountRequests.ts';
import type { OperatorRow } from '../sql/organizations.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import { type Holder, mayAct } from './holder.ts';
import { readOperators } from './operators.ts';
import { readAsker, signatureStatus, withdraw } from './waitingRequests.ts';

/**
 * `getPendingAccountRequest` (FACTS i.2): registrations and deregistrations that wait at the calling operator for companies
 * that the person may sign for. Without ids, all of them; with ids, those. What the person or the operator has no part in
 * is not mentioned.
 *
 * @throws ContractFault 5002, 5005, 5018
 */
export async function getPendingAccountRequest(
  context: AccountContext,
  { recipientId, userIdentity }: Infer<typeof recipientV3Schema.getPendingAccountRequest>,
  { caller }: Caller,
): Promise<{ return: PendingAccountRequest[] }> {
  if (recipientId.length > IS_REACHABLE_RECIPIENTS_MAX) {
    throw contractFault('MAX_EXCEEDED', `at most ${IS_REACHABLE_RECIPIENTS_MAX} recipientId`);
  }
  const { pool, companies } = context;
  const calling = (await readOperators(pool)).calling(caller);
  // An identity of another country is no number to look for, and signs for no one here.
  if (!PERSON.test(userIdentity)) return { return: [] };
  const found = await companies.findByPerson(userIdentity);
  if (found.kind === 'unavailable') throw contractFault('BOLAGSVERKET_ERROR', 'the company register does not answer');
  const own = found.companies.filter((company) => {
    const holder = { kind: 'company', id: company.organizationNumber, company } as Holder;
    return (
      mayAct(holder, userIdentity) && (recipientId.length === 0 || recipientId.includes(company.organizationNumber))
    );
  });
  const requests = await selectRequests(pool, {
    recipientIds: own.map((company) => company.organizationNumber),
    operatorId: calling.id,
    kinds: ['C', 'D'],
    since: waitingSince(context),
  });
  const answers = requests.map(async (request) => {
    const company = own.find(({ organizationNumber }) => organizationNumber === request.recipientId);
    if (company === undefined) throw new TypeError('only requests of these companies were asked for');
    const SignatureStatus = await signatureStatus(pool, context, request, company);
    return { AccountRequest: accountRequest(request, calling), SignatureStatus };
  });
  return { return: await Promise.all(answers) };
}

/** `deletePendingAccountRequest`: withdraws one. @throws ContractFault 5001, 5002, 5003, 5018 */
export async function deletePendingAccountRequest(
  context: AccountContext,
  { recipientId, userIdentity }: Infer<typeof recipientV3Schema.deletePendingAccountRequest>,
  caller: Caller,
): Promise<Record<string, never>> {
  const asker = await readAsker(context, { id: recipientId, userIdentity }, caller);
  await withdraw(context, asker, ['C', 'D'], caller);
  return {};
}

const PERSON = /^(?:18|19|20)[0-9]{10}$/;

function accountRequest(
  { recipientId, kind, agreementText, requestDate, createdAt }: AccountRequestRow,
  { domain }: OperatorRow,
) {
  return {
    Id: recipientId,
    Type: kind === 'C' ? ('Create' as const) : ('Delete' as const),
    AgreementText: agreementText,
    Timestamp: requestDate ?? createdAt.toISOString().slice(0, 10),
    ServiceSupplier: domain,
  };
}
