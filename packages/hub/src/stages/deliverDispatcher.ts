import { SoapCallError } from '@brevduva/protocol';
import { holderOf } from '../externalDispatcher.ts';
import type { ClaimedLetter } from '../letter.ts';
import type { SealedRequest } from '../sealed.ts';
import { deliverEach } from './deliverDigital.ts';
import { failureDetail, outcomeOfFailure } from './operatorAnswer.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Hands letters over to somebody else's dispatcher, `Message.distributeSecure`, as the bytes that were signed.
 *
 * | the dispatcher                                        | outcome                                      |
 * | ----------------------------------------------------- | -------------------------------------------- |
 * | a distribution id                                     | done: it has the letter, which is not yet delivered |
 * | a fault about the letter                              | reroute: own paper, by the flow's rule       |
 * | a fault about the dispatcher itself or a passing one  | retry, not delivered                         |
 * | could not be reached                                  | retry, not delivered                         |
 * | no answer, or one that cannot be read                 | retry, outcome unknown: same bytes, same ids |
 *
 * The contract says nothing of a second hand-over (FACTS n.4). That the same signed bytes are the same letter is how ours takes them, and
 * what has to be agreed with any other.
 */
export const deliverDispatcher: StageWork = async (letters, context, report) => {
  const sealed = await context.sealed.latest(letters);
  await deliverEach(letters, context, report, (letter) => handOver(letter, sealed.get(letter.id), context));
};

async function handOver(
  letter: ClaimedLetter,
  sealed: SealedRequest | undefined,
  context: StageContext,
): Promise<StageResult> {
  if (sealed === undefined) {
    const detail = { missing: 'sealedBytes' };
    return { letter, outcome: { kind: 'manual', reason: 'sealFailed', detail }, events: [] };
  }
  const { name, url } = holderOf(letter.organisation, sealed.supplier);
  const detail = { dispatcher: name, sha256: sealed.sha256.toString('hex') };
  try {
    const distributionId = await context.soap.distributeSecure(url, sealed.request);
    const isUsable = distributionId.length > 0 && distributionId.length <= DISTRIBUTION_ID_CHARS_MAX;
    if (!isUsable) throw new SoapCallError('badAnswer', 'a distribution id that nobody can ask for');
    const events = [{ kind: 'handedToDispatcher', detail: { ...detail, distributionId } }] as const;
    return { letter, outcome: { kind: 'done' }, changes: { distributionId }, events };
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    return notTaken(letter, error, detail);
  }
}

/** FACTS b.6: what `checkDistributionStatus` takes. */
const DISTRIBUTION_ID_CHARS_MAX = 50;

function notTaken(
  letter: ClaimedLetter,
  error: SoapCallError,
  dispatcher: Readonly<Record<string, unknown>>,
): StageResult {
  const outcome = outcomeOfFailure(error);
  const detail = { ...dispatcher, ...failureDetail(error) };
  if (outcome.kind === 'reroute') {
    const failed = { kind: 'reroute', failure: 'dispatcherRefused' } as const;
    return { letter, outcome: failed, events: [{ kind: 'dispatcherRefused', detail }] };
  }
  const isUnknown = outcome.certainty === 'unknown';
  const isNews = letter.attempts === 1 || (isUnknown && letter.state !== 'unknown');
  const kind = isUnknown ? 'outcomeUnknown' : 'dispatcherUnreachable';
  return { letter, outcome, events: isNews ? [{ kind, detail }] : [] };
}
