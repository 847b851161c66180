import { type Clock, type Log, newId, startWorker } from '@brevduva/base';
import type { SigningService } from '../signing/signingService.ts';
import { findAccount } from '../sql/account.ts';
import type { MailboxUserRow } from '../sql/mailboxUser.ts';
import type { Pool } from '../sql/pool.ts';
import {
  findOpenOrder,
  insertOrder,
  listSignedOrders,
  replaceOrder,
  type SigningOrderRow,
} from '../sql/signingOrder.ts';
import { type Act, textToSign } from './agreement.ts';
import { BEGUN_MS_MAX, type CarryOutParts, carryOut, carryOutDue } from './carryOut.ts';
import { checkAccounts, followRegister, forgetOldVisitors } from './checkAccounts.ts';
import { isSettled } from './nextState.ts';
import type { Registry } from './registry.ts';
import type { Standing } from './standing.ts';

export interface MembershipOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  registry: Registry;
  signing: SigningService;
  operator: { name: string; domain: string };
  /** Where the e-ID sends the person back to. */
  returnUrl(orderId: string): string;
}

/** What a person does with a mailbox of her own, each act signed and known to the register before it counts. */
export interface Membership {
  /** Origin of the e-ID, where forms of our pages may lead. */
  readonly signingOrigin: string;
  /** Where her mailbox is; the mailbox here follows what the register says. @throws AppError MAILBOX_REGISTER_UNREACHABLE */
  standing(user: MailboxUserRow): Promise<Standing>;
  /** As `standing`, for a login: waits only so long, and lets her in anyway when the register does not answer. */
  lookUpAtLogin(user: MailboxUserRow): Promise<void>;
  /** Whose mail she takes. Only while her mailbox is here. @throws AppError MAILBOX_REGISTER_UNREACHABLE */
  acceptedSenders(user: MailboxUserRow): Promise<{ id: string; name: string }[]>;
  /** The text that she would sign. */
  textFor(user: MailboxUserRow, act: Act): string;
  /**
   * Begins an act, or goes on with the one that is open: the same one, or one that is signed already. Another one that is
   * not signed yet is replaced. Gives the order as far as it has come; `ordered` means that she is to sign at `signUrl`.
   *
   * @throws AppError MAILBOX_SIGNING_UNREACHABLE
   */
  begin(user: MailboxUserRow, act: Act): Promise<SigningOrderRow>;
  /** Brings an order of hers as far as it goes. @throws AppError MAILBOX_ACT_NOT_FOUND, MAILBOX_SIGNING_UNREACHABLE */
  goOn(user: MailboxUserRow, orderId: string): Promise<SigningOrderRow>;
  /** The act that is open, brought as far as it goes; undefined when there is none. It may have been settled by that. */
  goOnWithOpen(user: MailboxUserRow): Promise<SigningOrderRow | undefined>;
  /** What she has signed here, latest first. */
  history(user: MailboxUserRow): Promise<SigningOrderRow[]>;
  /** Ends the workers. */
  close(): Promise<void>;
}

const ORDERS_IDLE_MS = 5_000;
const CHECKS_IDLE_MS = 60_000;
const LOGIN_PATIENCE_MS = 3_000;
const HISTORY_MAX = 100;
/** The open order is another's for an instant, and settled in the next. */
const BEGIN_TRIES_MAX = 5;

/** Starts two workers beside the pages: one goes on with acts that were left behind, one compares mailboxes with FaR. */
export function startMembership(options: MembershipOptions): Membership {
  const { pool, clock, log, registry, signing } = options;
  const orders = startWorker({
    name: 'acts',
    runOnce: () => carryOutDue(options),
    idleMs: ORDERS_IDLE_MS,
    log,
    clock,
  });
  const checks = startWorker({
    name: 'mailboxes compared with FaR',
    runOnce: async () => (await checkAccounts(options)) || forgetOldVisitors(options),
    idleMs: CHECKS_IDLE_MS,
    log,
    clock,
  });
  const standing = async (user: MailboxUserRow) => {
    const { personalNumber: recipientId } = user;
    // Read first: should the mailbox change while the register answers, the answer is about an earlier state.
    const account = await findAccount(pool, recipientId);
    const found = await registry.standing(recipientId);
    await followRegister(options, { account, recipientId, standing: found });
    return found;
  };
  return {
    signingOrigin: signing.origin,
    standing,
    lookUpAtLogin: (user) => withinPatience(clock, log, () => standing(user)),
    acceptedSenders: ({ personalNumber }) => registry.acceptedSenders(personalNumber, personalNumber),
    textFor: ({ personalNumber }, act) => textToSign(act, personalNumber, options.operator),
    begin: (user, act) => begin(options, user, act),
    goOn: (user, orderId) => carryOut(options, { userId: user.id, orderId }),
    async goOnWithOpen(user) {
      const open = await findOpenOrder(pool, user.id);
      return open === undefined || open.state === 'begun'
        ? undefined
        : carryOut(options, { userId: user.id, orderId: open.id });
    },
    history: (user) => listSignedOrders(pool, user.id, HISTORY_MAX),
    async close() {
      await Promise.all([orders.stop(), checks.stop()]);
    },
  };
}

async function withinPatience(clock: Clock, log: Log, lookUp: () => Promise<unknown>): Promise<void> {
  const nap = new AbortController();
  const looked = lookUp().then(
    () => nap.abort(),
    (err: unknown) => {
      nap.abort();
      log.warn({ err }, 'FaR could not be asked at login');
    },
  );
  await Promise.race([looked, clock.sleep(LOGIN_PATIENCE_MS, nap.signal)]);
}

async function begin(options: MembershipOptions, user: MailboxUserRow, act: Act): Promise<SigningOrderRow> {
  const parts: CarryOutParts = options;
  const text = textToSign(act, user.personalNumber, options.operator);
  for (let tries = 0; tries < BEGIN_TRIES_MAX; tries += 1) {
    const open = await findOpenOrder(options.pool, user.id);
    if (open === undefined) {
      const id = await insert(options, user, act, text);
      if (id !== undefined) return carryOut(parts, { userId: user.id, orderId: id });
      continue;
    }
    const isSame = open.text === text;
    if (!isSame && (await replaceOrder(options.pool, open.id, options.clock.now()))) continue;
    const order = await carryOut(parts, { userId: user.id, orderId: open.id });
    // What was signed a moment ago is told; what was declined or forgotten at the e-ID is begun anew.
    const isToldNow = order.state === 'done' || order.state === 'refused' || !isSettled(order);
    if (isToldNow && (isSame || order.state !== 'ordered')) return order;
  }
  throw new TypeError('an open act of the same person changed again and again');
}

/** Undefined when another request was first. */
async function insert(
  { pool, clock }: MembershipOptions,
  user: MailboxUserRow,
  act: Act,
  text: string,
): Promise<string | undefined> {
  const order = {
    id: newId(),
    userId: user.id,
    recipientId: user.personalNumber,
    purpose: act.purpose,
    acceptedSenders: act.purpose === 'storeAccountPreferences' ? [...act.acceptedSenders] : null,
    text,
    nonce: newId(),
    createdAt: clock.now(),
  };
  return (await insertOrder(pool, order, { firstTryMs: BEGUN_MS_MAX })) ? order.id : undefined;
}
