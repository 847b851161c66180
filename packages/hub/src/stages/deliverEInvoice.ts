import type { SendAnswer } from '../eInvoice/eInvoiceSender.ts';
import type { ClaimedLetter } from '../letter.ts';
import { groupBy } from './groupBy.ts';
import { inParallel } from './inParallel.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/** Invoices under way to the access point from one set. */
const IN_FLIGHT_MAX = 4;

/**
 * Hands invoices to the access point: the same bytes under the letter's id at every try, which it takes once.
 *
 * | answer | outcome |
 * | --- | --- |
 * | accepted | done: confirm asks what becomes of it |
 * | rejected | reroute: digital mail, else paper |
 * | busy, or not reached | retry, not delivered |
 * | none, or one that cannot be read | retry, outcome unknown: no other way may be used |
 */
export const deliverEInvoice: StageWork = async (letters, context, report) => {
  for (const group of groupBy(letters, ({ organisationId }) => organisationId).values()) {
    await inParallel(group, IN_FLIGHT_MAX, async (letter) => report([await deliverOne(letter, context)]));
  }
};

async function deliverOne(letter: ClaimedLetter, context: StageContext): Promise<StageResult> {
  await context.giveWay?.();
  const { invoiceXmlHash, eInvoiceAddress } = letter;
  if (invoiceXmlHash === undefined || eInvoiceAddress === undefined || context.eInvoice === undefined) {
    throw new Error(`e-invoice ${letter.id} has no content, address or access point`);
  }
  const contents = await context.content.get(letter.organisationId, [invoiceXmlHash]);
  const xml = contents.get(invoiceXmlHash.toString('hex')) ?? Buffer.alloc(0);
  const receiver = `${eInvoiceAddress.scheme}:${eInvoiceAddress.id}`;
  const answer = await context.eInvoice.sender.send({ letterId: letter.id, xml, receiver });
  return resultOf(letter, answer, invoiceXmlHash);
}

function resultOf(letter: ClaimedLetter, answer: SendAnswer, hash: Buffer): StageResult {
  if (answer.kind === 'accepted') {
    const detail = { sha256: hash.toString('hex'), ...(answer.reference && { accessPoint: answer.reference }) };
    return { letter, outcome: { kind: 'done' }, events: [{ kind: 'eInvoiceAccepted', detail }] };
  }
  const detail = { cause: answer.reason };
  if (answer.kind === 'rejected') return rejected(letter, answer.reason);
  const isUnknown = answer.kind === 'unknown';
  // One event when the trouble begins or changes kind, not one per try.
  const isNews = letter.attempts === 1 || (isUnknown && letter.state !== 'unknown');
  return {
    letter,
    outcome: {
      kind: 'retry',
      reason: `eInvoice:${answer.reason}`,
      certainty: isUnknown ? 'unknown' : 'notDelivered',
    },
    events: isNews ? [{ kind: isUnknown ? 'eInvoiceOutcomeUnknown' : 'eInvoiceUnreachable', detail }] : [],
  };
}

/** An authoritative no, at once or later: the switch decides anew, and the receipt is kept. */
export function rejected(letter: ClaimedLetter, reason: string): StageResult {
  return {
    letter,
    outcome: { kind: 'reroute', failure: 'eInvoiceRejected' },
    receipt: { delivered: false, proof: { cause: reason } },
    events: [{ kind: 'eInvoiceRejected', detail: { cause: reason } }],
  };
}
