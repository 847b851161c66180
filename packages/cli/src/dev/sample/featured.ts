import type { SampleRecipient } from './recipients.ts';

/** One recipient per situation, for the start page, for login and for those who try things out. */
export interface FeaturedRecipients {
  /** Takes digital mail at the first operator; address known. */
  readonly digital: SampleRecipient;
  /** Takes digital mail at the second operator; address known. */
  readonly otherOperator: SampleRecipient;
  /** No mailbox, address known. */
  readonly paper: SampleRecipient;
  /** No mailbox, no address: a person must act. */
  readonly case: SampleRecipient;
  /** Has a mailbox but takes no mail from the municipality there; address known. */
  readonly optedOut: SampleRecipient;
  /** Not all have signed for the mailbox; address known. */
  readonly pending: SampleRecipient;
  /** A company with a mailbox. */
  readonly company: SampleRecipient;
}

/** Picks the first of the sample that fits each situation. Throws when the sample is too small to have them all. */
export function featuredRecipients(recipients: readonly SampleRecipient[]): FeaturedRecipients {
  const first = (what: string, fits: (recipient: SampleRecipient) => boolean) => {
    const found = recipients.find(fits);
    if (found === undefined) throw new RangeError(`the sample has no recipient for "${what}"`);
    return found;
  };
  return {
    digital: first('digital', (one) => isAdult(one) && receives(one, 'brevladan') && one.address !== undefined),
    otherOperator: first(
      'otherOperator',
      (one) => isAdult(one) && receives(one, 'posthornan') && one.address !== undefined,
    ),
    paper: first('paper', (one) => isAdult(one) && one.mailbox === undefined && one.address !== undefined),
    case: first('case', (one) => isAdult(one) && one.mailbox === undefined && one.address === undefined),
    optedOut: first('optedOut', (one) => one.mailbox?.optedOut === true && one.address !== undefined),
    pending: first('pending', (one) => one.mailbox?.pending === true && one.address !== undefined),
    company: first('company', (one) => one.kind === 'organization' && receives(one, 'brevladan')),
  };
}

function receives({ mailbox }: SampleRecipient, operator: string): boolean {
  return mailbox !== undefined && mailbox.operator === operator && !mailbox.pending && !mailbox.optedOut;
}

/** Plain cases for the front row: born in the twentieth century and not on one of the awkward days. */
function isAdult({ id, kind, address }: SampleRecipient): boolean {
  return kind === 'person' && id >= '1940' && id < '1996' && address?.careOf === undefined;
}
