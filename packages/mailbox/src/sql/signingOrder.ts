import type { Queryable } from '@brevduva/base';

export type Purpose = 'register' | 'changeServiceSupplier' | 'storeAccountPreferences' | 'deregister';
export type OpenOrderState = 'begun' | 'ordered' | 'signed' | 'sent';
export type OrderState = OpenOrderState | 'done' | 'refused' | 'cancelled' | 'expired' | 'replaced';

export interface SigningOrderRow {
  id: string;
  userId: string;
  recipientId: string;
  purpose: Purpose;
  acceptedSenders: string[] | null;
  text: string;
  nonce: string;
  state: OrderState;
  createdAt: Date;
  orderRef: string | null;
  signUrl: string | null;
  signature: Buffer | null;
  certificate: string | null;
  signatureEncoding: string | null;
  collectedAt: Date | null;
  attempts: number;
  faultCode: number | null;
  refusal: string | null;
  settledAt: Date | null;
}

export type NewOrderRow = Pick<
  SigningOrderRow,
  'id' | 'userId' | 'recipientId' | 'purpose' | 'acceptedSenders' | 'text' | 'nonce' | 'createdAt'
>;

const COLUMNS = `
  id, user_id as "userId", recipient_id as "recipientId", purpose, accepted_senders as "acceptedSenders", text, nonce,
  state, created_at as "createdAt", order_ref as "orderRef", sign_url as "signUrl", signature, certificate,
  signature_encoding as "signatureEncoding", collected_at as "collectedAt", attempts, fault_code as "faultCode",
  refusal, settled_at as "settledAt"`;
const IS_OPEN = `state in ('begun', 'ordered', 'signed', 'sent')`;

/** Begins an act; gives false, and stores nothing, while the person has another that is open. */
export async function insertOrder(
  db: Queryable,
  order: NewOrderRow,
  { firstTryMs }: { firstTryMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into signing_order (
       id, user_id, recipient_id, purpose, accepted_senders, text, nonce, created_at, state, next_try_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'begun', now() + $9 * interval '1 millisecond')
     on conflict (user_id) where ${IS_OPEN} do nothing`,
    [
      ...[order.id, order.userId, order.recipientId, order.purpose, order.acceptedSenders],
      ...[order.text, order.nonce, order.createdAt, firstTryMs],
    ],
  );
  return rowCount === 1;
}

/** The person's act that is not settled yet. */
export async function findOpenOrder(db: Queryable, userId: string): Promise<SigningOrderRow | undefined> {
  const { rows } = await db.query<SigningOrderRow>(
    `select ${COLUMNS} from signing_order where user_id = $1 and ${IS_OPEN}`,
    [userId],
  );
  return rows[0];
}

/** An act, only if this person began it: another's is not found. */
export async function findOrder(db: Queryable, userId: string, id: string): Promise<SigningOrderRow | undefined> {
  const { rows } = await db.query<SigningOrderRow>(
    `select ${COLUMNS} from signing_order where user_id = $1 and id = $2`,
    [userId, id],
  );
  return rows[0];
}

/** What the person has signed here, latest first: also what was refused afterwards. */
export async function listSignedOrders(db: Queryable, userId: string, limit: number): Promise<SigningOrderRow[]> {
  const { rows } = await db.query<SigningOrderRow>(
    `select ${COLUMNS} from signing_order
     where user_id = $1 and signature is not null
     order by created_at desc limit $2`,
    [userId, limit],
  );
  return rows;
}

/** Takes an open order to work on it alone; undefined while someone else does, or when it is settled. */
export async function leaseOrder(
  db: Queryable,
  id: string,
  { lease, leaseMs }: { lease: string; leaseMs: number },
): Promise<SigningOrderRow | undefined> {
  const { rows } = await db.query<SigningOrderRow>(
    `update signing_order set lease = $2, leased_until = now() + $3 * interval '1 millisecond'
     where id = $1 and ${IS_OPEN} and (leased_until is null or leased_until <= now())
     returning ${COLUMNS}`,
    [id, lease, leaseMs],
  );
  return rows[0];
}

/** Takes an order whose turn it is, for the worker. */
export async function leaseDueOrder(
  db: Queryable,
  { lease, leaseMs }: { lease: string; leaseMs: number },
): Promise<SigningOrderRow | undefined> {
  const { rows } = await db.query<SigningOrderRow>(
    `update signing_order set lease = $1, leased_until = now() + $2 * interval '1 millisecond'
     where id = (
       select id from signing_order
       where ${IS_OPEN} and next_try_at <= now() and (leased_until is null or leased_until <= now())
       order by next_try_at limit 1 for update skip locked)
     returning ${COLUMNS}`,
    [lease, leaseMs],
  );
  return rows[0];
}

/** What a step changes; what is not named stays. */
export type OrderChange = Partial<
  Pick<
    SigningOrderRow,
    | 'orderRef'
    | 'signUrl'
    | 'signature'
    | 'certificate'
    | 'signatureEncoding'
    | 'collectedAt'
    | 'attempts'
    | 'faultCode'
    | 'refusal'
    | 'settledAt'
  >
> & { state: OrderState };

/**
 * Writes what a step came to, as long as the lease is still ours; undefined when it is not. The lease is kept, renewed,
 * for the next step; `next_try_at` counts once it is given back or runs out.
 */
export async function updateOrder(
  db: Queryable,
  id: string,
  change: OrderChange,
  { lease, leaseMs, nextTryMs }: { lease: string; leaseMs: number; nextTryMs: number },
): Promise<SigningOrderRow | undefined> {
  const { rows } = await db.query<SigningOrderRow>(
    `update signing_order set
       state = $3, order_ref = coalesce($4, order_ref), sign_url = coalesce($5, sign_url),
       signature = coalesce($6, signature), certificate = coalesce($7, certificate),
       signature_encoding = coalesce($8, signature_encoding), collected_at = coalesce($9, collected_at),
       attempts = coalesce($10, attempts), fault_code = coalesce($11, fault_code), refusal = $12, settled_at = $13,
       leased_until = now() + $14 * interval '1 millisecond', next_try_at = now() + $15 * interval '1 millisecond'
     where id = $1 and lease = $2
     returning ${COLUMNS}`,
    [
      ...[id, lease, change.state, change.orderRef, change.signUrl, change.signature, change.certificate],
      ...[change.signatureEncoding, change.collectedAt, change.attempts, change.faultCode, change.refusal],
      ...[change.settledAt, leaseMs, nextTryMs],
    ],
  );
  return rows[0];
}

/** Gives an order back, for whoever comes next. */
export async function releaseOrder(db: Queryable, id: string, lease: string): Promise<void> {
  await db.query('update signing_order set lease = null, leased_until = null where id = $1 and lease = $2', [
    id,
    lease,
  ]);
}

/** The person began something else before she signed this. Gives false when it had come further meanwhile. */
export async function replaceOrder(db: Queryable, id: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update signing_order set state = 'replaced', settled_at = $2, lease = null, leased_until = null
     where id = $1 and state in ('begun', 'ordered') and (leased_until is null or leased_until <= now())`,
    [id, at],
  );
  return rowCount === 1;
}
