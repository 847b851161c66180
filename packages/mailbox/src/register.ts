import { appError, type Clock, inTransaction, newId, systemClock } from '@brevduva/base';
import { parseRecipientId } from '@brevduva/protocol';
import { ERRORS } from './errors.ts';
import { closeAccount, type NewAccountRow, upsertAccounts } from './sql/account.ts';
import { replaceDispatcherSenders, type SenderRow, upsertDispatchers, upsertSenders } from './sql/authority.ts';
import type { Pool } from './sql/pool.ts';

export interface NewAccount {
  /** Person, coordination or organisation number. */
  recipientId: string;
  /** Not all signatories have signed yet: the mailbox receives nothing. */
  pending?: boolean;
  openedAt?: Date;
}

export interface NewDispatcher {
  organizationNumber: string;
  name: string;
  /** Organisation numbers it may deliver for. Replaces what was known of this dispatcher. */
  senders: readonly string[];
}

/** Whose mailboxes the operator keeps, and its copy of the register owner's senders and dispatchers. All set-based. */
export interface MailboxRegister {
  /** Opens mailboxes; opening one again sets its state and keeps its letters. @throws AppError MAILBOX_RECIPIENT_ID */
  addAccounts(accounts: readonly NewAccount[]): Promise<void>;
  /** @returns false when there is no open mailbox of that number. @throws AppError MAILBOX_RECIPIENT_ID */
  closeAccount(recipientId: string): Promise<boolean>;
  addSenders(senders: readonly SenderRow[]): Promise<void>;
  addDispatchers(dispatchers: readonly NewDispatcher[]): Promise<void>;
}

export function createMailboxRegister(pool: Pool, clock: Clock = systemClock): MailboxRegister {
  return {
    async addAccounts(accounts) {
      const rows = accounts.map((account) => toAccountRow(account, clock.now()));
      await upsertAccounts(
        pool,
        unique(rows, (row) => row.recipientId),
      );
    },
    async closeAccount(recipientId) {
      return closeAccount(pool, recipientIdOf(recipientId), clock.now());
    },
    async addSenders(senders) {
      await upsertSenders(pool, unique(senders, organizationOf), clock.now());
    },
    async addDispatchers(dispatchers) {
      await addDispatchers(pool, unique(dispatchers, organizationOf), clock.now());
    },
  };
}

async function addDispatchers(pool: Pool, dispatchers: readonly NewDispatcher[], at: Date): Promise<void> {
  const pairs = dispatchers.flatMap(({ organizationNumber, senders }) =>
    senders.map((sender) => ({ dispatcher: organizationNumber, sender })),
  );
  await inTransaction(pool, async (client) => {
    await upsertDispatchers(client, dispatchers, at);
    await replaceDispatcherSenders(
      client,
      dispatchers.map((dispatcher) => dispatcher.organizationNumber),
      pairs,
    );
  });
}

function toAccountRow({ recipientId, pending, openedAt }: NewAccount, now: Date): NewAccountRow {
  const state = pending === true ? 'pending' : 'active';
  return { id: newId(), recipientId: recipientIdOf(recipientId), state, openedAt: openedAt ?? now };
}

function recipientIdOf(text: string): string {
  const parsed = parseRecipientId(text);
  if (!parsed.ok) throw appError(ERRORS, 'MAILBOX_RECIPIENT_ID', { detail: parsed.fault });
  return parsed.id;
}

function organizationOf({ organizationNumber }: { organizationNumber: string }): string {
  return organizationNumber;
}

/** One statement cannot touch the same row twice; of equal keys the last given counts. */
function unique<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
