import { type DistributionStatus, messageService, SoapCallError } from '@brevduva/protocol';
import { holderOf, pollDelayMs } from '../externalDispatcher.ts';
import type { ClaimedLetter } from '../letter.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import { failureDetail } from './operatorAnswer.ts';
import type { NewEvent, StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Asks the external dispatchers what became of the letters that they have, `Message.checkDistributionStatus`, soon at first and then less
 * and less often. Only its own word that a letter is delivered, printed or failed ends it; everything else is asked again, and never
 * sent another way meanwhile.
 *
 * | the answer for our recipient                      | outcome                                                    |
 * | ------------------------------------------------- | ---------------------------------------------------------- |
 * | Digital or Paper, Delivered                       | done, with receipt: delivered, or printed                  |
 * | DeliveryFailed, whatever the type                 | reroute: own paper, or a case, by the flow's rule          |
 * | Pending, or no status                             | asked again; too long: a person                            |
 * | Not, Delivered                                    | contradicts itself: asked again                            |
 * | nothing: the id is not known there                | asked again for an hour; then a person                     |
 * | other recipients only                             | asked again                                                |
 * | a fault, no answer, not reached                   | asked again                                                |
 */
export const askDispatcher: StageWork = async (letters, context, report) => {
  for (const group of groupBy(letters, ({ supplier }) => supplier?.Id).values()) await askOne(group, context, report);
};

const ASKED_AT_ONCE = 8;
/** With the time-out of a question, well within the stage's lease. */
const SET_MS_MAX = 30_000;
/** Whose place in the set the time did not reach. */
const LATER_MS = 1_000;

async function askOne(
  letters: readonly ClaimedLetter[],
  context: StageContext,
  report: Parameters<StageWork>[2],
): Promise<void> {
  const endsAtMs = context.clock.now().getTime() + SET_MS_MAX;
  const results: StageResult[] = [];
  // Who does not answer one question is not asked the others of the set: each would cost a time-out.
  let silence: SoapCallError | undefined;
  await inParallel(letters, ASKED_AT_ONCE, async (letter) => {
    if (silence !== undefined) results.push(unanswered(letter, silence));
    else if (context.clock.now().getTime() > endsAtMs) results.push(later(letter));
    else {
      const answer = await ask(letter, context);
      if (answer instanceof SoapCallError && answer.kind !== 'fault') silence = answer;
      results.push(answer instanceof SoapCallError ? unanswered(letter, answer) : judged(letter, answer, context));
    }
  });
  if (silence !== undefined) {
    context.log.warn(
      { err: silence, letters: letters.length },
      'the external dispatcher did not answer; it is asked again',
    );
  }
  await report(results);
}

async function ask(
  letter: ClaimedLetter,
  context: StageContext,
): Promise<readonly DistributionStatus[] | SoapCallError> {
  const { supplier, distributionId, organisation } = letter;
  if (supplier === undefined || distributionId === undefined)
    throw new Error(`letter ${letter.id} is with no dispatcher`);
  const { checkDistributionStatus } = messageService.operations;
  const question = { senderId: organisation.organizationNumber, distributionId };
  try {
    const answer = await context.questionSoap.call(
      checkDistributionStatus,
      holderOf(organisation, supplier).url,
      question,
    );
    return answer.return;
  } catch (error) {
    if (error instanceof SoapCallError) return error;
    throw error;
  }
}

function judged(letter: ClaimedLetter, answer: readonly DistributionStatus[], context: StageContext): StageResult {
  const status = answer.find(({ RecipientId }) => RecipientId === letter.recipient);
  if (status === undefined)
    return answer.length === 0 ? unknownThere(letter, context) : unclear(letter, 'otherRecipients');
  const { Type, DeliveryStatus } = status;
  const proof = proofOf(letter, status, context);
  if (DeliveryStatus === 'DeliveryFailed') {
    const receipt = { delivered: false, proof };
    const outcome = { kind: 'reroute', failure: 'dispatcherFailed' } as const;
    return { letter, outcome, receipt, events: [{ kind: 'dispatcherFailed', detail: proof }] };
  }
  if (DeliveryStatus !== 'Delivered') return again(letter, 'pending', 'dispatcherPending');
  if (Type === 'Not') return unclear(letter, 'contradiction');
  const isPrinted = Type === 'Paper';
  return {
    letter,
    outcome: { kind: 'done', ...(isPrinted ? { restsAs: 'printed' } : {}) },
    receipt: { delivered: true, proof },
    events: [{ kind: isPrinted ? 'dispatcherPrinted' : 'dispatcherDelivered', detail: proof }],
  };
}

/** What the dispatcher said, of which letter and when. Without the recipient: the letter's row has it. */
function proofOf(letter: ClaimedLetter, { Type, DeliveryStatus }: DistributionStatus, { clock }: StageContext) {
  return {
    dispatcher: letter.supplier?.Name,
    distributionId: letter.distributionId,
    answeredType: Type,
    answeredStatus: DeliveryStatus,
    askedAt: clock.now().toISOString(),
  };
}

/** Its list of what it has may lag behind what it has taken. */
const LAG_MS_MAX = 3_600_000;

function unknownThere(letter: ClaimedLetter, { clock }: StageContext): StageResult {
  const isLost = clock.now().getTime() - letter.stageEnteredAt.getTime() > LAG_MS_MAX;
  if (!isLost) return unclear(letter, 'unknownDistribution');
  const detail = { dispatcher: letter.supplier?.Name, distributionId: letter.distributionId };
  return { letter, outcome: { kind: 'manual', reason: 'distributionLost', detail }, events: [] };
}

function unclear(letter: ClaimedLetter, cause: string): StageResult {
  return again(letter, cause, 'dispatcherUnclear', { cause });
}

function unanswered(letter: ClaimedLetter, error: SoapCallError): StageResult {
  const { errorCode } = error.fault ?? {};
  const reason = errorCode === undefined ? error.kind : `${error.kind}:${errorCode}`;
  return again(letter, reason, 'dispatcherUnreachable', failureDetail(error));
}

/** Told once, the first time: a letter that is asked about for a day has one line of it in its story. */
function again(letter: ClaimedLetter, reason: string, kind: NewEvent['kind'], detail = {}): StageResult {
  const { organisation, supplier, attempts } = letter;
  if (supplier === undefined) throw new Error(`letter ${letter.id} is with no dispatcher`);
  const dueInMs = pollDelayMs(holderOf(organisation, supplier), attempts);
  return {
    letter,
    outcome: { kind: 'retry', reason: `dispatcher:${reason}`, certainty: 'notDelivered', dueInMs },
    events: attempts === 1 ? [{ kind, detail: { dispatcher: supplier.Name, ...detail } }] : [],
  };
}

function later(letter: ClaimedLetter): StageResult {
  return {
    letter,
    outcome: { kind: 'retry', reason: 'dispatcher:later', certainty: 'notDelivered', dueInMs: LATER_MS },
    events: [],
  };
}
