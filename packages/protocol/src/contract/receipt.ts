import { date, oneOf, optional, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';
import { Signature } from './xmldsig.ts';

export const receiptSchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Receipt`,
  fileName: 'Receipt',
  prefix: 'rc',
});

export const ReceiptOptions = receiptSchema.simple('ReceiptOptions', oneOf(['NOT', 'SIMPLE', 'SIGNED']));

/** A left-over of v1: no v3 operation carries it (FACTS g). */
export const Receipt = receiptSchema.type('Receipt', {
  MessageId: string(),
  ReceiptRecipient: () => RecipientId,
  ReceiptSender: () => RecipientId,
  AcknowledgedTime: date(),
  Signature: optional(() => Signature),
});
