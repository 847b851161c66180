/**
 * Whoever takes e-invoices from us: an access point of PEPPOL, or the bank's or VAN's interface. It gives one invoice to its receiver however
 * often we send it under the same id; docs/e-invoice.md.
 */
export interface EInvoiceSender {
  /** Sends the bytes. Never rejects: what is not known is an answer. `reason` names nobody. */
  send(invoice: SentEInvoice): Promise<SendAnswer>;
  /** What has become of an invoice that was accepted. Never rejects. */
  status(letterId: string): Promise<StatusAnswer>;
}

export interface SentEInvoice {
  /** The idempotency key: the same for every try of the same letter. */
  readonly letterId: string;
  /** UBL 2.1. */
  readonly xml: Buffer;
  /** Whom it is for, as PEPPOL writes participants: `0007:5568402266`. */
  readonly receiver: string;
}

/**
 * `rejected`: an authoritative no. `notTaken`: busy, or not reached; nothing of it is kept there. `unknown`: it may have been taken, so the
 * same bytes go again under the same id, and no other channel may be used.
 */
export type SendAnswer =
  | { readonly kind: 'accepted'; readonly reference: string | undefined }
  | { readonly kind: 'rejected' | 'notTaken' | 'unknown'; readonly reason: string };

/** `pending`: on its way to the receiver. */
export type StatusAnswer =
  | { readonly kind: 'delivered'; readonly reference: string | undefined }
  | { readonly kind: 'rejected' | 'unavailable'; readonly reason: string }
  | { readonly kind: 'pending' };
