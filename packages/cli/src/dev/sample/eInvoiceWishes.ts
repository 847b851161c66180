import { recipientKind } from '@brevduva/protocol';
import type { FeaturedRecipients } from './featured.ts';
import type { SampleRecipient } from './recipients.ts';

/** Whoever wants e-invoices, by recipient id: where they go, and the name that the bank knows. */
export type EInvoiceWishes = ReadonlyMap<string, { readonly endpoint: string; readonly name: string }>;

/** The development bank's own electronic address: a GLN with a right check digit, of nobody. */
const BANK_ENDPOINT = '0088:7300009900009';
const PERSONS = 25;
/** Before the ten digits of an organisation number. */
const CENTURY_DIGITS = 2;

/**
 * The featured company, and some persons: the first without a mailbox, so that one sees a letter that would have gone on paper go to the bank. The
 * featured persons are not among them: their letters show the other ways.
 */
export function sampleEInvoiceWishes(
  recipients: readonly SampleRecipient[],
  featured: FeaturedRecipients,
): EInvoiceWishes {
  const shown = new Set(Object.values(featured).map(({ id }) => id));
  const persons = recipients.filter(
    ({ id, kind, mailbox, address }) => kind !== 'organization' && !mailbox && address && !shown.has(id),
  );
  return new Map(
    [featured.company, ...persons.slice(0, PERSONS)].map(({ id, name }) => {
      const own = recipientKind(id) === 'organization' ? `0007:${id.slice(CENTURY_DIGITS)}` : BANK_ENDPOINT;
      return [id, { endpoint: own, name }] as const;
    }),
  );
}
