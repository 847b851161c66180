import type { SignatureData } from '@brevduva/protocol';

/** What a person is asked to sign. */
export interface SigningRequest {
  personalNumber: string;
  text: string;
  /** New for each act; the register takes each once. */
  nonce: string;
  /** Where the browser comes back to, whatever the person decided. */
  returnUrl: string;
}

/**
 * What became of an order at the e-ID.
 *
 * - `pending`: the person has neither signed nor declined yet.
 * - `complete`: signed.
 * - `cancelled`: the person declined.
 * - `expired`: too late, or the e-ID knows nothing of the order (any more).
 */
export type CollectedSignature =
  | { status: 'pending' | 'cancelled' | 'expired' }
  | { status: 'complete'; signature: SignatureData };

/** An e-ID that lets a person sign a text. Another e-ID means another implementation of this. */
export interface SigningService {
  /** Where the person's browser goes; pages' forms may lead there. */
  origin: string;
  /**
   * Puts a text before the person.
   *
   * @throws AppError MAILBOX_SIGNING_REFUSED when the e-ID will not, MAILBOX_SIGNING_UNREACHABLE when it does not answer
   */
  order(request: SigningRequest): Promise<{ orderRef: string; signUrl: string }>;
  /** May be asked any number of times. @throws AppError MAILBOX_SIGNING_UNREACHABLE */
  collect(orderRef: string): Promise<CollectedSignature>;
}
