import type { ClaimedLetter } from '../letter.ts';
import { rejected } from './deliverEInvoice.ts';
import { inParallel } from './inParallel.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

const IN_FLIGHT_MAX = 4;

/**
 * Asks the access point what has become of an invoice that it took: the receiver has it, has refused it, or nothing is known yet; then it is asked
 * again, ever more seldom, and at last a person is.
 */
export const confirmEInvoice: StageWork = async (letters, context, report) => {
  await inParallel(letters, IN_FLIGHT_MAX, async (letter) => report([await confirmOne(letter, context)]));
};

async function confirmOne(letter: ClaimedLetter, { eInvoice }: StageContext): Promise<StageResult> {
  if (eInvoice === undefined) throw new Error(`e-invoice ${letter.id} has no access point`);
  const status = await eInvoice.sender.status(letter.id);
  if (status.kind === 'rejected') return rejected(letter, status.reason);
  if (status.kind === 'delivered') {
    const proof = {
      sha256: letter.invoiceXmlHash?.toString('hex') ?? null,
      ...(status.reference && { accessPoint: status.reference }),
    };
    return {
      letter,
      outcome: { kind: 'done' },
      receipt: { delivered: true, proof },
      events: [{ kind: 'delivered', detail: proof }],
    };
  }
  const reason = status.kind === 'pending' ? 'eInvoice:pending' : `eInvoice:${status.reason}`;
  return { letter, outcome: { kind: 'retry', reason, certainty: 'notDelivered' }, events: [] };
}
