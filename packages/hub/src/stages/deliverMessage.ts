import type { ClaimedLetter, NoticeFailureReason } from '../letter.ts';
import { letterBody } from '../mailing/letterBody.ts';
import type { MessageChannel } from '../notices/noticeDesk.ts';
import { noticeOf } from '../notices/noticeSettings.ts';
import { checkNotice } from '../notices/noticeText.ts';
import { untilWindowOpensMs } from '../sendWindow.ts';
import { deliverEach } from './deliverDigital.ts';
import type { NewEvent, StageContext, StageOutcome, StageResult, StageWork } from './stage.ts';

/**
 * Sends a notice as SMS or e-mail. What the gateway or the receiving server answers:
 *
 * | answer                                    | outcome                                                             |
 * | ----------------------------------------- | ------------------------------------------------------------------- |
 * | taken                                     | done; confirm waits for the report                                   |
 * | refused for good (5xx, bad number)        | the next channel of the flow                                         |
 * | not now (4xx, throttled, not reachable)   | retry, not delivered; the next channel when the flow's time is over  |
 * | none, but the same id is known again      | retry, outcome unknown: the very same message                        |
 * | none, and a repeat would be a second one  | never sent again: the notice ends, or a person gets it               |
 */
export function deliverMessage(channel: MessageChannel): StageWork {
  return (letters, context, report) =>
    deliverEach(letters, context, report, (letter) => sendOne(letter, channel, context));
}

async function sendOne(letter: ClaimedLetter, channel: MessageChannel, context: StageContext): Promise<StageResult> {
  const dueInMs = channel === 'sms' && letter.state !== 'unknown' ? untilSmsHoursMs(letter, context.clock.now()) : 0;
  if (dueInMs > 0) return { letter, outcome: { kind: 'hold', dueInMs }, events: [{ kind: 'waitsForWindow' }] };
  const { organisation, flow, subject } = letter;
  const body = await letterBody({ ...letter, sealedValues: letter.sealedValues ?? null }, context.content);
  const text = body.toString('utf8');
  // What was filled in is judged piece by piece when it comes; here the whole is, as it will stand in the telephone.
  const [found] = letter.state === 'unknown' ? [] : checkNotice({ subject, text }, noticeOf(flow));
  if (found !== undefined) {
    return ended(letter, { kind: 'noticeTextRefused', detail: { channel, code: found.code } });
  }
  const answer = await context.notices.send({
    ...{ letter, purpose: 'notice', channel, subject, text },
    contact: context.content.openContact(letter, letter.sealedContact),
    fromName: organisation.notices?.fromName ?? organisation.name,
    replyTo: organisation.notices?.replyTo,
    isUnknown: letter.state === 'unknown',
  });
  switch (answer.kind) {
    case 'accepted':
      return {
        letter,
        outcome: { kind: 'done' },
        events: [{ kind: 'noticeSent', detail: withParts(channel, answer.parts) }],
      };
    case 'refused':
      // What may have arrived before must not go by another channel, whatever is said of the repeat.
      if (letter.state === 'unknown') return unknownEnds(letter, channel, answer.code, context);
      return nextChannel(letter, 'refused', { kind: 'noticeRefused', detail: { channel, code: answer.code } });
    case 'later':
      return retry(letter, channel, answer.code, 'notDelivered');
    case 'unknown': {
      const isOver = context.clock.now().getTime() - letter.stageEnteredAt.getTime() >= flow.digitalHours * HOUR_MS;
      if (answer.mayRepeat && !isOver) return retry(letter, channel, answer.code, 'unknown');
      return unknownEnds(letter, channel, answer.code, context);
    }
  }
}

const HOUR_MS = 3_600_000;

function untilSmsHoursMs({ flow, organisation }: ClaimedLetter, now: Date): number {
  return untilWindowOpensMs(noticeOf(flow).smsHours ?? organisation.notices?.smsHours, now);
}

function withParts(channel: MessageChannel, parts: number | undefined): Record<string, unknown> {
  return { channel, ...(parts === undefined ? {} : { parts }) };
}

function retry(
  letter: ClaimedLetter,
  channel: MessageChannel,
  code: string,
  certainty: 'notDelivered' | 'unknown',
): StageResult {
  const isUnknown = certainty === 'unknown';
  const isNews = letter.attempts === 1 || (isUnknown && letter.state !== 'unknown');
  const kind = isUnknown ? 'outcomeUnknown' : 'noticeWaits';
  return {
    letter,
    outcome: { kind: 'retry', reason: `${channel}:${code}`, certainty },
    events: isNews ? [{ kind, detail: { channel, code } }] : [],
  };
}

/** Another channel might tell twice; so nobody is told again, and the story says why. */
async function unknownEnds(
  letter: ClaimedLetter,
  channel: MessageChannel,
  code: string,
  context: StageContext,
): Promise<StageResult> {
  await context.notices.end(letter, 'notice', channel);
  return ended(letter, { kind: 'noticeUnknown', detail: { channel, code } });
}

/** To the flow's next channel, by the switch. */
export function nextChannel(letter: ClaimedLetter, why: NoticeFailureReason, event: NewEvent): StageResult {
  return { letter, outcome: { kind: 'nextChannel', why }, events: [event] };
}

/** No channel may be tried any more. */
function ended(letter: ClaimedLetter, event: NewEvent): StageResult {
  const outcome: StageOutcome =
    noticeOf(letter.flow).failure === 'case'
      ? {
          kind: 'manual',
          reason: event.kind === 'noticeUnknown' ? 'noticeUnknown' : 'noticeFailed',
          detail: { ...event.detail },
        }
      : { kind: 'unnotified' };
  return { letter, outcome, events: [event] };
}
