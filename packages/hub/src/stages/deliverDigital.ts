import type { ClaimedLetter } from '../letter.ts';
import type { SealedRequest } from '../sealed.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import { operatorAnswer } from './operatorAnswer.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/** Results are written back in bunches at this interval, so that a slow operator does not hold the fast one's letters. */
const REPORT_INTERVAL_MS = 50;
/** Letters under way to one operator from one set; the client's agent limits connections further. */
const IN_FLIGHT_PER_OPERATOR_MAX = 8;

/** Sends the sealed bytes to the address that FaR gave. What the answer means, see operatorAnswer. */
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
  return operatorAnswer(letter, operator, async () => {
    const { TransId, Status } = await context.soap.deliverSecure(sealed.supplier.ServiceAdress, sealed.request);
    const delivered = Status.find((each) => each.RecipientId === letter.recipient)?.Delivered;
    return { delivered, transId: TransId };
  });
}
