import type { Infer } from '../notation/index.ts';
import { optional, Schema, string } from '../notation/index.ts';
import { DeliveryHeader, ForwardMessage } from './message.ts';
import { SealedDelivery } from './message-v3.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { NotificationDelivery, NotifyResult } from './notification-v3.ts';
import { DeliveryResult } from './service.ts';

/** What every mailbox operator implements (FACTS b.4). */
export const serviceV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Service/v3`,
  fileName: 'Service.v3',
  prefix: 's3',
});

/** "Orginal" is the contract's own spelling. */
export const ForwardDelivery = serviceV3Schema.type('ForwardDelivery', {
  Header: () => DeliveryHeader,
  Message: () => ForwardMessage,
  OrginalDelivery: () => SealedDelivery,
  MessageIdToForward: optional(string()),
});

/** An element inside one of the same name; the inner one is a `SealedDelivery` (FACTS e.3). */
export const deliverSecure = serviceV3Schema.message('deliverSecure', { deliverSecure: () => SealedDelivery });

export const deliverSecureResponse = serviceV3Schema.message('deliverSecureResponse', { return: DeliveryResult });

export const notify = serviceV3Schema.message('notify', { notify: NotificationDelivery });

export const notifyResponse = serviceV3Schema.message('notifyResponse', { return: NotifyResult });

export const deliverForward = serviceV3Schema.message('deliverForward', { forwardMessage: ForwardDelivery });

export const deliverForwardResponse = serviceV3Schema.message('deliverForwardResponse', { return: DeliveryResult });

export type ForwardDelivery = Infer<typeof ForwardDelivery>;
