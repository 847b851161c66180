import { AppError, appError, type Clock, inTransaction, type Log, newId } from '@brevduva/base';
import { ERRORS } from '../errors.ts';
import type { SigningService } from '../signing/signingService.ts';
import { abandonOpening, beginOpening, closeAccount, confirmOpen } from '../sql/account.ts';
import type { Pool } from '../sql/pool.ts';
import {
  findOrder,
  leaseDueOrder,
  leaseOrder,
  type OrderChange,
  releaseOrder,
  type SigningOrderRow,
  updateOrder,
} from '../sql/signingOrder.ts';
import {
  afterHandIn,
  afterLookingUp,
  isFresh,
  isSettled,
  RETRY_MS,
  type Step,
  standsAsWanted,
  whenStale,
} from './nextState.ts';
import type { Registry } from './registry.ts';

export interface CarryOutParts {
  pool: Pool;
  clock: Clock;
  log: Log;
  registry: Registry;
  signing: SigningService;
  /** Where the e-ID sends the person back to. */
  returnUrl(orderId: string): string;
}

/** Longer than any one call of a step lasts (FaR: 5 s to connect and 30 s to answer, asked twice). */
const LEASE_MS = 90_000;
/** Whoever has not come to the e-ID by then never will. */
export const BEGUN_MS_MAX = 15 * 60_000;
/** How often the e-ID is asked when the person does not come back to us. */
const COLLECT_EVERY_MS = 20_000;
/** How long a person waits here for one who works on the same order; then the page says that it goes on. */
const PATIENCE_MS = 8_000;
const LOOK_AGAIN_MS = 150;

/**
 * Brings an order as far as it goes, while the person waits. Its life, each state committed before the next call leaves:
 *
 * - `begun`: text and nonce are stored; the e-ID has not been asked, or its answer was lost. Asked again with the same
 *   nonce. Nobody came for a quarter of an hour: `expired`.
 * - `ordered`: the text lies before the person at the e-ID. Ends as `signed`, `cancelled` or `expired`; as `replaced` when
 *   she begins something else instead.
 * - `signed`: we have the signature. It is marked `sent`, and for an opening the mailbox takes letters, before it is
 *   handed in to the register: a letter may come the instant the register has answered.
 * - `sent`: the outcome is not known. Found in this state (after a kill, after a lost answer), the register is asked how
 *   things stand; only if they do not stand as wanted is the same signature handed in again, which the register takes at
 *   most once.
 * - `done`, `refused`: the register has decided. An opening that was refused is taken back.
 *
 * A lease keeps two from working on the same order: the second waits for what the first comes to. A lease that was lost
 * writes nothing.
 *
 * @throws AppError MAILBOX_ACT_NOT_FOUND, MAILBOX_SIGNING_UNREACHABLE
 */
export async function carryOut(
  parts: CarryOutParts,
  { userId, orderId }: { userId: string; orderId: string },
): Promise<SigningOrderRow> {
  const until = parts.clock.now().getTime() + PATIENCE_MS;
  for (;;) {
    const order = await findOrder(parts.pool, userId, orderId);
    if (order === undefined) throw appError(ERRORS, 'MAILBOX_ACT_NOT_FOUND');
    if (isSettled(order)) return order;
    const lease = newId();
    const leased = await leaseOrder(parts.pool, orderId, { lease, leaseMs: LEASE_MS });
    if (leased !== undefined) return work(parts, leased, { lease, isPersonHere: true });
    if (parts.clock.now().getTime() >= until) return order;
    await parts.clock.sleep(LOOK_AGAIN_MS);
  }
}

/** Goes on with one order that was left behind. Gives how many: 0 when none is due. */
export async function carryOutDue(parts: CarryOutParts): Promise<number> {
  const lease = newId();
  const order = await leaseDueOrder(parts.pool, { lease, leaseMs: LEASE_MS });
  if (order === undefined) return 0;
  await work(parts, order, { lease, isPersonHere: false });
  return 1;
}

interface Holding {
  lease: string;
  /** The person waits for a page. */
  isPersonHere: boolean;
}

async function work(parts: CarryOutParts, leased: SigningOrderRow, holding: Holding): Promise<SigningOrderRow> {
  let order = leased;
  try {
    for (;;) {
      const { waitMs, ...change } = await nextChange(parts, order, holding);
      const written = await write(parts, order, change, holding.lease, waitMs);
      if (written === undefined) return order;
      order = written;
      if (isSettled(order) || waitMs > 0) return order;
    }
  } finally {
    await releaseOrder(parts.pool, order.id, holding.lease);
  }
}

type Change = OrderChange & { waitMs: number };

/** One step; makes at most one call that changes anything elsewhere. */
async function nextChange(parts: CarryOutParts, order: SigningOrderRow, holding: Holding): Promise<Change> {
  switch (order.state) {
    case 'begun':
      return holding.isPersonHere ? askToSign(parts, order) : { state: 'expired', waitMs: 0 };
    case 'ordered':
      return collect(parts, order);
    case 'signed':
      return handIn(parts, order, holding);
    case 'sent':
      return lookUp(parts, order);
    default:
      throw new TypeError(`a settled order (${order.state}) was leased`);
  }
}

