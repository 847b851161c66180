import type { Infer } from '../notation/index.ts';
import { boolean, many, oneOf, optional, Schema, string } from '../notation/index.ts';
import { DeliveryHeader, MessageBody } from './message.ts';
import { MessageHeader } from './message-v3.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { EmailMessage, SmsMessage } from './notification-v2.ts';
import { RecipientId } from './recipient.ts';
import { OrganizationNumber } from './sender.ts';

/** Notices by SMS and e-mail (FACTS b.7). */
export const notificationV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Notification/v3`,
  fileName: 'Notification.v3',
  prefix: 'n3',
});

export const NotificationMessage = notificationV3Schema.type('NotificationMessage', {
  header: () => MessageHeader,
  body: () => MessageBody,
});

export const NotificationDelivery = notificationV3Schema.type('NotificationDelivery', {
  Header: () => DeliveryHeader,
  Message: NotificationMessage,
  EmailMessage: optional(EmailMessage),
  SmsMessage: optional(SmsMessage),
});

export const NotificationTypes = notificationV3Schema.simple('NotificationTypes', oneOf(['SMS', 'EMail']));

/** Channels may be named only when `DeliveredFlag` is true. */
export const DeliveryStatus = notificationV3Schema.type('DeliveryStatus', {
  DeliveredFlag: boolean(),
  NotifiedByChannel: many(NotificationTypes, { max: 2 }),
});

export const NotificationStatus = notificationV3Schema.type('NotificationStatus', {
  RecipientId: () => RecipientId,
  DeliveryStatus,
});

export const NotifyResult = notificationV3Schema.type('NotifyResult', {
  TransId: string(),
  Status: many(NotificationStatus, { min: 1 }),
});

export const distribute = notificationV3Schema.message('distribute', { notificationDelivery: NotificationDelivery });

export const distributeResponse = notificationV3Schema.message('distributeResponse', { return: string() });

/** `sender`, not `senderId` as in Message. */
export const checkDistributionStatus = notificationV3Schema.message('checkDistributionStatus', {
  sender: () => OrganizationNumber,
  distributionId: string({ minLength: 1, maxLength: 50 }),
});

export const checkDistributionStatusResponse = notificationV3Schema.message('checkDistributionStatusResponse', {
  return: many(NotificationStatus),
});

export type NotificationDelivery = Infer<typeof NotificationDelivery>;
export type NotificationStatus = Infer<typeof NotificationStatus>;
export type NotifyResult = Infer<typeof NotifyResult>;
