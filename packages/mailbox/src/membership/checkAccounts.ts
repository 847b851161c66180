import { type Clock, type Log, newId } from '@brevduva/base';
import {
  type AccountRow,
  applyRegisteredStates,
  confirmOpen,
  type RegisteredState,
  takeAccountsToCheck,
} from '../sql/account.ts';
import { forgetVisitors } from '../sql/mailboxUser.ts';
import type { Pool } from '../sql/pool.ts';
import { type Registry, STANDINGS_MAX } from './registry.ts';
import type { Standing } from './standing.ts';

export interface CheckParts {
  pool: Pool;
  clock: Clock;
  log: Log;
  registry: Registry;
}

const CHECK_EVERY_MS = 86_400_000;
const CHECK_AGAIN_MS = 10 * 60_000;
/** Somebody may log in, think about it, and sign the day after. */
const VISITOR_KEPT_MS = 86_400_000;

/**
 * Asks the register about the open mailboxes whose day it is, a thousand at a time, and closes those that are somewhere
 * else now or nowhere. When the register does not answer they come again after ten minutes. Gives how many were asked about.
 *
 * @throws AppError MAILBOX_REGISTER_UNREACHABLE
 */
export async function checkAccounts(parts: CheckParts): Promise<number> {
  const accounts = await takeAccountsToCheck(parts.pool, { limit: STANDINGS_MAX, againMs: CHECK_AGAIN_MS });
  if (accounts.length === 0) return 0;
  const standings = await parts.registry.standings(accounts.map((account) => account.recipientId));
  const changed = await bringInLine(parts, pairs(accounts, standings));
  parts.log.info({ asked: accounts.length, changed }, 'mailboxes compared with FaR');
  return accounts.length;
}

/** Brings one person's mailbox here in line with what the register says of it. */
export async function followRegister(
  parts: CheckParts,
  { account, recipientId, standing }: { account: AccountRow | undefined; recipientId: string; standing: Standing },
): Promise<void> {
  if (account?.state === 'opening') return;
  const isOpenHere = account?.state === 'active' || account?.state === 'pending';
  if (standing.kind === 'here' && !isOpenHere) {
    await confirmOpen(parts.pool, { id: newId(), recipientId }, parts.clock.now());
  } else if (account !== undefined) {
    await bringInLine(parts, [{ account, standing }]);
  }
}

/** Forgets those who only looked in. */
export function forgetOldVisitors({ pool, clock }: CheckParts): Promise<number> {
  return forgetVisitors(pool, new Date(clock.now().getTime() - VISITOR_KEPT_MS));
}

interface Pair {
  account: AccountRow;
  standing: Standing;
}

function pairs(accounts: readonly AccountRow[], standings: readonly Standing[]): Pair[] {
  return accounts.flatMap((account, index) => {
    const standing = standings[index];
    return standing === undefined ? [] : [{ account, standing }];
  });
}

async function bringInLine({ pool, clock }: CheckParts, found: readonly Pair[]): Promise<number> {
  const states = found.map(({ account, standing }) => registeredState(account, standing));
  const changed = await applyRegisteredStates(pool, states, { at: clock.now(), nextCheckMs: CHECK_EVERY_MS });
  return changed.length;
}

/** What the register's word makes of a mailbox here. */
export function registeredState(account: AccountRow, standing: Standing): RegisteredState {
  const { id, revision } = account;
  const nowhere = { id, revision, movedTo: null, movedToUrl: null };
  switch (standing.kind) {
    case 'here':
      return { ...nowhere, state: 'active' };
    case 'elsewhere':
      return {
        ...nowhere,
        state: 'moved',
        movedTo: standing.operator.name,
        movedToUrl: standing.operator.webUrl ?? null,
      };
    case 'waiting':
      return { ...nowhere, state: standing.operator === undefined ? 'pending' : 'closed' };
    case 'none':
      return { ...nowhere, state: 'closed' };
    case 'unserved':
      // Nobody else has it. That FaR does not name us (any more) is between FaR and us, and closes nobody's mailbox.
      return unchanged(account);
  }
}

function unchanged({ id, revision, state, movedTo, movedToUrl }: AccountRow): RegisteredState {
  // One that is being opened is left alone before it comes here.
  return { id, revision, movedTo, movedToUrl, state: state === 'opening' ? 'active' : state };
}