async function askToSign({ signing, returnUrl }: CarryOutParts, order: SigningOrderRow): Promise<Change> {
  const { id, recipientId, text, nonce } = order;
  try {
    const ordered = await signing.order({ personalNumber: recipientId, text, nonce, returnUrl: returnUrl(id) });
    return { state: 'ordered', ...ordered, waitMs: COLLECT_EVERY_MS };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'MAILBOX_SIGNING_REFUSED') throw error;
    return { state: 'refused', refusal: 'eId', waitMs: 0 };
  }
}

async function collect({ signing, clock, log }: CarryOutParts, order: SigningOrderRow): Promise<Change> {
  try {
    const collected = await signing.collect(order.orderRef ?? '');
    if (collected.status === 'pending') return { state: 'ordered', waitMs: COLLECT_EVERY_MS };
    if (collected.status !== 'complete') return { state: collected.status, waitMs: 0 };
    const { Signature, Certificate, EncodingOfSignedText = 'UTF-8' } = collected.signature;
    const signed = { signature: Signature, certificate: Certificate, signatureEncoding: EncodingOfSignedText };
    return { state: 'signed', ...signed, collectedAt: clock.now(), waitMs: 0 };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'MAILBOX_SIGNING_UNREACHABLE') throw error;
    log.warn({ orderId: order.id, err: error }, 'a signature could not be collected, will try again');
    return { state: 'ordered', waitMs: COLLECT_EVERY_MS };
  }
}

async function handIn(parts: CarryOutParts, order: SigningOrderRow, { lease }: Holding): Promise<Change> {
  const { registry, clock, log } = parts;
  const { signature, certificate, signatureEncoding, nonce } = order;
  if (!isFresh(order, clock.now())) return whenStale(order);
  if (signature === null || certificate === null) throw new TypeError('a signed order without signature');
  const marked = await write(parts, order, { state: 'sent', attempts: order.attempts + 1 }, lease, RETRY_MS);
  // Somebody else works on it now; what is written next is refused for the same reason.
  if (marked === undefined) return { state: 'sent', waitMs: RETRY_MS };
  const verdict = await registry.handIn({
    ...order,
    // A person's own mailbox: who signs is who receives.
    personalNumber: order.recipientId,
    signature: {
      Signature: signature,
      Certificate: certificate,
      Nonce: nonce,
      EncodingOfSignedText: signatureEncoding ?? 'UTF-8',
    },
  });
  const faultCode = verdict.kind === 'refused' ? verdict.faultCode : undefined;
  log.info({ orderId: order.id, purpose: order.purpose, verdict: verdict.kind, faultCode }, 'act handed in to FaR');
  return afterHandIn(marked, verdict);
}

async function lookUp(parts: CarryOutParts, order: SigningOrderRow): Promise<Change> {
  const { clock, log } = parts;
  try {
    return afterLookingUp(order, { isSo: await isAsWanted(parts, order), isFresh: isFresh(order, clock.now()) });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'MAILBOX_REGISTER_UNREACHABLE') throw error;
    log.warn({ orderId: order.id, err: error }, 'the outcome of an act is unknown, will ask again');
    return { state: 'sent', waitMs: RETRY_MS };
  }
}

async function isAsWanted({ registry }: CarryOutParts, order: SigningOrderRow): Promise<boolean> {
  const { recipientId, purpose, acceptedSenders } = order;
  const standing = await registry.standing(recipientId);
  if (!standsAsWanted(purpose, standing)) return false;
  if (acceptedSenders === null) return true;
  const accepted = await registry.acceptedSenders(recipientId, recipientId);
  const wanted = new Set(acceptedSenders);
  return accepted.length === wanted.size && accepted.every(({ id }) => wanted.has(id));
}

/** The order's new state and what it means for the mailbox, in one transaction; undefined when the lease was lost. */
async function write(
  { pool, clock }: CarryOutParts,
  order: SigningOrderRow,
  change: OrderChange | Omit<Step, 'waitMs'>,
  lease: string,
  nextTryMs: number,
): Promise<SigningOrderRow | undefined> {
  const at = clock.now();
  const settledAt = isSettled(change) ? at : null;
  return inTransaction(pool, async (db) => {
    const written = await updateOrder(db, order.id, { ...change, settledAt }, { lease, leaseMs: LEASE_MS, nextTryMs });
    if (written !== undefined) await changeAccount(db, written, at);
    return written;
  });
}

async function changeAccount(
  db: Parameters<typeof closeAccount>[0],
  { state, purpose, recipientId }: SigningOrderRow,
  at: Date,
): Promise<void> {
  const isOpening = purpose === 'register' || purpose === 'changeServiceSupplier';
  if (isOpening && state === 'sent') await beginOpening(db, { id: newId(), recipientId }, at);
  if (isOpening && state === 'done') await confirmOpen(db, { id: newId(), recipientId }, at);
  if (isOpening && state === 'refused') await abandonOpening(db, recipientId, at);
  if (purpose === 'deregister' && state === 'done') await closeAccount(db, recipientId, at);
}
