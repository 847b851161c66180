import type { ClaimedLetter } from './letter.ts';
import { askDispatcher } from './stages/askDispatcher.ts';
import { composeDigital } from './stages/composeDigital.ts';
import { composeEInvoice } from './stages/composeEInvoice.ts';
import { composePaper } from './stages/composePaper.ts';
import { confirmDigital } from './stages/confirmDigital.ts';
import { confirmEInvoice } from './stages/confirmEInvoice.ts';
import { confirmMessage } from './stages/confirmMessage.ts';
import { confirmPaper } from './stages/confirmPaper.ts';
import { deliverDigital } from './stages/deliverDigital.ts';
import { deliverDispatcher } from './stages/deliverDispatcher.ts';
import { deliverEInvoice } from './stages/deliverEInvoice.ts';
import { deliverMessage } from './stages/deliverMessage.ts';
import { deliverNotice } from './stages/deliverNotice.ts';
import { deliverPaper } from './stages/deliverPaper.ts';
import { followUpDigital } from './stages/followUpDigital.ts';
import { resolve } from './stages/resolve.ts';
import { sealLetters, signLetters } from './stages/seal.ts';
import type { StageWork } from './stages/stage.ts';
import type { Channel, StageName } from './states.ts';
import type { CaseReason } from './switch.ts';

const HOUR_MS = 3_600_000;
/** More than any wait for a report may be set to. */
const REPORT_DAYS_MAX = 14;

/**
 * The pipeline: stages as rows in the order of the mail, channels as columns (design 3). Nothing else in hub knows the order.
 * An empty cell is passed over. Every cell says how often it is tried again and what the last retry becomes; that is always
 * another channel or a person, never silence.
 */
export const PIPELINE: readonly StageRow[] = [
  {
    stage: 'resolve',
    claimMax: 1000, // FaR answers at most 1000 ids a call (FACTS b.2), so a larger set gains nothing
    leaseMs: 60_000,
    cells: {
      // FaR down: the letter waits and is seen to wait; paper is never guessed (scenario 13).
      undecided: { work: resolve, retry: waiting(72 * HOUR_MS), lastRetry: manual('registerDownTooLong') },
    },
  },
  {
    stage: 'compose',
    claimMax: 200,
    leaseMs: 120_000,
    cells: {
      digital: { work: composeDigital, retry: quick(), lastRetry: manual('contentDoesNotFit') },
      dispatcher: { work: composeDigital, retry: quick(), lastRetry: manual('contentDoesNotFit') },
      eInvoice: { work: composeEInvoice, retry: quick(), lastRetry: manual('contentDoesNotFit') },
      paper: { work: composePaper, retry: quick(), lastRetry: manual('contentDoesNotFit') },
    },
  },
  {
    stage: 'seal',
    claimMax: 50, // each holds its sealed bytes until the set is written
    leaseMs: 60_000,
    cells: {
      digital: { work: sealLetters, retry: quick(), lastRetry: manual('sealFailed') },
      // Sealed by the one who dispatches; ours is the sender's signature only.
      dispatcher: { work: signLetters, retry: quick(), lastRetry: manual('sealFailed') },
    },
  },
  {
    stage: 'deliver',
    claimMax: 32, // a set is as slow as its slowest operator, so it stays small
    leaseMs: 120_000, // must outlast the answer time-out of the SOAP client, or two nodes would send the same letter
    cells: {
      digital: {
        work: deliverDigital,
        retry: waiting('digitalHours'),
        lastRetry: { notDelivered: { kind: 'reroute', failure: 'deadlinePassed' }, unknown: personMustAsk() },
      },
      notification: {
        work: deliverNotice,
        retry: waiting('digitalHours'),
        lastRetry: { notDelivered: { kind: 'reroute', failure: 'deadlinePassed' }, unknown: personMustAsk() },
      },
      dispatcher: {
        work: deliverDispatcher,
        retry: waiting('digitalHours'),
        lastRetry: { notDelivered: { kind: 'reroute', failure: 'deadlinePassed' }, unknown: personMustAsk() },
      },
      sms: messageCell(deliverMessage('sms')),
      email: messageCell(deliverMessage('email')),
      eInvoice: {
        work: deliverEInvoice,
        retry: waiting('digitalHours'),
        lastRetry: {
          notDelivered: { kind: 'reroute', failure: 'eInvoiceDeadlinePassed' },
          unknown: { kind: 'manual', reason: 'eInvoiceUnknownTooLong' },
        },
      },
      // Only orders the print; the batch is handed over on its own, with retries of its own (printShop/printShopWorker.ts).
      paper: { work: deliverPaper, retry: quick(), lastRetry: manual('handOverFailed') },
    },
  },
  {
    stage: 'confirm',
    claimMax: 500,
    leaseMs: 120_000, // must outlast a set of questions to an external dispatcher (askDispatcher.ts)
    cells: {
      digital: { work: confirmDigital, retry: quick(), lastRetry: manual('confirmFailed') },
      notification: { work: confirmDigital, retry: quick(), lastRetry: manual('confirmFailed') },
      // Handed over is not delivered: it is asked until it has an answer, and a person asks when that takes too long.
      dispatcher: { work: askDispatcher, retry: waiting('pendingHours'), lastRetry: manual('pendingTooLong') },
      // The work itself ends the wait for a report: see confirmMessage.
      sms: {
        work: confirmMessage('sms'),
        retry: waiting(REPORT_DAYS_MAX * 24 * HOUR_MS),
        lastRetry: manual('confirmFailed'),
      },
      email: {
        work: confirmMessage('email'),
        retry: waiting(REPORT_DAYS_MAX * 24 * HOUR_MS),
        lastRetry: manual('confirmFailed'),
      },
      // Between our access point and the receiver lies another, and the receiver's own system.
      eInvoice: { work: confirmEInvoice, retry: waiting(72 * HOUR_MS), lastRetry: manual('eInvoiceUnconfirmed') },
      paper: { work: confirmPaper, retry: quick(), lastRetry: manual('confirmFailed') },
    },
  },
  {
    stage: 'followUp',
    claimMax: 500, // one question to an operator takes a thousand
    leaseMs: 60_000,
    isConfirmed: true,
    restMs: 5_000,
    cells: {
      digital: {
        work: followUpDigital,
        startsInMs: untilUnreadMs,
        // Nobody waits for the answer within minutes, and a hundred thousand letters ask together.
        retry: { firstDelayMs: 60_000, delayMsMax: 6 * HOUR_MS, giveUpAfterMs: 72 * HOUR_MS },
        lastRetry: {
          notDelivered: { kind: 'manualIfWanted', reason: 'readStatusUnknown' },
          unknown: { kind: 'manualIfWanted', reason: 'readStatusUnknown' },
        },
      },
    },
  },
];

