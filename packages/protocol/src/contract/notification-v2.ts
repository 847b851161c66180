import type { Infer } from '../notation/index.ts';
import { optional, Schema, string } from '../notation/index.ts';
import { EMailAdress } from './common-v2.ts';
import { DeliveryHeader, MessageBody, MessageHeader } from './message.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';

export const notificationV2Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Notification/v2`,
  fileName: 'Notification.v2',
  prefix: 'n2',
});

export const NotificationMessage = notificationV2Schema.type('NotificationMessage', {
  header: () => MessageHeader,
  body: () => MessageBody,
});

export const EmailMessage = notificationV2Schema.type('EmailMessage', {
  header: notificationV2Schema.record({ From: EMailAdress, Subject: string({ maxLength: 254 }) }),
  text: string(),
});

export const SmsMessage = notificationV2Schema.type('SmsMessage', {
  header: notificationV2Schema.record({ From: string({ maxLength: 11 }) }),
  text: string({ maxLength: 160 }),
});

export const NotificationDelivery = notificationV2Schema.type('NotificationDelivery', {
  Header: () => DeliveryHeader,
  Message: NotificationMessage,
  EmailMessage: optional(EmailMessage),
  SmsMessage: optional(SmsMessage),
});

export const distributeRequest = notificationV2Schema.message('distributeRequest', {
  notificationDelivery: NotificationDelivery,
});

export const notificationMessage = notificationV2Schema.element('NotificationMessage', NotificationMessage);
export const emailMessage = notificationV2Schema.element('EmailMessage', EmailMessage);
export const smsMessage = notificationV2Schema.element('SmsMessage', SmsMessage);

export type EmailMessage = Infer<typeof EmailMessage>;
export type SmsMessage = Infer<typeof SmsMessage>;
