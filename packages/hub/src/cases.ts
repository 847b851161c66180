import { appError, inTransaction } from '@brevduva/base';
import type { Pool } from 'pg';
import { HUB_ERRORS } from './errors.ts';
import { type AddressInput, checkPostalAddress, type PostalAddress } from './paper/address.ts';
import { type CaseFacts, closeCase, insertEvent, lockCase, type MovedLetter, moveLetter } from './sql/cases.ts';

/** A person, as the audit trail names her. */
export interface Actor {
  readonly name: string;
}

export interface CaseActions {
  /**
   * Sends the letter on paper, to the address it has or to the one given.
   * @throws AppError HUB_CASE_ADDRESS with every fault, HUB_CASE_RISK when the outcome is unknown and the risk is not confirmed,
   * HUB_CASE_PROTECTED, HUB_CASE_CLOSED, HUB_CASE_NOT_FOUND
   */
  sendOnPaper(organisationId: string, caseId: string, actor: Actor, order: PaperOrder): Promise<void>;
  /** Tries again from where it is safe: the same sealed bytes after an unknown outcome, a new look-up otherwise. */
  tryAgain(organisationId: string, caseId: string, actor: Actor): Promise<void>;
  /** Withdraws the letter; it goes nowhere. */
  cancel(organisationId: string, caseId: string, actor: Actor): Promise<void>;
}

export interface PaperOrder {
  readonly address: AddressInput | undefined;
  /** The person knows that the letter may have arrived digitally too. */
  readonly riskConfirmed: boolean;
}

/** What a person does with a case; each is one transaction, and of two people at once one wins and the other is told. */
export function createCaseActions(pool: Pool, onMoved: () => void): CaseActions {
  const act = async (
    organisationId: string,
    caseId: string,
    actor: Actor,
    resolution: 'sentOnPaper' | 'triedAgain' | 'cancelled',
    decide: (facts: CaseFacts) => MovedLetter,
  ) => {
    await inTransaction(pool, async (client) => {
      const facts = await lockCase(client, organisationId, caseId);
      if (facts === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
      if (facts.closed) throw appError(HUB_ERRORS, 'HUB_CASE_CLOSED');
      const to = decide(facts);
      await closeCase(client, organisationId, caseId, actor.name, resolution);
      await moveLetter(client, organisationId, facts.letterId, to);
      const event = { kind: resolution, actor: actor.name, detail: { reason: facts.reason } };
      await insertEvent(client, organisationId, facts.letterId, event);
    });
    onMoved();
  };
  return {
    sendOnPaper: (organisationId, caseId, actor, order) =>
      act(organisationId, caseId, actor, 'sentOnPaper', (facts) => toPaper(facts, order)),
    tryAgain: (organisationId, caseId, actor) => act(organisationId, caseId, actor, 'triedAgain', toNewTry),
    cancel: (organisationId, caseId, actor) =>
      act(organisationId, caseId, actor, 'cancelled', () => ({ state: 'cancelled', stage: null, paperOrdered: false })),
  };
}

function toPaper(facts: CaseFacts, order: PaperOrder): MovedLetter {
  if (facts.protectedIdentity) throw appError(HUB_ERRORS, 'HUB_CASE_PROTECTED');
  if (facts.reason === 'outcomeUnknownTooLong' && !order.riskConfirmed) throw appError(HUB_ERRORS, 'HUB_CASE_RISK');
  const address = order.address === undefined ? facts.address : checked(order.address);
  if (address === null) {
    const faults = [{ code: 'HUB_ADDRESS_REQUIRED', path: 'address', text: HUB_ERRORS.HUB_ADDRESS_REQUIRED.text }];
    throw appError(HUB_ERRORS, 'HUB_CASE_ADDRESS', { faults });
  }
  return { state: 'waiting', stage: 'resolve', paperOrdered: true, address };
}

function checked(input: AddressInput): PostalAddress {
  const result = checkPostalAddress(input);
  if (!result.ok) throw appError(HUB_ERRORS, 'HUB_CASE_ADDRESS', { faults: result.faults });
  return result.address;
}

/** After an unknown outcome only the same bytes with the same ids are safe; they lie sealed, so the letter goes straight back. */
function toNewTry(facts: CaseFacts): MovedLetter {
  return facts.reason === 'outcomeUnknownTooLong'
    ? { state: 'unknown', stage: 'deliver', paperOrdered: false }
    : { state: 'waiting', stage: 'resolve', paperOrdered: false };
}
