import {
  type AccountStatus,
  contractFault,
  IS_REACHABLE_RECIPIENTS_MAX,
  type OrganizationNumber,
  type ReachabilityStatus,
  type ServiceSupplier,
} from '@brevduva/protocol';
import { type CallerRules, type CertificateRule, callerRefusal, isKnown } from './caller.ts';
import { type AccountFacts, accountStatus, type PreferenceFacts, reachabilityStatus } from './reachability.ts';
import { serviceSupplier } from './recipient/operators.ts';
import {
  type AccountTypeLetter,
  type AskedForSenderRow,
  type AskedRow,
  selectAccounts,
  selectAccountsForSender,
} from './sql/accounts.ts';
import { selectCaller, selectKnownOperators } from './sql/organizations.ts';
import type { Pool } from './sql/pool.ts';

/** FACTS k for `isReachable`; the schema leaves `isRegistered` unbounded, so the same limit stands for both. */
export const RECIPIENT_IDS_MAX = IS_REACHABLE_RECIPIENTS_MAX;

export interface RecipientServiceOptions {
  pool: Pool;
  callerMustServeSender: boolean;
  certificateRule: CertificateRule;
}

export interface RecipientService {
  /** `fingerprint`: of the caller's certificate; without one it counts as not registered. One `return` for each id, in the order of the request, also for ids asked twice; none for none. */
  isReachable(
    request: { senderOrgNr: string; recipientId: readonly string[] },
    caller: OrganizationNumber,
    fingerprint?: Buffer | null,
  ): Promise<{ return: ReachabilityStatus[] }>;
  /** As `isReachable`, for no sender in particular; the schema demands at least one id. */
  isRegistered(
    request: { recipientId: readonly string[] },
    caller: OrganizationNumber,
    fingerprint?: Buffer | null,
  ): Promise<{ return: AccountStatus[] }>;
}

/**
 * The two questions of Recipient v3 (FACTS b.2, d). Refusals are ContractFaults: 5002 unknown caller, 5014 no
 * registered sender, 6005 the caller does not serve the sender, 5005 more than 1000 ids, 5001 a digit that is none
 * of 0–9. All ids of a question are answered from one snapshot.
 */
export function createRecipientService({ pool, ...rules }: RecipientServiceOptions): RecipientService {
  return {
    async isReachable({ senderOrgNr, recipientId }, caller, fingerprint = null) {
      await refuseCaller(pool, { caller, fingerprint, sender: senderOrgNr }, rules);
      refuseIds(recipientId);
      const rows = await selectAccountsForSender(pool, recipientId, senderOrgNr);
      const suppliers = await selectSuppliers(pool);
      return {
        return: rows.map((row) => reachabilityStatus(row.recipientId, accountFacts(row, suppliers), preference(row))),
      };
    },
    async isRegistered({ recipientId }, caller, fingerprint = null) {
      await refuseCaller(pool, { caller, fingerprint, sender: null }, rules);
      refuseIds(recipientId);
      const rows = await selectAccounts(pool, recipientId);
      const suppliers = await selectSuppliers(pool);
      return { return: rows.map((row) => accountStatus(row.recipientId, accountFacts(row, suppliers))) };
    },
  };
}

const ASCII_DIGITS = /^[0-9]{12}$/;
const TYPES: Record<AccountTypeLetter, AccountFacts['type']> = { S: 'Secure', A: 'Anonymous', N: 'Not' };

async function refuseCaller(
  pool: Pool,
  asking: { caller: OrganizationNumber; fingerprint: Buffer | null; sender: string | null },
  rules: CallerRules,
): Promise<void> {
  const { caller, sender } = asking;
  if (sender !== null) refuseOtherDigits([sender]);
  const row = await selectCaller(pool, asking);
  const facts = { isKnown: isKnown(row), certificate: row.certificate };
  const asksFor = {
    isCaller: sender === caller,
    isRegistered: row.senderIsRegistered,
    isServedByCaller: row.dispatchesForSender,
  };
  const refusal = callerRefusal(sender === null ? facts : { ...facts, asksFor }, rules);
  if (refusal !== undefined) throw contractFault(refusal);
}

function refuseIds(recipientIds: readonly string[]): void {
  if (recipientIds.length > RECIPIENT_IDS_MAX)
    throw contractFault('MAX_EXCEEDED', `at most ${RECIPIENT_IDS_MAX} recipientId`);
  refuseOtherDigits(recipientIds);
}

/** The schema's `\d` is any Unicode digit, also the Arabic ones. */
function refuseOtherDigits(ids: readonly string[]): void {
  if (!ids.every((id) => ASCII_DIGITS.test(id)))
    throw contractFault('INVALID_INPUT', 'an id has other digits than 0-9');
}

/**
 * Read after the accounts, never beside them: an operator connected meanwhile would be missing from its accounts. One that is
 * suspended keeps its accounts: an administrative act turns nobody's mail into paper. One that has left has none.
 */
async function selectSuppliers(pool: Pool): Promise<Map<number, ServiceSupplier>> {
  const operators = (await selectKnownOperators(pool)).filter(({ hasLeft }) => !hasLeft);
  return new Map(operators.map((operator) => [operator.id, serviceSupplier(operator)]));
}

function accountFacts(row: AskedRow, suppliers: ReadonlyMap<number, ServiceSupplier>): AccountFacts | undefined {
  if (row.registeredAt === null) return undefined;
  const supplier = row.operatorId === null ? undefined : suppliers.get(row.operatorId);
  return {
    type: TYPES[row.accountType],
    pending: row.pending,
    ...(supplier === undefined ? {} : { supplier }),
    registeredAt: row.registeredAt,
  };
}

function preference(row: AskedForSenderRow): PreferenceFacts | undefined {
  if (row.accepted === null || row.acceptChangedAt === null) return undefined;
  return { accepted: row.accepted, changedAt: row.acceptChangedAt };
}
