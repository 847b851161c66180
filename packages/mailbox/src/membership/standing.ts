import type { AccountStatus } from '@brevduva/protocol';

/** An operator as the register names it to others. */
export interface OtherOperator {
  name: string;
  /** Where its mailbox is read. */
  webUrl: string | undefined;
}

/**
 * Where a person's mailbox is, as the register has it at this moment.
 *
 * - `none`: no mailbox anywhere.
 * - `here`, `elsewhere`: open, with us or with another operator.
 * - `waiting`: begun, and signatures are missing; with us (`operator` undefined) or with another.
 * - `unserved`: open, but its operator has left and no new one is chosen.
 */
export type Standing =
  | { kind: 'none' }
  | { kind: 'here' }
  | { kind: 'elsewhere'; operator: OtherOperator }
  | { kind: 'waiting'; operator: OtherOperator | undefined }
  | { kind: 'unserved' };

/** Reads one answer of `isRegistered` (FACTS b.2, d) as the operator with this organisation number. */
export function standingOf(status: AccountStatus, ownNumber: string): Standing {
  if (status.Type === 'Not') return { kind: 'none' };
  const { ServiceSupplier: supplier } = status;
  if (supplier === undefined) return { kind: 'unserved' };
  const operator =
    supplier.Id === ownNumber ? undefined : { name: supplier.Name, webUrl: webAddress(supplier.UIAdress) };
  if (status.Pending) return { kind: 'waiting', operator };
  return operator === undefined ? { kind: 'here' } : { kind: 'elsewhere', operator };
}

/** It becomes a link on our pages, so it must be an ordinary web address. */
function webAddress(text: string | undefined): string | undefined {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
