import { type AuthorizedAccount, contractFault, type Infer, type recipientV2Schema } from '@brevduva/protocol';
import { selectAccount } from '../sql/accountChanges.ts';
import { selectRequest } from '../sql/accountRequests.ts';
import { type AccountContext, type Caller, waitingSince } from './accountContext.ts';
import { signatoriesOf, toPerson } from './authorization.ts';
import type { Company } from './companyRegister.ts';
import { findHolder, readRecipientId, refuseIneligible } from './holder.ts';
import { type Operators, readOperators } from './operators.ts';
import { signatureStatus } from './waitingRequests.ts';

/**
 * `isAuthorizedSigner` (FACTS i.6): whether a person may sign for a company, alone or with others, and how the company's
 * mailbox stands. The other signatories and the mailbox are told only about one who may sign: they are personal numbers,
 * and the question can be asked about anyone.
 *
 * @throws ContractFault 5001, 5002, 5003, 5018, 6004
 */
export async function isAuthorizedSigner(
  context: AccountContext,
  { CompanyId, UserIdentity }: Infer<typeof recipientV2Schema.isAuthorizedSigner>,
  { caller }: Caller,
): Promise<{ return: AuthorizedAccount }> {
  const id = readRecipientId(CompanyId, 'CompanyId');
  const operators = await readOperators(context.pool);
  operators.calling(caller);
  const holder = await findHolder(context, id);
  if (holder.kind === 'person') throw contractFault('INVALID_INPUT', 'CompanyId is a person');
  await refuseIneligible(context, holder);
  const { company } = holder;
  const signatories = company.rule.kind === 'unknown' ? [] : signatoriesOf(company);
  const isSignatory = signatories.some((person) => person.id === UserIdentity);
  const information = isSignatory ? await accountInformation(context, company, operators) : undefined;
  return {
    return: {
      isAccountAuthorizedSigner: isSignatory,
      UserIdentity,
      CompanyId,
      CompanyName: company.name,
      CompanySignatureRuleText: company.ruleText,
      PossibleSigners: isSignatory ? signatories.map(toPerson) : [],
      ...(information === undefined ? {} : { AccountInformation: information }),
    },
  };
}

/** Undefined where there is no mailbox and none is asked for. */
async function accountInformation(
  context: AccountContext,
  company: Company,
  operators: Operators,
): Promise<AuthorizedAccount['AccountInformation']> {
  const { pool } = context;
  const id = company.organizationNumber;
  const account = await selectAccount(pool, id);
  if (account === undefined || account.accountType === 'N') return undefined;
  const serviceSupplier = operators.byId(account.operatorId ?? 0)?.domain ?? '';
  if (!account.pending) return { AccountStatus: 'Active', SignedBy: [], SignatureStatus: 'Complete', serviceSupplier };
  const request = await selectRequest(pool, id, { kind: 'C', since: waitingSince(context) });
  if (request === undefined) {
    return { AccountStatus: 'Pending', SignedBy: [], SignatureStatus: 'Incomplete', serviceSupplier };
  }
  const { SignedBy, Status } = await signatureStatus(pool, context, request, company);
  return {
    AccountStatus: 'Pending',
    SignedBy,
    SignatureStatus: Status ?? 'Incomplete',
    serviceSupplier,
    AgreementText: request.agreementText,
  };
}
