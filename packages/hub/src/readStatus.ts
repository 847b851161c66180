/**
 * Whether recipients have opened what was delivered to them. The national contract has no read receipt (FACTS g): an operator that tells,
 * tells by an agreement of its own, and the others cannot. Which do is configuration.
 */
export interface ReadStatusSource {
  /**
   * Asks an operator about deliveries to its mailboxes, by the `TransId` of its own receipts; never more than
   * {@link READ_STATUS_DELIVERIES_MAX}. Never rejects: that there is no answer is an answer, and it is asked again.
   */
  ask(operator: string, deliveries: readonly string[]): Promise<ReadStatusAnswer>;
}

export type ReadStatusAnswer =
  | { readonly kind: 'answered'; readonly statuses: ReadonlyMap<string, ReadStatus> }
  /** The operator has no way to tell that we know of. */
  | { readonly kind: 'cannotTell' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** `unknown`: a delivery that the operator does not have, or may not tell us of. */
export type ReadStatus =
  | { readonly status: 'opened'; readonly at: string }
  | { readonly status: 'unread' }
  | { readonly status: 'unknown' };

export const READ_STATUS_DELIVERIES_MAX = 1_000;
