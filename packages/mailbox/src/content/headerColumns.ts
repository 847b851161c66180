import type { NotificationDelivery } from '@brevduva/protocol';
import type { MessageHeaderRow } from '../sql/letter.ts';

type Notice = NotificationDelivery;

/** What of a letter's or a notice's headers is stored in plain; the header of either has these. */
export function headerColumns(
  header: Pick<Notice['Header'], 'Sender' | 'Attention' | 'Reference' | 'CorrelationId'>,
  message: Pick<Notice['Message']['header'], 'Id' | 'Subject' | 'Language' | 'Supportinfo'>,
): MessageHeaderRow {
  return {
    senderId: header.Sender.Id,
    senderName: header.Sender.Name,
    senderAttention: header.Sender.Attention,
    attention: header.Attention,
    messageId: message.Id,
    reference: header.Reference,
    correlationId: header.CorrelationId,
    subject: message.Subject,
    language: message.Language,
    supportText: message.Supportinfo.Text,
    supportUrl: message.Supportinfo.URL,
    supportPhone: message.Supportinfo.PhoneNumber,
    supportEmail: message.Supportinfo.EmailAdress,
  };
}
