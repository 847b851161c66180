/**
 * No silent end: everything that was handed in is final, waits with a time at which somebody takes it, or lies in a person's queue with
 * owner, reason and deadline. Each kind here is a way in which that would be broken. None should ever be found; the check
 * (noSilentEnd.ts) is there because a promise that nobody looks after is none.
 *
 * letterNotTaken     due, and no stage has taken it for longer than its lane may wait: the pipeline stands, or claims nobody releases.
 * letterDueTooLate   waits for a time so far away that no rule of ours gave it.
 * letterNowhere      at a stage that has no work for its channel: it would be taken and put back for ever.
 * letterTooLong      tried again for longer than any stage does before it gives up.
 * letterNoCase       said to be with a person, in whose queue nothing of it lies.
 * caseAstray         an open case of a letter that goes its own way meanwhile, or that has no owner, reason or next action.
 * caseForgotten      a case whose deadline passed two weeks ago.
 * letterUnproven     delivered or printed in the last day without a receipt that says so.
 * handInForgotten    a hand-in that a person should have sorted out two weeks ago.
 * formNotTaken       a form that is due, and no worker takes it.
 * formForgotten      a form that did not arrive, with a person since two weeks.
 * printJobStuck      a printer's job that is neither read nor closed.
 * printOrderNotTaken a letter whose print shop's cut-off has passed, and that no batch has taken along.
 * printBatchNotTaken a batch that is due to be handed over, and nobody tries.
 * printBatchUnwatched handed over, past the time at which its shop should have told something, and nobody has been asked to look.
 * printCaseForgotten a case about a print shop whose deadline passed two weeks ago.
 * filesStuck         handed-in files whose node died, and no other has gone on.
 * noticeNotTaken     an SMS or e-mail that is due, and no worker takes it; or one that is tried past its deadline.
 * mailingForgotten   neither released nor cancelled by itself, though nobody has touched it for so long; or unanswered by an approver.
 */
export const SILENT_ENDS = [
  'letterNotTaken',
  'letterDueTooLate',
  'letterNowhere',
  'letterTooLong',
  'letterNoCase',
  'caseAstray',
  'caseForgotten',
  'letterUnproven',
  'handInForgotten',
  'formNotTaken',
  'formForgotten',
  'printJobStuck',
  'printOrderNotTaken',
  'printBatchNotTaken',
  'printBatchUnwatched',
  'printCaseForgotten',
  'filesStuck',
  'noticeNotTaken',
  'mailingForgotten',
] as const;
export type SilentEndKind = (typeof SILENT_ENDS)[number];

export interface SilentEnd {
  readonly kind: SilentEndKind;
  readonly count: number;
  /** ISO 8601; since when the oldest has stood so. */
  readonly since: string;
  /** Ids of the oldest. */
  readonly examples: readonly string[];
}
