import { type Clock, type Log, newId, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { ContentStore } from '../content.ts';
import type { NoticeFailureReason } from '../letter.ts';
import { untilWindowOpensMs } from '../sendWindow.ts';
import { type ClaimedNotice, claimNotices, type NoticeStep, writeNoticeStep } from '../sql/recipientNotices.ts';
import { besideText } from './besideText.ts';
import type { MessageChannel, NoticeDesk } from './noticeDesk.ts';
import { DEFAULT_NOTICE } from './noticeSettings.ts';

export interface NoticeWorkerOptions {
  readonly pool: Pool;
  readonly node: string;
  readonly content: ContentStore;
  readonly notices: NoticeDesk;
  readonly clock: Clock;
  readonly log: Log;
}

const IDLE_MS = 1_000;
const AT_ONCE = 20;
/** Longer than any gateway is waited for. */
const LEASE_MS = 180_000;
const FIRST_DELAY_MS = 5_000;
const DELAY_MS_MAX = 600_000;

/** Tells recipients of their letters: that one has come, or lies unopened. Nothing here touches the letter but its story. */
export function startNoticeWorker(options: NoticeWorkerOptions): Worker {
  const { log, clock } = options;
  return startWorker({ name: 'notices', idleMs: IDLE_MS, log, clock, runOnce: () => noticesOnce(options) });
}

/** One claim. @returns how many were worked on. */
export async function noticesOnce(options: NoticeWorkerOptions): Promise<number> {
  const { pool, node } = options;
  const claimed = await claimNotices(pool, { limit: AT_ONCE, leaseMs: LEASE_MS, leaseId: newId(), node });
  await Promise.all(
    claimed.map(async (notice) => {
      const step = await stepOf(notice, options).catch((err: unknown): NoticeStep => {
        options.log.error({ err, notice: notice.id, letterId: notice.letterId }, 'a notice beside a letter failed');
        return again(notice, options.clock.now(), notice.stage === 'deliver' ? 'unknown' : 'waiting');
      });
      await writeNoticeStep(pool, notice, step);
    }),
  );
  return claimed.length;
}

function stepOf(notice: ClaimedNotice, options: NoticeWorkerOptions): Promise<NoticeStep> {
  return notice.stage === 'deliver' ? deliver(notice, options) : confirm(notice, options);
}

async function deliver(notice: ClaimedNotice, options: NoticeWorkerOptions): Promise<NoticeStep> {
  const { content, notices, clock } = options;
  const { organisationId, letterId, kind } = notice;
  const letter = { organisationId, id: letterId };
  const contact = content.openContact(letter, notice.sealedContact);
  const channel =
    notice.state === 'unknown'
      ? (notice.channel ?? channelOf(notice, contact, notices))
      : channelOf(notice, contact, notices);
  const now = clock.now();
  if (channel === undefined) return untold(notice, 'noChannel');
  if (notice.state !== 'unknown') {
    if (now >= notice.deadlineAt) return untold(notice, 'deadlinePassed');
    const { smsHours } = { ...DEFAULT_NOTICE, ...notice.flowNotice };
    const dueInMs = channel === 'sms' ? untilWindowOpensMs(smsHours ?? notice.organisationNotices?.smsHours, now) : 0;
    if (dueInMs > 0) return { state: 'waiting', stage: 'deliver', channel, dueInMs, isFresh: true };
  }
  const answer = await notices.send({
    ...{ letter, purpose: kind, channel, contact, ...besideText(notice) },
    fromName: notice.organisationNotices?.fromName ?? notice.organisationName,
    replyTo: notice.organisationNotices?.replyTo,
    isUnknown: notice.state === 'unknown',
  });
  const detail = { purpose: kind, channel };
  switch (answer.kind) {
    case 'accepted': {
      const parts = answer.parts === undefined ? {} : { parts: answer.parts };
      const event = { kind: 'noticeSent', detail: { ...detail, ...parts } };
      return { state: 'waiting', stage: 'confirm', channel, dueInMs: 0, isFresh: true, event };
    }
    case 'refused':
      return notice.state === 'unknown'
        ? untold(notice, 'outcomeUnknown')
        : next(channel, 'refused', { kind: 'noticeRefused', detail: { ...detail, code: answer.code } });
    case 'later':
      return { ...again(notice, now, notice.state), channel };
    case 'unknown':
      if (!answer.mayRepeat) {
        await notices.end(letter, kind, channel);
        return untold({ ...notice, channel }, 'outcomeUnknown');
      }
      return { ...again(notice, now, 'unknown'), channel };
  }
}

async function confirm(notice: ClaimedNotice, { notices, clock }: NoticeWorkerOptions): Promise<NoticeStep> {
  const { organisationId, letterId, kind, channel } = notice;
  const letter = { organisationId, id: letterId };
  if (channel === null) return untold(notice, 'noChannel');
  const standing = (await notices.standings([letter], kind, channel)).get(letterId);
  const detail = { purpose: kind, channel };
  if (standing?.report === 'failed') {
    await notices.end(letter, kind, channel);
    const code = standing.code === null ? {} : { code: standing.code };
    return next(channel, 'notReached', { kind: 'noticeNotDelivered', detail: { ...detail, ...code } });
  }
  const waitMs = channel === 'sms' ? notices.reportWait.smsMs : notices.reportWait.emailMs;
  const isOver = clock.now().getTime() - notice.stageEnteredAt.getTime() >= waitMs;
  if (standing?.report === undefined && !isOver) return { ...again(notice, undefined, 'waiting'), stage: 'confirm' };
  const event = { kind: standing?.report === 'delivered' ? 'noticeDelivered' : 'noticeAccepted', detail };
  return { state: 'told', stage: null, channel, dueInMs: 0, isFresh: true, event };
}

/** The first of the flow's channels that can: the mailbox is the letter's own way. */
function channelOf(
  { flowNotice, failures }: ClaimedNotice,
  contact: { readonly phone?: string; readonly email?: string },
  { connected }: NoticeDesk,
): MessageChannel | undefined {
  const { channels } = { ...DEFAULT_NOTICE, ...flowNotice };
  const has = { sms: contact.phone !== undefined, email: contact.email !== undefined };
  return channels.find(
    (channel): channel is MessageChannel =>
      channel !== 'mailbox' && has[channel] && connected[channel] && !failures.some((each) => each.channel === channel),
  );
}

/** To the next channel, at once. */
function next(channel: MessageChannel, why: NoticeFailureReason, event: NonNullable<NoticeStep['event']>): NoticeStep {
  return {
    state: 'waiting',
    stage: 'deliver',
    channel: null,
    dueInMs: 0,
    isFresh: true,
    failure: { channel, why },
    event,
  };
}

/** Later, or never: a notice that has waited past its deadline ends. Without `now` there is another end to the wait. */
function again(notice: ClaimedNotice, now: Date | undefined, state: 'waiting' | 'unknown'): NoticeStep {
  if (now !== undefined && now >= notice.deadlineAt) {
    return untold(notice, state === 'unknown' ? 'outcomeUnknown' : 'deadlinePassed');
  }
  const dueInMs = Math.min(FIRST_DELAY_MS * 2 ** Math.min(notice.attempts - 1, 20), DELAY_MS_MAX);
  return { state, stage: notice.stage, channel: notice.channel, dueInMs, isFresh: false };
}

function untold({ kind, channel }: ClaimedNotice, why: NoticeFailureReason | 'noChannel'): NoticeStep {
  const detail = { purpose: kind, ...(channel === null ? {} : { channel }), why };
  return {
    state: 'untold',
    stage: null,
    channel,
    dueInMs: 0,
    isFresh: true,
    event: { kind: 'recipientUntold', detail },
  };
}
