import { createHash } from 'node:crypto';

/**
 * Tells whether two deliveries are the same letter (FACTS g): sender, digest of the sender's own signature, recipient.
 * Not the message id, which senders reuse, and not the seal, which is new when a dispatcher seals the same letter again.
 * @param signedDigest the verified DigestValue of the inner signature, base64
 */
export function duplicateKey(senderId: string, signedDigest: string, recipientId: string): Buffer {
  return createHash('sha256').update(`${senderId}\0${recipientId}\0${signedDigest}`, 'utf8').digest();
}
