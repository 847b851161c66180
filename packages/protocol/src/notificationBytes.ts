import { decodeGlobalElement } from './codec/decode.ts';
import { encodeGlobalElementBytes } from './codec/encode.ts';
import { distribute, type NotificationDelivery } from './contract/notification-v3.ts';
import { parseNode } from './xml/parseXml.ts';

/** A notification in the one form that every way of writing it comes to: for keeping it, and for knowing it again. */
export function notificationBytes(notificationDelivery: NotificationDelivery): Buffer {
  return encodeGlobalElementBytes(distribute, { notificationDelivery });
}

/** @throws ContractFault, XmlRefused when the bytes are not those of {@link notificationBytes}. */
export function readNotificationBytes(bytes: Uint8Array): NotificationDelivery {
  return decodeGlobalElement(parseNode(bytes, { bytesMax: bytes.byteLength }), distribute).notificationDelivery;
}
