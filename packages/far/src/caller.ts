import type { FaultName } from '@brevduva/protocol';

/** What decides whether a caller may ask. */
export interface CallerFacts {
  /** Registered as sender, dispatcher or operator. */
  isKnown: boolean;
  /** The sender that is asked for; absent where the question names none. */
  asksFor?: { isCaller: boolean; isRegistered: boolean; isServedByCaller: boolean };
}

/** 5002, 5014 and 6005 of FACTS b.9. */
export type CallerRefusal = FaultName & ('ACCESS_DENIED' | 'UNKNOWN_SENDER' | 'DISPATCHER_NOT_APPROVED');

/**
 * Why a caller is refused; undefined when it may ask.
 *
 * FACTS d: whether the national register checks that the caller may ask for that sender is not documented. Refusing is
 * the safer reading: a recipient's choice of senders is told only to those it concerns. `callerMustServeSender: false`
 * lets every known organisation ask for every registered sender.
 */
export function callerRefusal(
  { isKnown, asksFor }: CallerFacts,
  { callerMustServeSender }: { callerMustServeSender: boolean },
): CallerRefusal | undefined {
  if (!isKnown) return 'ACCESS_DENIED';
  if (asksFor === undefined) return undefined;
  if (!asksFor.isRegistered) return 'UNKNOWN_SENDER';
  if (callerMustServeSender && !asksFor.isCaller && !asksFor.isServedByCaller) return 'DISPATCHER_NOT_APPROVED';
  return undefined;
}
