import { date, oneOf, Schema } from '../notation/index.ts';
import { DeliveryHeader, Seal, SecureMessage } from './message.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { Signature } from './xmldsig.ts';

export const replySchema = new Schema({ namespace: `${SCHEMA_NAMESPACE}/Reply`, fileName: 'Reply', prefix: 'rp' });

export const ReplyOptions = replySchema.simple('ReplyOptions', oneOf(['REQUESTED', 'ACCEPTED', 'NOT_ALLOWED']));

/** Left-overs of v1: v3 has no operation that carries a reply (FACTS h). */
export const ReplyDelivery = replySchema.type('ReplyDelivery', {
  Header: () => DeliveryHeader,
  ReplyMessage: () => SecureMessage,
  ReplyTime: date(),
  Signature: () => Signature,
});

export const SealedReplyDelivery = replySchema.type('SealedReplyDelivery', {
  SignedDelivery: ReplyDelivery,
  Seal: () => Seal,
  Signature: () => Signature,
});
