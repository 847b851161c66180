import { type Clock, type Log, newId } from '@brevduva/base';
import type { DeliveryResult, DeliverySource, TrustStore, VerifiedSealedDelivery } from '@brevduva/protocol';
import type { ContentKeys } from '../content/encryption.ts';
import { type StoreResult, storeLetter } from '../content/store.ts';
import type { Operator } from '../settings.ts';
import { type AccountRow, findAccount, takesLetters } from '../sql/account.ts';
import { findByDuplicateKey } from '../sql/letter.ts';
import type { Pool } from '../sql/pool.ts';
import type { Authority, Standing } from './authority.ts';
import { refusalOf } from './checks.ts';
import { duplicateKey } from './duplicate.ts';
import { deliveryFacts } from './facts.ts';
import { partyOf } from './partyOf.ts';
import { refuse } from './refuse.ts';
import { verifySealed } from './verify.ts';

export interface ReceiveDependencies {
  operator: Operator;
  pool: Pool;
  authority: Authority;
  contentKeys: ContentKeys;
  trust: TrustStore;
  clock: Clock;
  log: Log;
}

/** One `deliverSecure` as it came over the connection. */
export interface IncomingDelivery {
  /** The parsed request, for verification without reading it again. */
  source: DeliverySource;
  /** The same request, exactly as it came on the wire. */
  request: Buffer;
  /** Organisation of the TLS client certificate. */
  caller: string;
  callId: string;
}

/**
 * Verifies, checks, stores and answers one delivery (FACTS e.4, g). Everything it reads comes from the verified bytes.
 * A request that may not be made, or that we cannot show, is a fault; a recipient without an open mailbox here is
 * `Delivered=false`. The answer is made after the commit: killed in between, the same letter again gets the same TransId.
 * @throws ContractFault with the code of the check that failed
 */
export async function receiveDelivery(deps: ReceiveDependencies, incoming: IncomingDelivery): Promise<DeliveryResult> {
  const verified = verifySealed(deps, incoming);
  const gathered = await gather(deps, incoming, verified);
  refuseOrPass(deps, incoming, verified, gathered.standing);
  const { transId, outcome } = await keep(deps, incoming, verified, gathered);
  deps.log.info({ callId: incoming.callId, caller: incoming.caller, transId, outcome }, 'delivery answered');
  const status = { RecipientId: verified.delivery.Header.Recipient, Delivered: outcome !== 'noMailbox' };
  return { TransId: transId, Status: [status] };
}

interface Gathered {
  standing: Standing;
  account: AccountRow | undefined;
  key: Buffer;
  /** TransId of the same letter received before. */
  knownTransId: string | undefined;
}

/** All that the database knows of this delivery, asked at once. */
async function gather(
  deps: ReceiveDependencies,
  { caller }: IncomingDelivery,
  verified: VerifiedSealedDelivery,
): Promise<Gathered> {
  const { Sender: sender, Recipient: recipientId } = verified.delivery.Header;
  const signer = partyOf(verified.signedBy).organizationNumber;
  const organizations = signer === undefined ? [caller] : [caller, signer];
  const key = duplicateKey(sender.Id, verified.signedDigest, recipientId);
  const [standing, account, knownTransId] = await Promise.all([
    deps.authority.standing(sender.Id, organizations),
    findAccount(deps.pool, recipientId),
    findByDuplicateKey(deps.pool, key),
  ]);
  return { standing, account, key, knownTransId };
}

function refuseOrPass(
  deps: ReceiveDependencies,
  { caller, request, callId }: IncomingDelivery,
  verified: VerifiedSealedDelivery,
  standing: Standing,
): void {
  const facts = deliveryFacts(verified, { caller, requestBytes: request.length, standing });
  refuse(deps.log, { callId, caller }, refusalOf(facts, deps.operator));
}

/** A letter received before keeps its answer, also when the mailbox has been closed since. */
async function keep(
  deps: ReceiveDependencies,
  { request }: IncomingDelivery,
  verified: VerifiedSealedDelivery,
  { account, key, knownTransId }: Gathered,
): Promise<{ transId: string; outcome: StoreResult['kind'] }> {
  if (knownTransId !== undefined) return { transId: knownTransId, outcome: 'known' };
  const transId = newId();
  if (account === undefined || !takesLetters(account)) return { transId, outcome: 'noMailbox' };
  const letter = {
    id: transId,
    accountId: account.id,
    duplicateKey: key,
    receivedAt: deps.clock.now(),
    request,
    verified,
  };
  const result = await storeLetter(deps.pool, deps.contentKeys, letter);
  return { transId: result.kind === 'known' ? result.transId : transId, outcome: result.kind };
}
