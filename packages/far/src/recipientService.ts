import {
  type AccountStatus,
  contractFault,
  IS_REACHABLE_RECIPIENTS_MAX,
  type OrganizationNumber,
  parseRecipientId,
  type ReachabilityStatus,
  type ServiceSupplier,
} from '@brevduva/protocol';
import { type CallerRules, type CertificateRule, callerRefusal, isKnown } from './caller.ts';
import { type AccountFacts, accountStatus, reachabilityStatus } from './reachability.ts';
import { serviceSupplier } from './recipient/operators.ts';
import type { AccountTypeLetter } from './sql/accounts.ts';
import type { Pool } from './sql/pool.ts';
import { type Asked, type ListedOperator, type Question, selectAsked } from './sql/reachability.ts';

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
 * of 0–9. Every id is judged by date and check digit too: one that cannot exist is `Not`. Everything about a question, whether the caller may ask included, is of one instant.
 */
export function createRecipientService({ pool, ...rules }: RecipientServiceOptions): RecipientService {
  const suppliersOf = createSuppliers();
  const look = async (question: Question): Promise<Asked> => {
    refuseIds(question.recipientIds);
    const asked = await selectAsked(pool, { ...question, recipientIds: question.recipientIds.map(possibleId) });
    refuseCaller(question, asked.caller, rules);
    return asked;
  };
  return {
    async isReachable({ senderOrgNr, recipientId }, caller, fingerprint = null) {
      refuseOtherDigits([senderOrgNr]);
      const asked = await look({ caller, fingerprint, sender: senderOrgNr, recipientIds: recipientId });
      const suppliers = suppliersOf(asked.operatorsJson);
      return {
        return: recipientId.map((id, place) =>
          reachabilityStatus(id, accountFacts(asked, place, suppliers), asked.preferences.get(place)),
        ),
      };
    },
    async isRegistered({ recipientId }, caller, fingerprint = null) {
      const asked = await look({ caller, fingerprint, sender: null, recipientIds: recipientId });
      const suppliers = suppliersOf(asked.operatorsJson);
      return { return: recipientId.map((id, place) => accountStatus(id, accountFacts(asked, place, suppliers))) };
    },
  };
}

const ASCII_DIGITS = /^[0-9]{12}$/;
const TYPES: Record<AccountTypeLetter, AccountFacts['type']> = { S: 'Secure', A: 'Anonymous', N: 'Not' };

/** @throws ContractFault 5002, 5014 or 6005 */
function refuseCaller({ caller, sender }: Question, row: Asked['caller'], rules: CallerRules): void {
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

/**
 * A number that cannot exist (no such day, wrong check digit) is nobody's, and nobody is looked up for it: it is answered `Not`.
 * To refuse the whole question for it, which the schema lets pass, would cost its sender the other 999 answers.
 */
function possibleId(id: string): string {
  return parseRecipientId(id).ok ? id : NOBODY;
}

const NOBODY = '0';

/** The schema's `\d` is any Unicode digit, also the Arabic ones. */
function refuseOtherDigits(ids: readonly string[]): void {
  if (!ids.every((id) => ASCII_DIGITS.test(id)))
    throw contractFault('INVALID_INPUT', 'an id has other digits than 0-9');
}

type Suppliers = ReadonlyMap<number, ServiceSupplier>;

/**
 * Suppliers by the operators' text as it came: most questions find the same as the one before. They are frozen, so that
 * the encoder writes each once and not for every recipient. An operator that is suspended keeps its accounts: an administrative
 * act turns nobody's mail into paper. One that has left has none.
 */
function createSuppliers(): (operatorsJson: string) => Suppliers {
  let kept: { text: string; suppliers: Suppliers } = { text: '[]', suppliers: new Map() };
  return (text) => {
    if (kept.text !== text) {
      const operators = JSON.parse(text) as ListedOperator[];
      kept = { text, suppliers: new Map(operators.map((one) => [one.id, Object.freeze(serviceSupplier(one))])) };
    }
    return kept.suppliers;
  };
}

function accountFacts(asked: Asked, place: number, suppliers: Suppliers): AccountFacts | undefined {
  const [registeredAtMs, type] = [asked.registeredAtMs[place] ?? null, asked.accountType[place] ?? null];
  if (registeredAtMs === null || type === null) return undefined;
  const supplier = suppliers.get(asked.operatorId[place] ?? NO_OPERATOR);
  return {
    type: TYPES[type],
    pending: asked.pending[place] === true,
    ...(supplier === undefined ? {} : { supplier }),
    registeredAtMs,
  };
}

/** Operators are numbered from one. */
const NO_OPERATOR = 0;
