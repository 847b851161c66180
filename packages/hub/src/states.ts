/**
 * A letter's states, and what they have in common. docs/lifecycle.md tells the same story with a picture.
 *
 * waiting    A stage will take the letter when it falls due. Claimed letters are waiting too: the claim only moves the due time
 *            past the lease, so that the letters of a node that died fall due again by themselves.
 * unknown    A delivery left, or may have left, and no answer came. The same bytes go again with the same ids. Only an
 *            authoritative "not delivered", or a person, may choose another channel from here.
 * case       The letter lies in a person's queue, with an owner, a reason, a next action and a deadline (table manual_case).
 * delivered  The mailbox operator's receipt is stored. Final; while its flow still waits to hear whether it was opened (stage followUp), it
 *            is kept, and may come to be printed as well.
 * printed    The print shop has told what it promises to tell: that it has the batch, or that the letter is posted; at the least its
 *            batch lies with the shop, whole. Final.
 * unnotified Nobody could tell the recipient what a notice says: no mailbox takes it, or its operator did not. Final.
 * cancelled  A person withdrew the letter; nothing was sent. Final.
 * expired    Its lifetime ended before it was sent; nothing is sent any more. Final.
 */
export const LETTER_STATES = [
  'waiting',
  'unknown',
  'case',
  'delivered',
  'printed',
  'unnotified',
  'cancelled',
  'expired',
] as const;
export type LetterState = (typeof LETTER_STATES)[number];

/** Stages after intake, in the order of the mail. Intake is not here: it is over when the letter's row exists. */
export const STAGES = ['resolve', 'compose', 'seal', 'deliver', 'confirm', 'followUp'] as const;
export type StageName = (typeof STAGES)[number];

/**
 * The ways out. `notification`: a notice by the operator's `notify`; unsigned, so never a letter. `sms`, `email`: a notice to the recipient's
 * telephone or e-mail address. `eInvoice`: to the customer's bank. `dispatcher`: by somebody else's dispatcher, who may also print.
 */
export const CHANNELS = ['digital', 'paper', 'notification', 'sms', 'email', 'eInvoice', 'dispatcher'] as const;
export type Channel = (typeof CHANNELS)[number];

interface StateGroup {
  /** A stage will take the letter: it has a stage and a due time. */
  readonly open: boolean;
  /** Nothing more happens by itself. */
  readonly final: boolean;
  /** A person must act. */
  readonly needsPerson: boolean;
  /** The unit pays for it. */
  readonly billable: boolean;
}

export const STATE_GROUPS: Readonly<Record<LetterState, StateGroup>> = {
  waiting: { open: true, final: false, needsPerson: false, billable: false },
  unknown: { open: true, final: false, needsPerson: false, billable: false },
  case: { open: false, final: false, needsPerson: true, billable: false },
  delivered: { open: false, final: true, needsPerson: false, billable: true },
  printed: { open: false, final: true, needsPerson: false, billable: true },
  unnotified: { open: false, final: true, needsPerson: false, billable: false },
  cancelled: { open: false, final: true, needsPerson: false, billable: false },
  expired: { open: false, final: true, needsPerson: false, billable: false },
};

/** The state in which a letter rests when its channel has confirmed it. */
export const CONFIRMED_STATE: Readonly<Record<Channel, LetterState>> = {
  digital: 'delivered',
  paper: 'printed',
  notification: 'delivered',
  sms: 'delivered',
  email: 'delivered',
  eInvoice: 'delivered',
  dispatcher: 'delivered',
};

/** Where a letter ends. */
export const FINAL_STATES = LETTER_STATES.filter((state) => STATE_GROUPS[state].final);
