import type { ClaimedLetter } from '../letter.ts';
import type { MessageChannel } from '../notices/noticeDesk.ts';
import type { MessageStanding } from '../sql/noticeMessages.ts';
import { nextChannel } from './deliverMessage.ts';
import { groupBy } from './groupBy.ts';
import type { StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Waits for what the gateway tells of a notice. Arrived: the notice is delivered. Failed, or bounced for good: the next channel. Delayed: it
 * is waited for. When nothing has come in time, that the gateway took it counts, and the receipt says so.
 */
export function confirmMessage(channel: MessageChannel): StageWork {
  return async (letters, context, report) => {
    for (const group of groupBy(letters, ({ organisationId }) => organisationId).values()) {
      const standings = await context.notices.standings(group, 'notice', channel);
      await report(
        await Promise.all(group.map((letter) => confirmOne(letter, channel, standings.get(letter.id), context))),
      );
    }
  };
}

async function confirmOne(
  letter: ClaimedLetter,
  channel: MessageChannel,
  standing: MessageStanding | undefined,
  { clock, notices }: StageContext,
): Promise<StageResult> {
  if (standing === undefined) {
    return { letter, outcome: { kind: 'manual', reason: 'confirmFailed', detail: { missing: 'message' } }, events: [] };
  }
  const { report, parts, code, isDelayed } = standing;
  const detail = { channel, ...(code === null ? {} : { code }) };
  if (report === 'failed') {
    await notices.end(letter, 'notice', channel);
    return nextChannel(letter, 'notReached', { kind: 'noticeNotDelivered', detail });
  }
  const waitMs = channel === 'sms' ? notices.reportWait.smsMs : notices.reportWait.emailMs;
  const isOver = clock.now().getTime() - letter.stageEnteredAt.getTime() >= waitMs;
  if (report === undefined && !isOver) {
    const isNews = isDelayed && letter.attempts === 1;
    return {
      letter,
      outcome: { kind: 'retry', reason: `${channel}:noReport`, certainty: 'notDelivered' },
      events: isNews ? [{ kind: 'noticeDelayed', detail }] : [],
    };
  }
  const proof = {
    channel,
    confirmedBy: report === 'delivered' ? 'report' : 'gateway',
    ...(parts === null ? {} : { parts }),
  };
  return {
    letter,
    outcome: { kind: 'done' },
    receipt: { delivered: true, proof },
    events: [{ kind: report === 'delivered' ? 'noticeDelivered' : 'noticeAccepted', detail: { channel } }],
  };
}
