import type { AccountStatus, ReachabilityStatus, ServiceSupplier } from '@brevduva/protocol';
import { swedishDateTime } from './swedishDateTime.ts';

/** What the register knows about one recipient. */
export interface AccountFacts {
  type: AccountStatus['Type'];
  pending: boolean;
  /** Absent where the operator has left and the holder has chosen no new one. */
  supplier?: ServiceSupplier;
  registeredAtMs: number;
}

/** What one recipient has said about one sender. */
export interface PreferenceFacts {
  accepted: boolean;
  changedAtMs: number;
}

/**
 * The answer of `isRegistered` for one asked id. A recipient who has deregistered is answered like one who never was
 * registered: that someone once had a mailbox is nobody's business (FACTS d shows `Not` without any more).
 */
export function accountStatus(recipientId: AccountStatus['RecipientId'], account?: AccountFacts): AccountStatus {
  if (account === undefined || account.type === 'Not') return { RecipientId: recipientId, Type: 'Not', Pending: false };
  return {
    RecipientId: recipientId,
    Type: account.type,
    Pending: account.pending,
    ...(account.supplier === undefined ? {} : { ServiceSupplier: account.supplier }),
    LastRegistration: swedishDateTime(account.registeredAtMs),
  };
}

/**
 * The answer of `isReachable` for one asked id (FACTS d). `SenderAccepted` is what the recipient says about the sender
 * and no more: it is true for a pending account and for one without supplier, and the sender must look at those by
 * itself. Two exceptions: an unregistered recipient accepts no one, and nor does an `Anonymous` account, since its
 * meaning was never documented and today's senders do not look at `Type` before they deliver.
 */
export function reachabilityStatus(
  recipientId: AccountStatus['RecipientId'],
  account?: AccountFacts,
  preference?: PreferenceFacts,
): ReachabilityStatus {
  const status = accountStatus(recipientId, account);
  if (status.Type === 'Not') return { AccountStatus: status, SenderAccepted: false };
  return {
    AccountStatus: status,
    SenderAccepted: status.Type === 'Secure' && (preference?.accepted ?? true),
    ...(preference === undefined ? {} : { LastSenderAcceptChange: swedishDateTime(preference.changedAtMs) }),
  };
}
