import type { FaultName } from '@brevduva/protocol';
import type { CallerRow, CertificateState } from './sql/organizations.ts';

/**
 * Which client certificates are let in. `issuer`: every one that a trusted issuer has made for a connected organisation,
 * except those that are registered as retired. `registered`: only those that are registered for that organisation and not retired.
 */
export type CertificateRule = 'issuer' | 'registered';

/** What decides whether a caller may ask. */
export interface CallerFacts {
  /** Let in as sender, dispatcher, operator or forwarder. */
  isKnown: boolean;
  certificate: CertificateState;
  /** The sender that is asked for; absent where the question names none. */
  asksFor?: { isCaller: boolean; isRegistered: boolean; isServedByCaller: boolean };
}

export interface CallerRules {
  callerMustServeSender: boolean;
  certificateRule: CertificateRule;
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
  { isKnown, certificate, asksFor }: CallerFacts,
  { callerMustServeSender, certificateRule }: CallerRules,
): CallerRefusal | undefined {
  if (!isKnown || !isCertificateAdmitted(certificate, certificateRule)) return 'ACCESS_DENIED';
  if (asksFor === undefined) return undefined;
  if (!asksFor.isRegistered) return 'UNKNOWN_SENDER';
  if (callerMustServeSender && !asksFor.isCaller && !asksFor.isServedByCaller) return 'DISPATCHER_NOT_APPROVED';
  return undefined;
}

export function isKnown({ isSender, isDispatcher, isOperator, isForwarder }: CallerRow): boolean {
  return isSender || isDispatcher || isOperator || isForwarder;
}

/** A retired certificate may be in the wrong hands: it is let in by no rule. */
function isCertificateAdmitted(state: CertificateState, rule: CertificateRule): boolean {
  if (state === 'retired' || state === 'expired') return false;
  return rule === 'issuer' || state === 'registered';
}
