import { randomBytes } from 'node:crypto';
import { type SignatureData, signAsUser } from '@brevduva/protocol';
import type { IdentityClient } from './configuration.ts';
import type { PersonSigners } from './personSigners.ts';
import type { SigningRequest } from './signingRequest.ts';

/**
 * Orders of signatures, in memory as an e-ID has them for the minutes they live.
 *
 * - `pending`: the person has the text before her. Ten minutes; then `expired`.
 * - `signing`: she has pressed the button and her certificate is being made. Told as `pending`.
 * - `complete`: the signature waits to be collected.
 * - `cancelled`: she would not, or the certificate could not be made.
 *
 * From `pending` an order leaves once. An hour after it was made it is forgotten, whatever became of it; where many are
 * asked for, one that is over goes earlier.
 */
export interface SigningOrders {
  /** `full`: more orders are open than one machine's developer can have. */
  open(client: IdentityClient, request: SigningRequest): OpenedOrder | 'full';
  /** The order whose page this is, as long as it waits for the person. */
  waiting(ticket: string): SigningOrder | undefined;
  /** Signs as the person. False when it no longer waited: another tab was first, or the time was out. */
  sign(order: SigningOrder): Promise<boolean>;
  cancel(order: SigningOrder): boolean;
  /** What became of an order of this client; undefined for another's. */
  collect(client: IdentityClient, orderRef: string): CollectedOrder | undefined;
}

export interface OpenedOrder {
  /** For the client. */
  readonly orderRef: string;
  /** For the person's browser: the last part of the page's address. */
  readonly ticket: string;
}

export interface SigningOrder extends OpenedOrder {
  readonly client: IdentityClient;
  readonly request: SigningRequest;
}

export type CollectedOrder =
  | { readonly status: 'pending' | 'cancelled' | 'expired' }
  | { readonly status: 'complete'; readonly signature: SignatureData };

export const ORDER_LIFE_MS = 10 * 60_000;
const ORDER_KEPT_MS = 60 * 60_000;
/** Each may hold a text and a signature document of half a megabyte. */
export const ORDERS_MAX = 200;
const REFERENCE_BYTES = 24;

type State =
  | { readonly status: 'pending' | 'signing' | 'cancelled' }
  | { readonly status: 'complete'; readonly signature: SignatureData };

interface Entry {
  readonly order: SigningOrder;
  readonly openedAtMs: number;
  state: State;
}

export function createSigningOrders(signers: PersonSigners, now: () => Date): SigningOrders {
  const entries = new Map<string, Entry>();
  const ageMs = (entry: Entry) => now().getTime() - entry.openedAtMs;
  const isWaiting = (entry: Entry) => entry.state.status === 'pending' && ageMs(entry) < ORDER_LIFE_MS;
  const find = (order: SigningOrder) => {
    const entry = entries.get(order.orderRef);
    return entry !== undefined && isWaiting(entry) ? entry : undefined;
  };
  const forgetOld = () => {
    for (const [orderRef, entry] of entries) if (ageMs(entry) >= ORDER_KEPT_MS) entries.delete(orderRef);
  };
  const forgetOneThatIsOver = () => {
    const [over] = [...entries].find(([, entry]) => entry.state.status !== 'signing' && !isWaiting(entry)) ?? [];
    return over !== undefined && entries.delete(over);
  };
  return {
    open(client, request) {
      forgetOld();
      if (entries.size >= ORDERS_MAX && !forgetOneThatIsOver()) return 'full';
      const order = { orderRef: reference(), ticket: reference(), client, request };
      entries.set(order.orderRef, { order, openedAtMs: now().getTime(), state: { status: 'pending' } });
      return order;
    },
    waiting(ticket) {
      for (const entry of entries.values()) {
        if (entry.order.ticket === ticket && isWaiting(entry)) return entry.order;
      }
      return undefined;
    },
    async sign(order) {
      const entry = find(order);
      if (entry === undefined) return false;
      // Before the first await: a second press of the button finds it taken.
      entry.state = { status: 'signing' };
      entry.state = await signature(order.request, signers, now).then(
        (signed): State => ({ status: 'complete', signature: signed }),
        (error: unknown) => {
          entry.state = { status: 'cancelled' };
          throw error;
        },
      );
      return true;
    },
    cancel(order) {
      const entry = find(order);
      if (entry === undefined) return false;
      entry.state = { status: 'cancelled' };
      return true;
    },
    collect(client, orderRef) {
      forgetOld();
      const entry = entries.get(orderRef);
      if (entry === undefined || entry.order.client.clientId !== client.clientId) return undefined;
      const { state } = entry;
      if (state.status === 'complete') return state;
      if (state.status === 'cancelled') return { status: 'cancelled' };
      return { status: state.status === 'signing' || isWaiting(entry) ? 'pending' : 'expired' };
    },
  };
}

async function signature(request: SigningRequest, signers: PersonSigners, now: () => Date): Promise<SignatureData> {
  const { person, text, nonce } = request;
  const signer = await signers.signerFor(person);
  return signAsUser({ text, nonce, signer, signedAt: now() });
}

function reference(): string {
  return randomBytes(REFERENCE_BYTES).toString('base64url');
}
