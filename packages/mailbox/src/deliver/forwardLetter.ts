import { originalDelivery, type RecipientId, type SoapClient, serviceService } from '@brevduva/protocol';
import type { FarClient } from '../farClient.ts';

/** Somebody passes on a letter that she has. */
export interface LetterToForward {
  /** What was kept of the letter (`findSealedDocument`), opened: the request or the original document as it came. */
  document: Uint8Array;
  /** Whose letter it is: a person, or the organisation that got it. Her operator vouches for the name. */
  forwarder: { id: string; name: string };
  recipientId: string;
  /** Her own words; plain text. */
  subject: string;
  text: string;
}

/** What became of it; `noMailbox`: the recipient has none, or her operator does not take it. */
export type ForwardResult = { kind: 'delivered'; transId: string } | { kind: 'noMailbox' };

export interface ForwardLetterDependencies {
  far: Pick<FarClient, 'isRegistered'>;
  /** With the operator's own certificate: it is what the other operator believes. */
  client: Pick<SoapClient, 'call'>;
}

/**
 * Sends a letter on to the operator that FaR names for its recipient (FACTS g), both signatures as they were. After
 * `noAnswer` nobody knows whether it arrived: the same call again is the same forward, and gets the same answer.
 * @throws SoapCallError as FaR or the other operator refuses or fails; SignatureError when the document holds no delivery;
 *   EncodeFault
 */
export async function forwardLetter(
  { far, client }: ForwardLetterDependencies,
  letter: LetterToForward,
): Promise<ForwardResult> {
  const recipientId = letter.recipientId as RecipientId;
  const address = await serviceAddressOf(far, recipientId);
  if (address === undefined) return { kind: 'noMailbox' };
  const answer = await client.call(serviceService.operations.deliverForward, address, {
    forwardMessage: {
      Header: {
        Sender: { Id: letter.forwarder.id as RecipientId, Name: letter.forwarder.name },
        Recipient: [recipientId],
      },
      Message: { Subject: letter.subject, Body: { ContentType: 'text/plain', Body: Buffer.from(letter.text, 'utf8') } },
      OrginalDelivery: originalDelivery(letter.document),
    },
  });
  const { TransId: transId, Status } = answer.return;
  const isDelivered = Status.some((status) => status.RecipientId === recipientId && status.Delivered);
  return isDelivered ? { kind: 'delivered', transId } : { kind: 'noMailbox' };
}

/** Where the recipient's mailbox is, if it is open. */
async function serviceAddressOf(
  far: Pick<FarClient, 'isRegistered'>,
  recipientId: RecipientId,
): Promise<string | undefined> {
  const answer = await far.isRegistered({ recipientId: [recipientId] });
  const status = answer.return.find((one) => one.RecipientId === recipientId);
  const isOpen = status?.Type === 'Secure' && !status.Pending;
  return isOpen ? status.ServiceSupplier?.ServiceAdress : undefined;
}
