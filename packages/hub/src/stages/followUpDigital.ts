import { mapSome } from '@brevduva/base';
import type { ClaimedLetter } from '../letter.ts';
import type { ReadStatusAnswer } from '../readStatus.ts';
import { groupBy } from './groupBy.ts';
import type { NewEvent, StageContext, StageResult, StageWork } from './stage.ts';

/**
 * Asks, at the flow's deadline and never from an earlier answer, whether delivered letters have been opened (scenario 18). One that has is
 * left alone, also if it was a minute ago. One that has not goes back to the switch, which sends it on paper too; or the recipient is reminded. Where the operator does
 * not tell, nothing is guessed: it is asked again, and at the last a person decides or the letter stays as it is, as its flow says.
 */
export const followUpDigital: StageWork = async (letters, context, report) => {
  const deliveries = await context.deliveryIdsOf(letters);
  for (const [operator, group] of groupBy(letters, ({ supplier }) => supplier?.Id)) {
    const ids = group.flatMap(({ id }) => deliveries.get(id) ?? []);
    const answer = await context.readStatus.ask(operator ?? '', ids);
    if (answer.kind === 'unavailable') {
      context.log.warn({ operator, reason: answer.reason, letters: group.length }, 'read status was not told');
    }
    await report(
      await mapSome(group, REMINDED_AT_ONCE, (letter) => followUp(letter, deliveries.get(letter.id), answer, context)),
    );
  }
};

async function followUp(
  letter: ClaimedLetter,
  delivery: string | undefined,
  answer: ReadStatusAnswer,
  { clock, remind }: Pick<StageContext, 'clock' | 'remind'>,
): Promise<StageResult> {
  if (answer.kind !== 'answered') return untold(letter, answer.kind);
  const status = delivery === undefined ? undefined : answer.statuses.get(delivery);
  if (status === undefined || status.status === 'unknown') return untold(letter, 'unknownDelivery');
  if (status.status === 'opened') {
    return { letter, outcome: { kind: 'done' }, events: [{ kind: 'opened', detail: { openedAt: status.at } }] };
  }
  const unread: NewEvent = { kind: 'unread', detail: { days: letter.flow.unreadDays } };
  if (letter.expiresAt !== undefined && letter.expiresAt <= clock.now()) {
    return { letter, outcome: { kind: 'done' }, events: [unread, { kind: 'tooLateForPaper' }] };
  }
  if (letter.flow.unreadAction === 'print') {
    return { letter, outcome: { kind: 'reroute', failure: 'unread' }, events: [unread] };
  }
  // Queued before it is written that it was: whoever is killed in between finds it queued, and the recipient is told once.
  const kind = (await remind(letter)) === 'noContact' ? 'notReminded' : 'reminded';
  return { letter, outcome: { kind: 'done' }, events: [unread, { kind }] };
}

const REMINDED_AT_ONCE = 8;

/** Told once, however often it is asked. */
function untold(letter: ClaimedLetter, cause: string): StageResult {
  return {
    letter,
    outcome: { kind: 'retry', reason: `readStatus:${cause}`, certainty: 'notDelivered' },
    events: letter.attempts === 1 ? [{ kind: 'waitsForReadStatus', detail: { cause } }] : [],
  };
}
