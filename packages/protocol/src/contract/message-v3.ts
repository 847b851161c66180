import type { Infer } from '../notation/index.ts';
import { anyOther, anyURI, id, language, many, optional, Schema, string } from '../notation/index.ts';
import { Attachment, DistributionStatus, MessageBody, MetaData, Seal } from './message.ts';
import { SecureDeliveryHeader } from './message-v2.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { OfficialMatterExtension } from './official-matter-v3.ts';
import { ReceiptOptions } from './receipt.ts';
import { EMailAdress, RecipientId } from './recipient.ts';
import { ReplyOptions } from './reply.ts';
import { Signature } from './xmldsig.ts';

/** The delivery of today, and the proposed interface sender → dispatcher (FACTS b.5, b.6). */
export const messageV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Message/v3`,
  fileName: 'Message.v3',
  prefix: 'm3',
});

export const SupportInfo = messageV3Schema.type('SupportInfo', {
  Text: string({ maxLength: 1024 }),
  URL: optional(anyURI({ maxLength: 255 })),
  PhoneNumber: optional(string({ maxLength: 255 })),
  EmailAdress: optional(() => EMailAdress),
});

/** Either free extensions (an `inv:Invoice`, say) or the matter's own (FACTS h). */
export const OfficialMatter = messageV3Schema.choice('OfficialMatter', { any: anyOther(), OfficialMatterExtension });

export const MessageHeader = messageV3Schema.type('MessageHeader', {
  Id: string(),
  Subject: string({ maxLength: 255 }),
  Supportinfo: SupportInfo,
  OfficialMatter: optional(OfficialMatter),
  Metadata: many(() => MetaData),
  Language: language(),
  Reply: optional(() => ReplyOptions),
  ReceiptRequest: optional(() => ReceiptOptions),
});

export const SecureMessage = messageV3Schema.type('SecureMessage', {
  Header: MessageHeader,
  Body: () => MessageBody,
  Attachment: many(() => Attachment),
});

export const SecureDelivery = messageV3Schema.type('SecureDelivery', {
  Header: SecureDeliveryHeader,
  Message: many(SecureMessage, { min: 1 }),
});

/** The sender's signature stands last (FACTS e.2). */
export const SignedDelivery = messageV3Schema.type(
  'SignedDelivery',
  { Delivery: SecureDelivery, Signature: () => Signature },
  { Id: optional(id()) },
);

/** The dispatcher's signature stands last (FACTS e.2). */
export const SealedDelivery = messageV3Schema.type(
  'SealedDelivery',
  { SignedDelivery, Seal: () => Seal, Signature: () => Signature },
  { Id: optional(id()) },
);

export const distributeSecure = messageV3Schema.message('distributeSecure', { signedDelivery: SignedDelivery });

export const distributeSecureResponse = messageV3Schema.message('distributeSecureResponse', { return: string() });

export const checkDistributionStatus = messageV3Schema.message('checkDistributionStatus', {
  senderId: () => RecipientId,
  distributionId: string({ minLength: 1, maxLength: 50 }),
});

export const checkDistributionStatusResponse = messageV3Schema.message('checkDistributionStatusResponse', {
  return: many(() => DistributionStatus),
});

export type SupportInfo = Infer<typeof SupportInfo>;
export type OfficialMatter = Infer<typeof OfficialMatter>;
export type MessageHeader = Infer<typeof MessageHeader>;
export type SecureMessage = Infer<typeof SecureMessage>;
export type SecureDelivery = Infer<typeof SecureDelivery>;
export type SignedDelivery = Infer<typeof SignedDelivery>;
export type SealedDelivery = Infer<typeof SealedDelivery>;
