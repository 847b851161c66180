import { randomUUID } from 'node:crypto';
import {
  attachmentChecksum,
  type DeliveryResult,
  deliverSecureRequest,
  type RecipientId,
  type SecureDelivery,
  type Signer,
  sealDelivery,
  serviceService,
  signDelivery,
  swedishDate,
} from '@brevduva/protocol';
import { sealedWithSha1, signedWithSha1 } from '@brevduva/protocol/testing';
import { type Context, type Seen, told } from './context.ts';
import { UNREGISTERED } from './numbers.ts';

/** What is different from an ordinary letter. */
export interface LetterWish {
  readonly recipient?: string;
  readonly senderId?: string;
  readonly language?: string;
  /** xs:date. */
  readonly receivedTime?: string;
  readonly signaturesOk?: boolean;
  readonly attachment?: { readonly contentType?: string; readonly checksum?: (right: string) => string };
  readonly bodyBytes?: number;
  readonly signer?: Signer;
  readonly sealer?: Signer;
  readonly sha1?: boolean;
}

const TEXT = 'Det här är ett prov av att försändelser tas emot enligt kontraktet. Du behöver inte göra något.';
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n' +
    '0000000009 00000 n \n0000000053 00000 n \n0000000102 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n' +
    'startxref\n163\n%%EOF\n',
  'latin1',
);

/** The base64 of the text's first bytes, as it stands in every ordinary letter. */
export const TEXT_BASE64_START = Buffer.from(TEXT).toString('base64').slice(0, 40);

/**
 * To whom a letter that must be refused goes: with leave to deliver to the real recipient, since an operator may look
 * for the mailbox before it looks at the letter; else to a number that is known to have none.
 */
export function refusedRecipient({ target }: Context): string {
  return (target.deliver ? target.recipients[0] : undefined) ?? UNREGISTERED;
}

/** A signed and sealed letter as it goes on the wire. */
export async function letter(context: Context, wish: LetterWish = {}): Promise<Buffer> {
  const { signers, target } = context;
  const seal = {
    ReceivedTime: wish.receivedTime ?? today(context),
    SignaturesOK: wish.signaturesOk ?? true,
  };
  const signed = await signDelivery(delivery(context, wish), wish.signer ?? signers.sender);
  if (wish.sha1 !== true)
    return deliverSecureRequest(await sealDelivery(signed, seal, wish.sealer ?? signers.dispatcher));
  const keys = ({ key, cert }: { key: string; cert: string }) => ({ privateKeyPem: key, certificatePem: cert });
  const old = signedWithSha1(signed, keys(target.signer ?? target.tls));
  return deliverSecureRequest(sealedWithSha1(await sealDelivery(old, seal, signers.dispatcher), keys(target.tls)));
}

/** Today's date in Sweden, as xs:date without time zone. */
export function today({ clock }: Context): string {
  const { year, month, day } = swedishDate(clock.now());
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Sends a letter. */
export async function deliver(context: Context, wish: LetterWish = {}): Promise<Seen<{ return: DeliveryResult }>> {
  return context.send(serviceService.operations.deliverSecure, await letter(context, wish));
}

/** One character changed where the text is found; the message stays what the schema allows. */
export function changed(message: Buffer, text: string): Buffer {
  const at = message.lastIndexOf(text);
  if (at < 0) throw new TypeError('the text to change is not in the message');
  const copy = Buffer.from(message);
  // Third from the left: a digit of the year, or any base64 character.
  const place = at + 2;
  copy[place] = copy[place] === 0x31 ? 0x30 : 0x31;
  return copy;
}

/** What the operator answered about the one recipient, or in words why it did not. */
export function deliveryStatus(
  seen: Seen<{ return: DeliveryResult }>,
): { transId: string; recipientId: string; delivered: boolean; count: number } | string {
  if (seen.answer.kind !== 'answer') return told(seen);
  const { TransId: transId, Status } = seen.answer.value.return;
  const [first] = Status;
  if (first === undefined) return 'svar utan Status';
  return { transId, recipientId: first.RecipientId, delivered: first.Delivered, count: Status.length };
}

function delivery({ target }: Context, wish: LetterWish): SecureDelivery {
  const { attachment } = wish;
  const checksum = attachmentChecksum(PDF);
  return {
    Header: {
      Sender: { Id: (wish.senderId ?? target.sender) as RecipientId, Name: 'Konformitetsprov' },
      Recipient: (wish.recipient ?? UNREGISTERED) as RecipientId,
    },
    Message: [
      {
        Header: {
          Id: randomUUID(),
          Subject: 'Konformitetsprov',
          Supportinfo: { Text: 'Det här brevet skickades av ett prov.' },
          Metadata: [],
          Language: wish.language ?? 'svSE',
        },
        Body: { ContentType: 'text/plain', Body: Buffer.from(TEXT.padEnd(wish.bodyBytes ?? 0)) },
        Attachment:
          attachment === undefined
            ? []
            : [
                {
                  ContentType: attachment.contentType ?? 'application/pdf',
                  Body: PDF,
                  Checksum: attachment.checksum?.(checksum) ?? checksum,
                  Filename: 'prov.pdf',
                },
              ],
      },
    ],
  };
}
