import type { Infer } from '../notation/index.ts';
import { boolean, int, many, oneOf, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';

export const serviceSchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Service`,
  fileName: 'Service',
  prefix: 'sv',
});

export const DeliveryStatus = serviceSchema.type('DeliveryStatus', {
  RecipientId: () => RecipientId,
  Delivered: boolean(),
});

/** The answer to a delivery; in v3 exactly one status in practice (FACTS g). */
export const DeliveryResult = serviceSchema.type('DeliveryResult', {
  TransId: string(),
  Status: many(DeliveryStatus, { min: 1 }),
});

export const MessageCount = serviceSchema.type('MessageCount', { Id: () => RecipientId, Total: int(), Unread: int() });

export const Type = serviceSchema.simple('Type', oneOf(['Account', 'AccountRequest']));

export type DeliveryStatus = Infer<typeof DeliveryStatus>;
export type DeliveryResult = Infer<typeof DeliveryResult>;
