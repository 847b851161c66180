import type { ClaimedLetter } from './letter.ts';
import { untilWindowOpensMs } from './sendWindow.ts';
import type { StageOutcome } from './stages/stage.ts';
import type { StageName } from './states.ts';

/** Where a letter starts on its way: what it was decided on must not be an hour old when it leaves. */
const HELD_AT: readonly StageName[] = ['resolve', 'deliver'];

/** What was to be sent has left. */
const CONFIRMING: readonly StageName[] = ['confirm', 'followUp'];

/**
 * Whether time stands in a letter's way: its lifetime has ended (scenario 14), or the flow's window for sending is closed. Asked before
 * every stage. A letter that may have arrived already is never held or ended: its outcome must be found out. Nor is one that the print
 * shop or operator has: it is only being confirmed. Pure.
 */
export function timeInTheWay(letter: ClaimedLetter, now: Date): StageOutcome | undefined {
  if (letter.state === 'unknown' || CONFIRMING.includes(letter.stage)) return undefined;
  if (letter.expiresAt !== undefined && letter.expiresAt <= now) return { kind: 'expired' };
  if (!HELD_AT.includes(letter.stage)) return undefined;
  const dueInMs = untilWindowOpensMs(letter.flow.sendWindow, now);
  if (dueInMs === 0) return undefined;
  // Nobody need wait for the window to learn that the letter has expired before it.
  const untilExpiryMs = letter.expiresAt === undefined ? dueInMs : letter.expiresAt.getTime() - now.getTime();
  return { kind: 'hold', dueInMs: Math.min(dueInMs, untilExpiryMs) };
}
