import { holderOf, POLL_DEFAULTS } from './externalDispatcher.ts';
import {
  type ChannelFailure,
  type ClaimedLetter,
  type DigitalFailure,
  type EInvoiceFailure,
  isEInvoiceFailure,
  type NoticeFailure,
  type NoticeFailureReason,
} from './letter.ts';
import { type Cell, cellOf, type LastRetry, type RetryPolicy, retryDelayMs, rowOf, stageAfter } from './pipeline.ts';
import type { StageOutcome } from './stages/stage.ts';
import { type Channel, CONFIRMED_STATE, type LetterState, type StageName } from './states.ts';
import type { CaseReason } from './switch.ts';

/** Where a letter goes next; written back by the runner. */
export interface NextStep {
  readonly state: LetterState;
  readonly stage: StageName | undefined;
  readonly channel: Channel | undefined;
  readonly dueInMs: number;
  /** True when the letter changes stage, so that attempts and the give-up clock start anew. */
  readonly fresh: boolean;
  readonly digitalFailure: DigitalFailure | undefined;
  /** Set when the letter's way as e-invoice has ended. */
  readonly eInvoiceFailure?: EInvoiceFailure;
  /** The notice's channel that has ended. */
  readonly noticeFailure?: NoticeFailure;
  readonly openCase?: { readonly reason: CaseReason; readonly detail: Readonly<Record<string, unknown>> };
}

/** What an outcome means for a letter: pure, so that every row of the table can be tested without a database. */
export function transition(letter: ClaimedLetter, outcome: StageOutcome, now: Date): NextStep {
  switch (outcome.kind) {
    case 'done':
      return forward(letter, outcome.channel ?? letter.channel, outcome.restsAs);
    case 'reroute':
      return backToSwitch(letter, outcome.failure);
    case 'nextChannel':
      return toNextChannel(letter, outcome.why);
    case 'manual':
      return toPerson(letter, outcome.reason, outcome.detail ?? {});
    case 'expired':
      return ended(letter, 'expired');
    case 'unnotified':
      return ended(letter, 'unnotified');
    case 'hold':
      return held(letter, outcome.dueInMs);
    case 'retry':
      return again(letter, outcome, now);
  }
}

function forward(letter: ClaimedLetter, channel: Channel | undefined, restsAs?: LetterState): NextStep {
  if (channel === undefined) throw new Error('a letter left the switch without a channel');
  const stage = stageAfter(letter.stage, channel);
  if (stage === undefined) return atRest(letter, channel, restsAs);
  const row = rowOf(stage);
  const { startsInMs } = cellOf(row, channel) ?? {};
  const dueInMs = startsInMs === undefined ? 0 : startsInMs(letter);
  if (dueInMs === undefined) return atRest(letter, channel, restsAs);
  const state = row.isConfirmed ? CONFIRMED_STATE[channel] : 'waiting';
  return { state, stage, channel, dueInMs, fresh: true, digitalFailure: letter.digitalFailure };
}

function atRest({ digitalFailure }: ClaimedLetter, channel: Channel, restsAs?: LetterState): NextStep {
  return {
    state: restsAs ?? CONFIRMED_STATE[channel],
    stage: undefined,
    channel,
    dueInMs: 0,
    fresh: true,
    digitalFailure,
  };
}

/** Only resolve decides channels, so a letter whose channel ended goes back there with the reason. */
function backToSwitch({ digitalFailure }: ClaimedLetter, failure: ChannelFailure): NextStep {
  const anew = { state: 'waiting', stage: 'resolve', channel: undefined, dueInMs: 0, fresh: true } as const;
  // That it could not go as e-invoice says nothing of the mailbox, which is tried next.
  if (isEInvoiceFailure(failure)) return { ...anew, digitalFailure, eInvoiceFailure: failure };
  return { ...anew, digitalFailure: failure };
}

/** Back to the switch, which does not choose this channel again. */
function toNextChannel({ channel, digitalFailure }: ClaimedLetter, why: NoticeFailureReason): NextStep {
  if (channel !== 'sms' && channel !== 'email') throw new Error('only a notice by SMS or e-mail has a next channel');
  return {
    ...{ state: 'waiting', stage: 'resolve', channel: undefined, dueInMs: 0, fresh: true, digitalFailure },
    noticeFailure: { channel, why },
  };
}

function toPerson(letter: ClaimedLetter, reason: CaseReason, detail: Readonly<Record<string, unknown>>): NextStep {
  const { channel, digitalFailure } = letter;
  return {
    state: 'case',
    stage: undefined,
    channel,
    dueInMs: 0,
    fresh: true,
    digitalFailure,
    openCase: { reason, detail },
  };
}

function ended(letter: ClaimedLetter, state: 'expired' | 'unnotified'): NextStep {
  const { channel, digitalFailure } = letter;
  // It lies in the mailbox since long; only its print comes too late.
  if (digitalFailure === 'unread') return atRest(letter, 'digital');
  return { state, stage: undefined, channel, dueInMs: 0, fresh: true, digitalFailure };
}

function held({ stage, channel, digitalFailure }: ClaimedLetter, dueInMs: number): NextStep {
  return { state: 'waiting', stage, channel, dueInMs, fresh: true, digitalFailure };
}

function again(letter: ClaimedLetter, { reason, certainty, dueInMs }: Retry, now: Date): NextStep {
  const cell = requireCell(letter);
  // Once unknown, always unknown, until the operator itself answers: a later refused connection says nothing about the first try.
  const standing = letter.state === 'unknown' ? 'unknown' : certainty;
  const waitedMs = now.getTime() - letter.stageEnteredAt.getTime() - (cell.startsInMs?.(letter) ?? 0);
  if (waitedMs >= giveUpAfterMs(cell.retry, letter)) return lastRetry(letter, cell.lastRetry[standing], reason);
  return {
    state: rowOf(letter.stage).isConfirmed ? letter.state : standing === 'unknown' ? 'unknown' : 'waiting',
    stage: letter.stage,
    channel: letter.channel,
    dueInMs: dueInMs ?? retryDelayMs(cell.retry, letter.attempts),
    fresh: false,
    digitalFailure: letter.digitalFailure,
  };
}

type Retry = Extract<StageOutcome, { kind: 'retry' }>;

function lastRetry(letter: ClaimedLetter, last: LastRetry, reason: string): NextStep {
  if (last.kind === 'nextChannel') return toNextChannel(letter, last.why);
  if (last.kind === 'reroute') return backToSwitch(letter, last.failure);
  if (last.kind === 'manualIfWanted' && letter.flow.unreadUntold === 'nothing') {
    return atRest(letter, letter.channel ?? 'digital');
  }
  return toPerson(letter, last.reason, { lastReason: reason, attempts: letter.attempts });
}

function giveUpAfterMs(policy: RetryPolicy, letter: ClaimedLetter): number {
  if (policy.giveUpAfterMs === 'digitalHours') return letter.flow.digitalHours * HOUR_MS;
  return policy.giveUpAfterMs === 'pendingHours' ? pendingHours(letter) * HOUR_MS : policy.giveUpAfterMs;
}

const HOUR_MS = 3_600_000;

function pendingHours({ organisation, supplier }: ClaimedLetter): number {
  return (supplier === undefined ? POLL_DEFAULTS : holderOf(organisation, supplier)).pendingHours;
}

function requireCell(letter: ClaimedLetter): Cell {
  const cell = cellOf(rowOf(letter.stage), letter.channel);
  if (cell === undefined)
    throw new Error(`no work for stage ${letter.stage} on channel ${letter.channel ?? 'undecided'}`);
  return cell;
}
