import type { Infer } from '../notation/index.ts';
import {
  anyURI,
  base64Binary,
  boolean,
  date,
  id,
  language,
  many,
  oneOf,
  optional,
  Schema,
  string,
} from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { NotificationMessage } from './notification.ts';
import { ReceiptOptions } from './receipt.ts';
import { EMailAdress, RecipientId } from './recipient.ts';
import { ReplyOptions } from './reply.ts';
import { Sender } from './sender.ts';
import { Signature } from './xmldsig.ts';

/** The first generation of message types; v3 still uses Seal, MessageBody, Attachment, MetaData (FACTS b.5). */
export const messageSchema = new Schema({ namespace: `${SCHEMA_NAMESPACE}/Message`, fileName: 'Message', prefix: 'm' });

export const DistributionTypes = messageSchema.simple('DistributionTypes', oneOf(['Digital', 'Paper', 'Not']));

export const DeliveryStatus = messageSchema.simple('DeliveryStatus', oneOf(['Delivered', 'Pending', 'DeliveryFailed']));

export const DistributionStatus = messageSchema.type('DistributionStatus', {
  RecipientId: () => RecipientId,
  Type: DistributionTypes,
  DeliveryStatus: optional(DeliveryStatus),
});

export const MessageStatus = messageSchema.type('MessageStatus', {
  RecipientId: () => RecipientId,
  MessagetypeId: optional(string()),
  Status: DistributionTypes,
});

export const Message = messageSchema.type('Message', {});

export const DeliveryHeader = messageSchema.type('DeliveryHeader', {
  Sender: () => Sender,
  Recipient: many(() => RecipientId, { min: 1, max: 1000 }),
  Reference: optional(string()),
  CorrelationId: optional(string()),
  Attention: optional(string()),
});

export const SupportInfo = messageSchema.type('SupportInfo', {
  Text: string({ maxLength: 1024 }),
  Logo: optional(anyURI({ maxLength: 255 })),
  URL: optional(anyURI({ maxLength: 255 })),
  PhoneNumber: optional(string({ maxLength: 255 })),
  EmailAdress: optional(() => EMailAdress),
});

export const MetaData = messageSchema.type('MetaData', { Tag: string(), Value: string() });

export const MessageHeader = messageSchema.type('MessageHeader', {
  Id: string(),
  Subject: string({ maxLength: 255 }),
  Supportinfo: SupportInfo,
  Metadata: many(MetaData),
  Language: language(),
  Reply: optional(() => ReplyOptions),
  ReceiptRequest: optional(() => ReceiptOptions),
});

export const MessageBody = messageSchema.type('MessageBody', { ContentType: string(), Body: base64Binary() });

/** `Checksum` is the MD5 of the raw bytes as 32 upper-case hex digits (FACTS f). */
export const Attachment = messageSchema.type('Attachment', {
  ContentType: string(),
  Body: base64Binary(),
  Checksum: string(),
  Filename: string(),
});

export const ForwardMessage = messageSchema.type('ForwardMessage', { Subject: string(), Body: MessageBody });

export const SecureMessage = messageSchema.type('SecureMessage', {
  Header: MessageHeader,
  Body: MessageBody,
  Attachment: many(Attachment),
});

export const SimpleMessage = messageSchema.type('SimpleMessage', {
  Header: MessageHeader,
  Body: many(() => NotificationMessage, { min: 1, max: 2 }),
});

/** The dispatcher's seal. Real dates have a time zone or none (FACTS e.1). */
export const Seal = messageSchema.type('Seal', { ReceivedTime: date(), SignaturesOK: boolean() });

export const SecureDelivery = messageSchema.type('SecureDelivery', {
  Header: DeliveryHeader,
  Message: many(SecureMessage, { min: 1 }),
});

export const SimpleDelivery = messageSchema.type('SimpleDelivery', {
  Header: DeliveryHeader,
  Message: many(SimpleMessage, { min: 1 }),
});

export const SignedDelivery = messageSchema.type(
  'SignedDelivery',
  { Delivery: SecureDelivery, Signature: () => Signature },
  { Id: optional(id()) },
);

export const SealedDelivery = messageSchema.type(
  'SealedDelivery',
  { SignedDelivery, Seal, Signature: () => Signature },
  { Id: optional(id()) },
);

/** "Orginal" is the contract's own spelling. */
export const ForwardDelivery = messageSchema.type('ForwardDelivery', {
  Header: DeliveryHeader,
  Message: ForwardMessage,
  OrginalDelivery: SealedDelivery,
  MessageIdToForward: optional(string()),
});

export type Seal = Infer<typeof Seal>;
export type MessageBody = Infer<typeof MessageBody>;
export type Attachment = Infer<typeof Attachment>;
export type MetaData = Infer<typeof MetaData>;
export type DeliveryHeader = Infer<typeof DeliveryHeader>;
export type DistributionStatus = Infer<typeof DistributionStatus>;
