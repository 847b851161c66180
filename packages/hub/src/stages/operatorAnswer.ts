import { SoapCallError } from '@brevduva/protocol';
import type { ClaimedLetter } from '../letter.ts';
import type { StageOutcome, StageResult } from './stage.ts';

/** What an operator says of a letter or a notice. */
export interface OperatorWord {
  /** `Delivered`, or a notice's `DeliveredFlag`; undefined: it names others only, which proves nothing about this one. */
  readonly delivered: boolean | undefined;
  readonly transId: string;
  /** What else is kept with the receipt. */
  readonly proof?: Readonly<Record<string, unknown>>;
}

/**
 * Calls an operator about a letter, and tells what its answer means:
 *
 * | the operator                                         | outcome                                     |
 * | ---------------------------------------------------- | ------------------------------------------- |
 * | Delivered=true                                       | done, with receipt                          |
 * | Delivered=false                                      | reroute: the mailbox is closed (FACTS g)    |
 * | a fault about the letter                             | reroute: refused                            |
 * | a fault about the operator itself or a passing one   | retry, not delivered                        |
 * | could not be reached                                 | retry, not delivered                        |
 * | no answer, or one that cannot be read                | retry, outcome unknown: same bytes, same ids |
 *
 * @param operator what events and receipt say of whom was called with what
 */
export async function operatorAnswer(
  letter: ClaimedLetter,
  operator: Readonly<Record<string, unknown>>,
  call: () => Promise<OperatorWord>,
): Promise<StageResult> {
  try {
    return answered(letter, await call(), operator);
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    return failed(letter, error, operator);
  }
}

function answered(
  letter: ClaimedLetter,
  { delivered, transId, proof }: OperatorWord,
  operator: Readonly<Record<string, unknown>>,
): StageResult {
  const detail = { ...operator, transId };
  if (delivered === undefined) {
    return {
      letter,
      outcome: { kind: 'retry', reason: 'operator:answerWithoutRecipient', certainty: 'unknown' },
      events: [{ kind: 'outcomeUnknown', detail: { ...detail, cause: 'answerWithoutRecipient' } }],
    };
  }
  const receipt = { delivered, proof: { ...detail, ...proof } };
  return delivered
    ? { letter, outcome: { kind: 'done' }, receipt, events: [{ kind: 'operatorAccepted', detail }] }
    : {
        letter,
        outcome: { kind: 'reroute', failure: 'mailboxClosed' },
        receipt,
        events: [{ kind: 'mailboxClosed', detail }],
      };
}

/** What a call that gave no answer means for the letter. */
function failed(letter: ClaimedLetter, error: SoapCallError, operator: Readonly<Record<string, unknown>>): StageResult {
  const outcome = outcomeOfFailure(error);
  const detail = { ...operator, ...failureDetail(error) };
  if (outcome.kind === 'reroute') return { letter, outcome, events: [{ kind: 'operatorRefused', detail }] };
  const unknown = outcome.kind === 'retry' && outcome.certainty === 'unknown';
  // One event when the trouble begins or changes kind, not one per try: an hour's outage is one line in the letter's story.
  const isNews = letter.attempts === 1 || (unknown && letter.state !== 'unknown');
  return {
    letter,
    outcome,
    events: isNews ? [{ kind: unknown ? 'outcomeUnknown' : 'operatorUnreachable', detail }] : [],
  };
}

/** For the letter's story. */
export function failureDetail({ kind, fault }: SoapCallError): Readonly<Record<string, unknown>> {
  return { cause: kind, ...(fault ? { errorCode: fault.errorCode, callId: fault.callId } : {}) };
}

/**
 * Faults that say nothing about the letter: the operator's own trouble (codes up to 4999, 5000, outages of sources 5017/5018,
 * FACTS b.9) and refusals of us as caller (5002, 6005), which a person mends by exchanging certificates or agreements.
 */
function isPassingFault(errorCode: number): boolean {
  return errorCode <= 5000 || [5002, 5004, 5017, 5018, 6005].includes(errorCode);
}

/** What a call that gave no answer means, whoever was called to take a letter. */
export function outcomeOfFailure(error: SoapCallError): Extract<StageOutcome, { kind: 'retry' | 'reroute' }> {
  const reason = `operator:${error.kind}${error.fault ? `:${error.fault.errorCode}` : ''}`;
  if (error.kind === 'fault') {
    return isPassingFault(error.fault?.errorCode ?? 5000)
      ? { kind: 'retry', reason, certainty: 'notDelivered' }
      : { kind: 'reroute', failure: 'refused' };
  }
  return { kind: 'retry', reason, certainty: error.kind === 'notSent' ? 'notDelivered' : 'unknown' };
}
