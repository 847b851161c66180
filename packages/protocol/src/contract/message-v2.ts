import type { Infer } from '../notation/index.ts';
import { id, many, optional, Schema, string } from '../notation/index.ts';
import { Seal, SecureMessage } from './message.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';
import { Sender } from './sender.ts';
import { Signature } from './xmldsig.ts';

export const messageV2Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Message/v2`,
  fileName: 'Message.v2',
  prefix: 'm2',
});

/** The header of a v3 delivery: exactly one recipient. */
export const SecureDeliveryHeader = messageV2Schema.type('SecureDeliveryHeader', {
  Sender: () => Sender,
  Recipient: () => RecipientId,
  Reference: optional(string()),
  CorrelationId: optional(string()),
  Attention: optional(string()),
});

export const SecureDelivery = messageV2Schema.type('SecureDelivery', {
  Header: SecureDeliveryHeader,
  Message: many(() => SecureMessage, { min: 1 }),
});

export const SignedDelivery = messageV2Schema.type(
  'SignedDelivery',
  { Delivery: SecureDelivery, Signature: () => Signature },
  { Id: optional(id()) },
);

export const SealedDelivery = messageV2Schema.type(
  'SealedDelivery',
  { SignedDelivery, Seal: () => Seal, Signature: () => Signature },
  { Id: optional(id()) },
);

export const distributeSecure = messageV2Schema.message('distributeSecure', { signedDelivery: SignedDelivery });

export type SecureDeliveryHeader = Infer<typeof SecureDeliveryHeader>;
