import { many, oneOf, Schema, string } from '../notation/index.ts';
import { DeliveryHeader } from './message.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { RecipientId } from './recipient.ts';

export const notificationSchema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Notification`,
  fileName: 'Notification',
  prefix: 'n',
});

export const NotificationTypes = notificationSchema.simple(
  'NotificationTypes',
  oneOf(['SMS', 'EMail', 'IOS', 'Android', 'Not']),
);

export const NotificationMessage = notificationSchema.type('NotificationMessage', {
  From: string(),
  Subject: string({ minLength: 0, maxLength: 1024 }),
  Text: string(),
  Notificationtype: NotificationTypes,
});

export const NotificationStatus = notificationSchema.type('NotificationStatus', {
  RecipientId: () => RecipientId,
  Status: NotificationTypes,
});

export const NotifyResult = notificationSchema.type('NotifyResult', {
  TransId: string(),
  Status: many(NotificationStatus, { min: 1 }),
});

export const NotificationDelivery = notificationSchema.type('NotificationDelivery', {
  Header: () => DeliveryHeader,
  Message: many(NotificationMessage, { min: 1, max: 2 }),
});
