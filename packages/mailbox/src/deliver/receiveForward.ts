import { createHash } from 'node:crypto';
import { newId } from '@brevduva/base';
import {
  contractFault,
  type DeliveryResult,
  type DeliverySource,
  type ForwardDelivery,
  parseRecipientId,
  rebuildStandalone,
  SoapCallError,
  type VerifiedSealedDelivery,
} from '@brevduva/protocol';
import { storeForward } from '../content/storeForward.ts';
import type { FarClient } from '../farClient.ts';
import { judge } from './checkList.ts';
import { deliveryFacts, firstMessage } from './facts.ts';
import { FORWARD_CHECKS, ORIGINAL_CHECKS } from './forwardChecks.ts';
import { partyOf } from './partyOf.ts';
import type { ReceiveDependencies } from './receive.ts';
import { refuse } from './refuse.ts';
import { verifyOriginal } from './verify.ts';

export interface ForwardDependencies extends ReceiveDependencies {
  /** Tells which operator somebody's mailbox is at; without it only public bodies can forward. */
  far: FarClient | undefined;
}

/** One `deliverForward` as it came over the connection. */
export interface IncomingForward {
  forward: ForwardDelivery;
  /** The parsed request, for verification of the original in it. */
  source: DeliverySource;
  /** Organisation of the TLS client certificate. */
  caller: string;
  callId: string;
}

/**
 * Verifies, checks, stores and answers a letter that somebody passes on (FACTS g): a letter of its first sender, kept as it was
 * sealed, with the name and the words of the one who passed it on. Everything about the original comes from the verified
 * bytes. The answer is made after the commit, and the same again gets the same answer.
 * @throws ContractFault with the code of the check that failed; 5000 when FaR does not answer
 */
export async function receiveForward(deps: ForwardDependencies, incoming: IncomingForward): Promise<DeliveryResult> {
  const { forward, source, caller, callId } = incoming;
  const verified = verifyOriginal(deps, incoming);
  const document = rebuildStandalone(source).sealedDelivery;
  await refuseForward(deps, incoming, verified);
  await refuseOriginal(deps, incoming, verified, document.length);
  const recipientIds = [...new Set(forward.Header.Recipient)];
  const { transId, outcome, delivered } = await storeForward(deps.pool, deps.contentKeys, {
    id: newId(),
    duplicateKey: forwardKey(forward, verified),
    receivedAt: deps.clock.now(),
    caller,
    forwarder: { id: forward.Header.Sender.Id, name: forward.Header.Sender.Name },
    recipientIds,
    subject: forward.Message.Subject,
    body: forward.Message.Body,
    original: { document, verified },
  });
  deps.log.info({ callId, caller, transId, outcome, delivered: delivered.size }, 'forwarded letter answered');
  return {
    TransId: transId,
    Status: recipientIds.map((RecipientId) => ({ RecipientId, Delivered: delivered.has(RecipientId) })),
  };
}

async function refuseForward(
  deps: ForwardDependencies,
  incoming: IncomingForward,
  { delivery }: VerifiedSealedDelivery,
): Promise<void> {
  const { Header, Message, MessageIdToForward } = incoming.forward;
  const facts = {
    caller: incoming.caller,
    forwarderId: Header.Sender.Id,
    callerSpeaksForForwarder: await speaksFor(deps, incoming),
    originalRecipientId: delivery.Header.Recipient,
    messageId: MessageIdToForward,
    originalMessageIds: delivery.Message.map((message) => message.Header.Id),
    recipientCount: new Set(Header.Recipient).size,
    subject: Message.Subject,
    body: Message.Body,
  };
  refuse(deps.log, incoming, judge(FORWARD_CHECKS, facts, deps.operator));
}

async function refuseOriginal(
  deps: ForwardDependencies,
  incoming: IncomingForward,
  verified: VerifiedSealedDelivery,
  requestBytes: number,
): Promise<void> {
  const sealedBy = partyOf(verified.sealedBy).organizationNumber ?? '';
  const signedBy = partyOf(verified.signedBy).organizationNumber ?? '';
  const standing = await deps.authority.standing(verified.delivery.Header.Sender.Id, [sealedBy, signedBy]);
  const facts = deliveryFacts(verified, { caller: sealedBy, requestBytes, standing });
  refuse(deps.log, incoming, judge(ORIGINAL_CHECKS, facts, deps.operator));
}

/**
 * A forwarded letter has no signature of the one who forwards it: her operator vouches for her. FaR alone knows which operator
 * that is. A public body is vouched for by its dispatcher.
 */
async function speaksFor(
  { far, log, ...deps }: ForwardDependencies,
  { caller, callId, forward }: IncomingForward,
): Promise<boolean> {
  const forwarderId = forward.Header.Sender.Id;
  const parsed = parseRecipientId(forwarderId);
  // The schema takes the 99th of a month; FaR does not, and its refusal is no outage.
  if (!parsed.ok) return false;
  try {
    const asked = await far?.isRegistered({ recipientId: [forwarderId] });
    const status = asked?.return.find((one) => one.RecipientId === forwarderId);
    const isOpen = status?.Type === 'Secure' && !status.Pending;
    if (isOpen && status.ServiceSupplier?.Id === caller) return true;
  } catch (cause) {
    if (!(cause instanceof SoapCallError)) throw cause;
    log.warn({ callId, caller, kind: cause.kind }, 'register does not answer, a forwarded letter is put off');
    throw contractFault('UNKNOWN', 'The register does not answer now; send the same again later.', { cause });
  }
  if (parsed.kind !== 'organization') return false;
  const standing = await deps.authority.standing(forwarderId, [caller]);
  return standing.senderRegistered && standing.dispatchersOfSender.has(caller);
}

/** The same letter from the same to the same with the same words. */
function forwardKey({ Header, Message }: ForwardDelivery, { delivery, signedDigest }: VerifiedSealedDelivery): Buffer {
  const said = [
    ...[Header.Sender.Id, Header.Recipient, Header.Reference, Header.CorrelationId],
    ...[Message.Subject, Message.Body.ContentType, Message.Body.Body.toString('base64')],
    ...[delivery.Header.Sender.Id, firstMessage(delivery).Header.Id, signedDigest],
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest();
}
