import { createHash } from 'node:crypto';
import { newId } from '@brevduva/base';
import {
  encodeGlobalElementBytes,
  type NotificationDelivery,
  type NotifyResult,
  serviceV3Schema,
} from '@brevduva/protocol';
import { storeNotice } from '../content/storeNotice.ts';
import { type CheckList, judge } from './checkList.ts';
import { BODY_CHECKS, HAND_IN_CHECKS } from './checks.ts';
import type { DeliveryFacts, HandInFacts } from './facts.ts';
import type { ReceiveDependencies } from './receive.ts';
import { refuse } from './refuse.ts';

/** One `notify` as it came over the connection. */
export interface IncomingNotice {
  notice: NotificationDelivery;
  /** The same request, exactly as it came on the wire. */
  request: Buffer;
  /** Organisation of the TLS client certificate. */
  caller: string;
  callId: string;
}

/** A notice is not signed (FACTS b.7): who hands it in over the connection is all that is known. */
export const NOTICE_CHECKS: CheckList<HandInFacts & Pick<DeliveryFacts, 'body'>> = {
  rights: HAND_IN_CHECKS,
  content: BODY_CHECKS,
};

/**
 * Checks, stores and answers one notice (FACTS b.7, g): a short message in the inbox of every recipient who has an open mailbox
 * here. The answer is made after the commit, and the same request again gets the same answer.
 * @throws ContractFault with the code of the check that failed
 */
export async function receiveNotice(deps: ReceiveDependencies, incoming: IncomingNotice): Promise<NotifyResult> {
  const { notice, caller, callId } = incoming;
  const senderId = notice.Header.Sender.Id;
  const standing = await deps.authority.standing(senderId, [caller]);
  const facts = { caller, senderId, standing, body: notice.Message.body };
  refuse(deps.log, incoming, judge(NOTICE_CHECKS, facts, deps.operator));
  const receivedAt = deps.clock.now();
  const { transId, outcome, delivered } = await storeNotice(deps.pool, deps.contentKeys, {
    id: newId(),
    duplicateKey: noticeKey(notice),
    receivedAt,
    duplicatesSince: new Date(receivedAt.getTime() - deps.operator.noticeDuplicateMs),
    ...incoming,
  });
  const recipients = [...new Set(notice.Header.Recipient)];
  const counts = { recipients: recipients.length, delivered: delivered.size };
  deps.log.info({ callId, caller, transId, outcome, ...counts }, 'notice answered');
  return {
    TransId: transId,
    Status: recipients.map((RecipientId) => ({
      RecipientId,
      // Nobody is told by SMS or e-mail of it.
      DeliveryStatus: { DeliveredFlag: delivered.has(RecipientId), NotifiedByChannel: [] },
    })),
  };
}

/** All that is said, to whom and by whom, in the one form that every way of writing it comes to. */
function noticeKey(notice: NotificationDelivery): Buffer {
  return createHash('sha256')
    .update(encodeGlobalElementBytes(serviceV3Schema.notify, { notify: notice }))
    .digest();
}
