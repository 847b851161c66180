import type { OrderChange, OrderState, SigningOrderRow } from '../sql/signingOrder.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import type { Verdict } from './registry.ts';
import type { Standing } from './standing.ts';

/** What an order becomes, and how long it then waits until something is tried again; 0 = goes on at once. */
export type Step = Pick<OrderChange, 'state' | 'attempts' | 'faultCode'> & { refusal?: Refusal; waitMs: number };

export const RETRY_MS = 10_000;
/** FaR takes a signature for 15 minutes (docs/contract/recipient.md); one minute is left for the way there. */
export const SIGNATURE_USABLE_MS = 14 * 60_000;

/** The register cannot say no or yes just now; the same signature may be handed in again. */
const TEMPORARY_FAULTS: readonly number[] = [5000, 5017, 5018];
/** Said also when the very thing that was asked for is so already. */
const FAULTS_OF_STATE: readonly number[] = [5007, 5011];

const FINAL_STATES: readonly OrderState[] = ['done', 'refused', 'cancelled', 'expired', 'replaced'];

export function isSettled({ state }: Pick<SigningOrderRow, 'state'>): boolean {
  return FINAL_STATES.includes(state);
}

/** Whether the register would still take the signature. */
export function isFresh({ collectedAt }: Pick<SigningOrderRow, 'collectedAt'>, now: Date): boolean {
  return collectedAt !== null && now.getTime() - collectedAt.getTime() < SIGNATURE_USABLE_MS;
}

/** A signature that has grown too old: nothing was ever handed in, or it must be found out what came of it. */
export function whenStale({ attempts, faultCode }: Pick<SigningOrderRow, 'attempts' | 'faultCode'>): Step {
  if (attempts > 0) return { state: 'sent', waitMs: 0 };
  return { state: 'refused', refusal: faultCode === null ? 'tooLate' : refusalOf(faultCode), waitMs: 0 };
}

/**
 * After the register was called. A refusal is believed only when nothing else of this order can have reached the register
 * before: after a lost answer "you have a mailbox already" and "signature used before" are how success looks.
 * @param attempts this call included
 */
export function afterHandIn({ attempts }: Pick<SigningOrderRow, 'attempts'>, verdict: Verdict): Step {
  switch (verdict.kind) {
    case 'done':
      return { state: 'done', waitMs: 0 };
    case 'notSent':
      return { state: 'signed', attempts: attempts - 1, waitMs: RETRY_MS };
    case 'unknown':
      return { state: 'sent', waitMs: 0 };
    case 'refused':
      return afterRefusal(attempts, verdict.faultCode);
  }
}

function afterRefusal(attempts: number, faultCode: number): Step {
  if (TEMPORARY_FAULTS.includes(faultCode)) {
    return { state: 'signed', attempts: attempts - 1, faultCode, waitMs: RETRY_MS };
  }
  const isCertain = attempts <= 1 && !FAULTS_OF_STATE.includes(faultCode);
  if (!isCertain) return { state: 'sent', faultCode, waitMs: 0 };
  return { state: 'refused', faultCode, refusal: refusalOf(faultCode), waitMs: 0 };
}

/** After the register has said how things stand, for an order whose call may or may not have got through. */
export function afterLookingUp(
  { faultCode }: Pick<SigningOrderRow, 'faultCode'>,
  { isSo, isFresh: canRetry }: { isSo: boolean; isFresh: boolean },
): Step {
  if (isSo) return { state: 'done', waitMs: 0 };
  if (faultCode !== null && !TEMPORARY_FAULTS.includes(faultCode)) {
    return { state: 'refused', refusal: refusalOf(faultCode), waitMs: 0 };
  }
  if (canRetry) return { state: 'signed', waitMs: RETRY_MS };
  return { state: 'refused', refusal: 'tooLate', waitMs: 0 };
}

/** Whether the mailbox stands as the act wanted it; choices of senders are compared by themselves. */
export function standsAsWanted(purpose: SigningOrderRow['purpose'], standing: Standing): boolean {
  if (purpose !== 'deregister') return standing.kind === 'here';
  return standing.kind !== 'here' && !(standing.kind === 'waiting' && standing.operator === undefined);
}
