import type { Pool } from '@brevduva/base';
import { appError, type Fault, inTransaction } from '@brevduva/base';
import { CASE_REASONS } from './caseReasons.ts';
import { HUB_ERRORS } from './errors.ts';
import type { EventKind } from './events.ts';
import { type AddressInput, checkPostalAddress, type PostalAddress } from './paper/address.ts';
import {
  type CaseFacts,
  type CaseResolution,
  closeCase,
  insertEvent,
  lockCase,
  type MovedLetter,
  moveLetter,
} from './sql/cases.ts';

/** A person, as the audit trail names her. */
export interface Actor {
  readonly name: string;
}

export interface CaseActions {
  /**
   * Sends the letter on paper, to the address it has or to the one given.
   * @throws AppError HUB_CASE_ADDRESS with every fault, HUB_CASE_RISK when the letter may have arrived already and the person has
   * not said that she knows it, HUB_CASE_PROTECTED, HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  sendOnPaper(organisationId: string, caseId: string, actor: Actor, order: PaperOrder): Promise<void>;
  /**
   * Tries again from where it is safe: what may have left goes again as the same bytes; what has not is looked up anew.
   * @throws AppError HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  tryAgain(organisationId: string, caseId: string, actor: Actor): Promise<void>;
  /**
   * Withdraws the letter; it goes nowhere more.
   * @throws AppError HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  cancel(organisationId: string, caseId: string, actor: Actor): Promise<void>;
}

export interface PaperOrder {
  readonly address: AddressInput | undefined;
  /** The person knows that the letter may have arrived already. */
  readonly riskConfirmed: boolean;
}

interface Step {
  /** What the audit trail calls it, where it is not the resolution. */
  readonly event?: EventKind;
  readonly to: MovedLetter;
  /** What the audit trail keeps beside the case's reason; never an address. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** What a person does with a case; each is one transaction, and of two people at once one wins and the other is told. */
export function createCaseActions(pool: Pool, onMoved: () => void): CaseActions {
  const act = async (
    organisationId: string,
    caseId: string,
    actor: Actor,
    resolution: CaseResolution,
    decide: (facts: CaseFacts) => Step,
  ) => {
    await inTransaction(pool, async (client) => {
      const facts = await lockCase(client, organisationId, caseId);
      if (facts === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
      if (facts.closed) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
      const { to, detail, event: kind = resolution } = decide(facts);
      await closeCase(client, organisationId, caseId, actor.name, resolution);
      await moveLetter(client, organisationId, facts.letterId, to);
      const event = { kind, actor: actor.name, detail: { reason: facts.reason, ...detail } };
      await insertEvent(client, organisationId, facts.letterId, event);
    });
    onMoved();
  };
  return {
    sendOnPaper: (organisationId, caseId, actor, order) =>
      act(organisationId, caseId, actor, 'sentOnPaper', (facts) => toPaper(facts, order)),
    tryAgain: (organisationId, caseId, actor) => act(organisationId, caseId, actor, 'triedAgain', toNewTry),
    cancel: (organisationId, caseId, actor) => act(organisationId, caseId, actor, 'cancelled', toEnd),
  };
}

function toPaper(facts: CaseFacts, order: PaperOrder): Step {
  if (facts.protectedIdentity) throw appError(HUB_ERRORS, 'HUB_CASE_PROTECTED');
  const isRisk = CASE_REASONS[facts.reason].mayHaveArrived;
  const given = order.address === undefined ? undefined : checkGiven(order.address);
  const faults = [...(given?.faults ?? [])];
  if (given === undefined && facts.address === null) faults.push(ADDRESS_REQUIRED);
  const code = faults.length > 0 ? 'HUB_CASE_ADDRESS' : 'HUB_CASE_RISK';
  if (isRisk && !order.riskConfirmed) faults.push(RISK_UNCONFIRMED);
  if (faults.length > 0) throw appError(HUB_ERRORS, code, { faults });
  const address = given?.address ?? facts.address;
  if (address === null) throw new Error('a checked address was lost');
  const isChanged = JSON.stringify(address) !== JSON.stringify(facts.address);
  return {
    to: {
      state: 'waiting',
      stage: 'resolve',
      paperOrdered: true,
      address,
      isUnread: CASE_REASONS[facts.reason].isDelivered === true,
    },
    detail: { addressChanged: isChanged, ...(isRisk ? { riskConfirmed: true } : {}) },
  };
}

const ADDRESS_REQUIRED: Fault = {
  code: 'HUB_ADDRESS_REQUIRED',
  path: 'address',
  text: HUB_ERRORS.HUB_ADDRESS_REQUIRED.text,
};

const RISK_UNCONFIRMED: Fault = {
  code: 'HUB_CASE_RISK',
  path: 'riskConfirmed',
  text: HUB_ERRORS.HUB_CASE_RISK.text,
};

function checkGiven(input: AddressInput): { faults: readonly Fault[]; address?: PostalAddress } {
  const result = checkPostalAddress(input);
  if (result.ok) return { faults: [], address: result.address };
  // The check counts lines only where all else is right; a form tells everything at once.
  const hasLine = (input.lines ?? []).some((line) => line.trim() !== '');
  const isTold = hasLine || result.faults.some(({ path }) => path.startsWith('lines'));
  return { faults: isTold ? result.faults : [...result.faults, STREET_REQUIRED] };
}

const STREET_REQUIRED: Fault = {
  code: 'HUB_ADDRESS_TOO_FEW_LINES',
  path: 'lines/0',
  text: 'Adressen saknar gata eller box.',
};

/** A letter that lies in its mailbox is not withdrawn by that it is not printed as well; nor is one that was printed and came back. */
function toEnd({ reason, paperOrdered, isUnread }: CaseFacts): Step {
  if (CASE_REASONS[reason].isPrinted && !isUnread) {
    return { to: { state: 'printed', stage: null, paperOrdered, channel: 'paper' }, event: 'keptPrinted' };
  }
  return isUnread || CASE_REASONS[reason].isDelivered
    ? { to: { state: 'delivered', stage: null, paperOrdered, channel: 'digital' }, event: 'keptDelivered' }
    : { to: { state: 'cancelled', stage: null, paperOrdered } };
}

/**
 * What may have left, or has been published, goes on from delivery: to an operator as the same bytes with the same ids, which it
 * delivers once; to the print folder under the same name, which is looked for first. Everything else begins at the look-up.
 * Paper that a person ordered stays ordered, unless it was paper that the content did not fit.
 */
function toNewTry({ reason, channel, paperOrdered, isUnread }: CaseFacts): Step {
  // The switch chooses anew: a mailbox, or another address.
  if (reason === 'returned') return { to: { state: 'waiting', stage: 'resolve', paperOrdered: false, isUnread } };
  // It has the letter: asking is enough, and sends nothing.
  if (reason === 'pendingTooLong') return { to: { state: 'waiting', stage: 'confirm', paperOrdered } };
  if (reason === 'readStatusUnknown') return { to: { state: 'delivered', stage: 'followUp', paperOrdered } };
  const { mayHaveArrived, isDelivered } = CASE_REASONS[reason];
  if (mayHaveArrived && !isUnread && !isDelivered) {
    return { to: { state: channel === 'paper' ? 'waiting' : 'unknown', stage: 'deliver', paperOrdered } };
  }
  return { to: { state: 'waiting', stage: 'resolve', paperOrdered: paperOrdered && reason !== 'contentDoesNotFit' } };
}
