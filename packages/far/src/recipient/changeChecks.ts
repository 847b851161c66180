import { contractFault } from '@brevduva/protocol';
import type { AccountRow, AccountTypeLetter } from '../sql/accounts.ts';
import type { OperatorRow } from '../sql/organizations.ts';
import type { AccountState } from './signedChange.ts';

export const TYPE_LETTERS = { Secure: 'S', Anonymous: 'A', Not: 'N' } as const satisfies Record<
  string,
  AccountTypeLetter
>;

/** The account, when it is open. @throws ContractFault 5003 when there is none, 5011 while signatures are missing */
export function refuseNoAccount({ account }: Pick<AccountState, 'account'>): AccountRow {
  if (account === undefined || account.accountType === 'N') {
    throw contractFault('OBJECT_NOT_FOUND', 'the recipient has no mailbox');
  }
  if (account.pending) throw contractFault('ILLEGAL_STATE', 'the registration waits for signatures');
  return account;
}

/** @throws ContractFault 5002 when another operator has the account */
export function refuseOtherHolder({ operatorId }: AccountRow, calling: OperatorRow): void {
  if (operatorId !== calling.id) throw contractFault('ACCESS_DENIED', 'another operator has the mailbox');
}

/** `ServiceSupplier` is the caller's own domain (FACTS i.1). @throws ContractFault 5002, 5003 */
export function refuseOtherSupplier({ operators, calling }: AccountState, domain: string): void {
  if (operators.named(domain).id !== calling.id) {
    throw contractFault('ACCESS_DENIED', 'ServiceSupplier is another operator than the caller');
  }
}

/**
 * `Timestamp` is a day, with or without time zone, and no proof of anything: the signature has its own time. Only a day
 * that has not come anywhere on earth is refused. @throws ContractFault 5001
 */
export function refuseFutureDate(date: string, now: Date): void {
  const day = date.slice(0, 10);
  const tomorrow = new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
  if (!ISO_DAY.test(day) || day > tomorrow) throw contractFault('INVALID_INPUT', 'Timestamp lies in the future');
}

const DAY_MS = 86_400_000;
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