export interface StageRow {
  readonly stage: StageName;
  /** Letters in one claimed set at the most. */
  readonly claimMax: number;
  /** A dead node's letters fall due again after this long. */
  readonly leaseMs: number;
  /** Letters here are confirmed already, and keep the state of it. */
  readonly isConfirmed?: true;
  /** How long a worker rests that finds nothing due; undefined: as briefly as somebody who waits wants it. */
  readonly restMs?: number;
  readonly cells: { readonly [C in Channel | 'undecided']?: Cell };
}

export interface Cell {
  readonly work: StageWork;
  /** How long after the stage before it; undefined for a letter that passes it over. Without it: at once. */
  readonly startsInMs?: (letter: ClaimedLetter) => number | undefined;
  readonly retry: RetryPolicy;
  readonly lastRetry: { readonly notDelivered: LastRetry; readonly unknown: LastRetry };
}

export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly delayMsMax: number;
  /** Counted from when the letter's time at the stage began; 'digitalHours' takes the flow's limit, 'pendingHours' the external dispatcher's. */
  readonly giveUpAfterMs: number | 'digitalHours' | 'pendingHours';
}

export type LastRetry =
  | { readonly kind: 'reroute'; readonly failure: 'deadlinePassed' | 'eInvoiceDeadlinePassed' }
  /** A notice goes on by the flow's next channel. */
  | { readonly kind: 'nextChannel'; readonly why: 'deadlinePassed' }
  | { readonly kind: 'manual'; readonly reason: CaseReason }
  /** A person where the flow wants one; else the letter, which is confirmed, stays as it is. */
  | { readonly kind: 'manualIfWanted'; readonly reason: CaseReason };

export function rowOf(stage: StageName): StageRow {
  const row = PIPELINE.find((candidate) => candidate.stage === stage);
  if (row === undefined) throw new Error(`no pipeline row for stage ${stage}`);
  return row;
}

export function cellOf(row: StageRow, channel: Channel | undefined): Cell | undefined {
  return row.cells[channel ?? 'undecided'];
}

/** The next stage with work for the channel, or undefined when the channel has confirmed the letter. */
export function stageAfter(stage: StageName, channel: Channel): StageName | undefined {
  const later = PIPELINE.slice(PIPELINE.findIndex((row) => row.stage === stage) + 1);
  return later.find((row) => row.cells[channel] !== undefined)?.stage;
}

/** From the delivery to the flow's deadline for opening the letter; once printed for that, nobody asks again. */
function untilUnreadMs({ flow, digitalFailure }: ClaimedLetter): number | undefined {
  if (flow.unreadDays === undefined || flow.unreadAction === 'nothing' || digitalFailure === 'unread') return undefined;
  return flow.unreadDays * 24 * HOUR_MS;
}

/** Doubles from the first delay to the cap. No jitter: letters are claimed in sets, so they spread by set size anyway. */
export function retryDelayMs(policy: RetryPolicy, attempts: number): number {
  const doublings = Math.min(Math.max(attempts - 1, 0), 30);
  return Math.min(policy.firstDelayMs * 2 ** doublings, policy.delayMsMax);
}

/** For causes outside our walls: they may last, so the delays grow to ten minutes. */
function waiting(giveUpAfterMs: RetryPolicy['giveUpAfterMs']): RetryPolicy {
  return { firstDelayMs: 1_000, delayMsMax: 600_000, giveUpAfterMs };
}

/** For causes inside: either a retry helps soon or a person must look. */
function quick(): RetryPolicy {
  return { firstDelayMs: 500, delayMsMax: 30_000, giveUpAfterMs: 300_000 };
}

function manual(reason: CaseReason): Cell['lastRetry'] {
  return { notDelivered: { kind: 'manual', reason }, unknown: { kind: 'manual', reason } };
}

function messageCell(work: StageWork): Cell {
  const lastRetry = {
    notDelivered: { kind: 'nextChannel', why: 'deadlinePassed' },
    unknown: { kind: 'manual', reason: 'noticeUnknown' },
  } as const;
  return { work, retry: waiting('digitalHours'), lastRetry };
}

function personMustAsk(): LastRetry {
  return { kind: 'manual', reason: 'outcomeUnknownTooLong' };
}
