import {
  type Encodable,
  type ForwardDelivery,
  type NotificationDelivery,
  originalDelivery,
  type RecipientId,
  serviceService,
} from '@brevduva/protocol';
import { wireRequest } from '@brevduva/protocol/testing';
import { SENDER } from './operator.ts';
import { PERSON_ANNA, PERSON_BO } from './people.ts';

export const { notify, deliverForward } = serviceService.operations;

export interface NoticeOptions {
  recipients?: readonly string[];
  senderId?: string;
  senderName?: string;
  subject?: string;
  text?: string | Buffer;
  contentType?: string;
}

/** A notice as a municipality would write it. The same options give the same notice. */
export function notice(options: NoticeOptions = {}): NotificationDelivery {
  return {
    Header: {
      Sender: { Id: (options.senderId ?? SENDER) as RecipientId, Name: options.senderName ?? 'Kommun A' },
      Recipient: (options.recipients ?? [PERSON_ANNA]) as RecipientId[],
    },
    Message: {
      header: {
        Id: 'avisering',
        Subject: options.subject ?? 'Sophämtningen flyttas',
        Supportinfo: { Text: 'Ring kontaktcenter.' },
        Metadata: [],
        Language: 'svSE',
      },
      body: {
        ContentType: options.contentType ?? 'text/plain',
        Body: Buffer.from(options.text ?? 'Vi hämtar på onsdag i stället.'),
      },
    },
    SmsMessage: { header: { From: 'Kommun A' }, text: 'Du har en ny avisering.' },
  };
}

/** The bytes on the wire. */
export const notifyRequest = (delivery: NotificationDelivery): Buffer => wireRequest(notify, { notify: delivery });

export interface ForwardOptions {
  forwarderId?: string;
  recipients?: readonly string[];
  subject?: string;
  text?: string;
  contentType?: string;
  messageId?: string;
}

/** Anna passes on to Bo what she got, unless told otherwise. */
export function forwardOf(original: Buffer, options: ForwardOptions = {}): Encodable<ForwardDelivery> {
  return {
    Header: {
      Sender: { Id: (options.forwarderId ?? PERSON_ANNA) as RecipientId, Name: 'Anna Andersson' },
      Recipient: (options.recipients ?? [PERSON_BO]) as RecipientId[],
    },
    Message: {
      Subject: options.subject ?? 'Titta på det här',
      Body: { ContentType: options.contentType ?? 'text/plain', Body: Buffer.from(options.text ?? 'Vad tycker du?') },
    },
    OrginalDelivery: originalDelivery(original),
    ...(options.messageId === undefined ? {} : { MessageIdToForward: options.messageId }),
  };
}

export const forwardRequest = (forward: Encodable<ForwardDelivery>): Buffer =>
  wireRequest(deliverForward, { forwardMessage: forward });
