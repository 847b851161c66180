import type { Attachment, MessageBody, SecureDelivery, VerifiedSealedDelivery } from '@brevduva/protocol';
import type { Standing } from './authority.ts';
import { partyOf } from './partyOf.ts';

/** Who hands in for whom, and what FaR says of both. */
export interface HandInFacts {
  /** Organisation of the TLS client certificate. */
  caller: string;
  senderId: string;
  standing: Standing;
}

/** Everything the check list decides over, gathered before the first check runs. */
export interface DeliveryFacts extends HandInFacts {
  /** The whole request as it came on the wire. */
  requestBytes: number;
  /** Organisation of the certificate of the seal; absent when the certificate names none. */
  sealedBy: string | undefined;
  /** Organisation of the certificate of the inner signature. */
  signedBy: string | undefined;
  signaturesOk: boolean;
  messageCount: number;
  body: MessageBody;
  attachments: readonly Attachment[];
}

/** What differs between operators, all by configuration. */
export interface OperatorRules {
  acceptHtml: boolean;
  /** Accept a letter whose inner signature was made by a dispatcher registered for the sender (FACTS e.4, n.8). */
  acceptDispatcherSignature: boolean;
  attachmentTypes: readonly string[];
  envelopeBytesMax: number;
  /** How many may get a forwarded letter in one call. */
  forwardRecipientsMax: number;
}

/** The facts that lie in the delivery itself; `standing` comes from the authority, the rest from the connection. */
export function deliveryFacts(
  verified: VerifiedSealedDelivery,
  given: { caller: string; requestBytes: number; standing: Standing },
): DeliveryFacts {
  const { delivery, seal } = verified;
  const message = firstMessage(delivery);
  return {
    ...given,
    sealedBy: partyOf(verified.sealedBy).organizationNumber,
    signedBy: partyOf(verified.signedBy).organizationNumber,
    senderId: delivery.Header.Sender.Id,
    signaturesOk: seal.SignaturesOK,
    messageCount: delivery.Message.length,
    body: message.Body,
    attachments: message.Attachment ?? [],
  };
}

/** The one message of a secure delivery. The schema allows several; the check list refuses them (FACTS f). */
export function firstMessage(delivery: SecureDelivery): SecureDelivery['Message'][number] {
  const [message] = delivery.Message;
  if (message === undefined) throw new TypeError('a SecureDelivery without Message passed the schema');
  return message;
}
