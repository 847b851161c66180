import { type DeliveryResult, SoapCallError } from '@brevduva/protocol';
import type { ClaimedLetter } from '../letter.ts';
import type { SealedRequest } from '../sealed.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import type { StageContext, StageOutcome, StageResult, StageWork } from './stage.ts';

/** Results are written back in bunches at this interval, so that a slow operator does not hold the fast one's letters. */
const REPORT_INTERVAL_MS = 50;
/** Letters under way to one operator from one set; the client's agent limits connections further. */
const IN_FLIGHT_PER_OPERATOR_MAX = 8;

/**
 * Sends the sealed bytes to the address that FaR gave. What the answer means:
 *
 * | the operator                                         | outcome                                     |
 * | ---------------------------------------------------- | ------------------------------------------- |
 * | Delivered=true                                       | done, with receipt                          |
 * | Delivered=false                                      | reroute: the mailbox is closed (FACTS g)    |
 * | a fault about the letter                             | reroute: refused                            |
 * | a fault about the operator itself or a passing one   | retry, not delivered                        |
 * | could not be reached                                 | retry, not delivered                        |
 * | no answer, or one that cannot be read                | retry, outcome unknown: same bytes, same ids |
 */
export const deliverDigital: StageWork = async (letters, context, report) => {
  const sealed = await context.sealed.latest(letters);
  await deliverEach(letters, context, report, (letter) => deliverOne(letter, sealed.get(letter.id), context));
};

/** Does the work for each letter, so many at a time for each operator, and reports as they are finished. */
export async function deliverEach(
  letters: readonly ClaimedLetter[],
  { clock, giveWay }: Pick<StageContext, 'clock' | 'giveWay'>,
  report: Parameters<StageWork>[2],
  work: (letter: ClaimedLetter) => Promise<StageResult>,
): Promise<void> {
  const finished: StageResult[] = [];
  const flush = async () => {
    const batch = finished.splice(0);
    if (batch.length > 0) await report(batch);
  };
  const groups = [...groupBy(letters, (letter) => letter.supplier?.ServiceAdress).values()];
  const ended = new AbortController();
  const flushing = (async () => {
    while (!ended.signal.aborted) {
      await clock.sleep(REPORT_INTERVAL_MS, ended.signal);
      await flush();
    }
  })();
  // Awaited below, and until then its failure must not count as nobody's: that would end the process.
  flushing.catch(() => undefined);
  try {
    await Promise.all(
      groups.map((group) =>
        inParallel(group, IN_FLIGHT_PER_OPERATOR_MAX, async (letter) => {
          await giveWay?.();
          finished.push(await work(letter));
        }),
      ),
    );
  } finally {
    ended.abort();
    await flushing;
  }
  // What was finished while the last bunch was being written.
  await flush();
}

async function deliverOne(
  letter: ClaimedLetter,
  sealed: SealedRequest | undefined,
  context: StageContext,
): Promise<StageResult> {
  if (sealed === undefined) {
    return {
      letter,
      outcome: { kind: 'manual', reason: 'sealFailed', detail: { missing: 'sealedBytes' } },
      events: [],
    };
  }
  const operator = { operator: sealed.supplier.Name, sha256: sealed.sha256.toString('hex') };
  try {
    const answer = await context.soap.deliverSecure(sealed.supplier.ServiceAdress, sealed.request);
    return answered(letter, answer, operator);
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    return operatorFailed(letter, error, operator);
  }
}

function answered(letter: ClaimedLetter, result: DeliveryResult, operator: Record<string, unknown>): StageResult {
  const status = result.Status.find((each) => each.RecipientId === letter.recipient);
  const detail = { ...operator, transId: result.TransId };
  if (status === undefined) {
    // An answer about somebody else proves nothing about this letter.
    return {
      letter,
      outcome: { kind: 'retry', reason: 'operator:answerWithoutRecipient', certainty: 'unknown' },
      events: [{ kind: 'outcomeUnknown', detail: { ...detail, cause: 'answerWithoutRecipient' } }],
    };
  }
  const receipt = { delivered: status.Delivered, proof: detail };
  return status.Delivered
    ? { letter, outcome: { kind: 'done' }, receipt, events: [{ kind: 'operatorAccepted', detail }] }
    : {
        letter,
        outcome: { kind: 'reroute', failure: 'mailboxClosed' },
        receipt,
        events: [{ kind: 'mailboxClosed', detail }],
      };
}

/** What a call that gave no answer means for the letter. */
export function operatorFailed(
  letter: ClaimedLetter,
  error: SoapCallError,
  operator: Record<string, unknown>,
): StageResult {
  const outcome = outcomeOfFailure(error);
  const detail = {
    ...operator,
    cause: error.kind,
    ...(error.fault ? { errorCode: error.fault.errorCode, callId: error.fault.callId } : {}),
  };
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

/**
 * Faults that say nothing about the letter: the operator's own trouble (codes up to 4999, 5000, outages of sources 5017/5018,
 * FACTS b.9) and refusals of us as caller (5002, 6005), which a person mends by exchanging certificates or agreements.
 */
function isPassingFault(errorCode: number): boolean {
  return errorCode <= 5000 || [5002, 5004, 5017, 5018, 6005].includes(errorCode);
}

function outcomeOfFailure(error: SoapCallError): StageOutcome {
  const reason = `operator:${error.kind}${error.fault ? `:${error.fault.errorCode}` : ''}`;
  if (error.kind === 'fault') {
    return isPassingFault(error.fault?.errorCode ?? 5000)
      ? { kind: 'retry', reason, certainty: 'notDelivered' }
      : { kind: 'reroute', failure: 'refused' };
  }
  return { kind: 'retry', reason, certainty: error.kind === 'notSent' ? 'notDelivered' : 'unknown' };
}
