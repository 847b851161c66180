import type { ClaimedLetter } from '../letter.ts';
import type { PrintOrder } from '../sql/printOrders.ts';
import type { StageResult, StageWork } from './stage.ts';

/**
 * A letter is printed when its print shop has told what it promises to tell (printShop.ts), and until then it waits. It is let to look again
 * when something comes (`tellLetters`); that nothing comes is the batch's matter, which has its own deadlines.
 */
export const confirmPaper: StageWork = async (letters, context, report) => {
  const orders = await context.printOrdersOf(letters);
  await report(letters.map((letter) => confirmOne(letter, orders.get(letter.id))));
};

/** Only for the case that the word of an order got lost. */
const LOOK_AGAIN_MS = 6 * 3_600_000;

function confirmOne(letter: ClaimedLetter, order: PrintOrder | undefined): StageResult {
  if (order === undefined || order.sha256 !== letter.printHash?.toString('hex')) {
    const detail = { missing: order === undefined ? 'job' : 'matchingHash' };
    return { letter, outcome: { kind: 'manual', reason: 'confirmFailed', detail }, events: [] };
  }
  if (order.state === 'returned') {
    return { letter, outcome: { kind: 'manual', reason: 'returned', detail: { printShop: order.shop } }, events: [] };
  }
  if (order.state === 'rejected' || order.state === 'withdrawn') {
    const detail = { printShop: order.shop, ...(order.rejectReason !== null && { rejected: order.rejectReason }) };
    return { letter, outcome: { kind: 'manual', reason: 'printRejected', detail }, events: [] };
  }
  if (!isPrinted(order)) return { letter, outcome: { kind: 'hold', dueInMs: LOOK_AGAIN_MS }, events: [] };
  const { sha256, sheets, shop, batchId, postedAt } = order;
  const proof = { sha256, sheets, printShop: shop, batch: batchId, ...(postedAt !== null && { postedAt }) };
  return {
    letter,
    outcome: { kind: 'done' },
    receipt: { delivered: true, proof },
    events: [{ kind: 'printed', detail: proof }],
  };
}

function isPrinted({ state, promise, batchState, acknowledgedAt }: PrintOrder): boolean {
  if (state === 'posted') return true;
  if (promise === 'posted' || batchState === 'closed' || batchState === null) return false;
  // A letter that is produced lies with a shop that has its batch.
  return promise === 'none' || acknowledgedAt !== null || state === 'produced';
}
