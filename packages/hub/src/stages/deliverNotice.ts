import { type NotificationDelivery, readNotificationBytes, serviceService } from '@brevduva/protocol';
import { assembleDelivery } from '../delivery.ts';
import type { ClaimedLetter } from '../letter.ts';
import { letterBody } from '../mailing/letterBody.ts';
import { deliverEach } from './deliverDigital.ts';
import { groupBy } from './groupBy.ts';
import { operatorAnswer } from './operatorAnswer.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Passes a notice on to the operator that FaR gave, by `notify`, for one recipient a call. The contract takes a thousand, but an
 * operator knows a repeated notice only by what it says and to whom: where no answer came, the very same call must be made again, and
 * who is left of a thousand would be another one.
 *
 * An answer means what it means for a letter, see operatorAnswer; `DeliveredFlag` stands for `Delivered`.
 */
export const deliverNotice: StageWork = async (letters, context, report) => {
  for (const group of groupBy(letters, ({ organisationId }) => organisationId).values()) {
    const hashes = new Map(group.flatMap(({ noticeHash: hash }) => (hash ? [[hash.toString('hex'), hash]] : [])));
    const contents = await context.content.get(group[0]?.organisationId ?? '', [...hashes.values()]);
    await deliverEach(group, context, report, (letter) => notifyOne(letter, contents, context));
  }
};

async function notifyOne(
  letter: ClaimedLetter,
  contents: ReadonlyMap<string, Buffer>,
  context: StageContext,
): Promise<StageResult> {
  const { noticeHash, supplier, recipient } = letter;
  const bytes = noticeHash && contents.get(noticeHash.toString('hex'));
  if (supplier === undefined) throw new Error(`notice ${letter.id} has no operator`);
  const notice = bytes === undefined ? await ownNotice(letter, context) : readNotificationBytes(bytes);
  const notify = { ...notice, Header: { ...notice.Header, Recipient: [recipient] } };
  const operator = { operator: supplier.Name };
  return operatorAnswer(letter, operator, async () => {
    const { notify: operation } = serviceService.operations;
    const { return: result } = await context.soap.call(operation, supplier.ServiceAdress, { notify });
    const status = result.Status.find((each) => each.RecipientId === recipient)?.DeliveryStatus;
    const proof = { notifiedByChannel: status?.NotifiedByChannel };
    return { delivered: status?.DeliveredFlag, transId: result.TransId, proof };
  });
}

/** One that was handed in as a letter: made of it, and every time the same. */
async function ownNotice(letter: ClaimedLetter, { content }: StageContext): Promise<NotificationDelivery> {
  const body = await letterBody({ ...letter, sealedValues: letter.sealedValues ?? null }, content);
  const { organisation, recipient, reference, bodyContentType: contentType } = letter;
  const delivery = assembleDelivery({
    ...letter,
    letterId: letter.id,
    attachments: [],
    body: { contentType, bytes: body },
  });
  const [message] = delivery.Message;
  if (message === undefined) throw new Error('a delivery without a message');
  const header = {
    Sender: { Id: organisation.organizationNumber, Name: organisation.name },
    Recipient: [recipient],
    ...(reference === undefined ? {} : { Reference: reference }),
  };
  return { Header: header, Message: { header: message.Header, body: message.Body } };
}
