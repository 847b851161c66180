import { randomUUID } from 'node:crypto';
import { decodeGlobalElement, type SoapCall, type SoapReply, serviceService, soapReply } from '@brevduva/protocol';

/**
 * What an operator answers when the recipient has no mailbox there any more: `Delivered=false` (FACTS g), nothing
 * stored. Undefined for other operations than deliverSecure.
 */
export function notDelivered(call: SoapCall): Promise<SoapReply> | undefined {
  if (call.operation !== 'deliverSecure') return undefined;
  const { deliverSecure } = serviceService.operations;
  const request = decodeGlobalElement(call.source, deliverSecure.request);
  const RecipientId = request.deliverSecure.SignedDelivery.Delivery.Header.Recipient;
  const result = { TransId: randomUUID(), Status: [{ RecipientId, Delivered: false }] };
  return Promise.resolve(soapReply(deliverSecure, { return: result }));
}
