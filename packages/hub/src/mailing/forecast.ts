import { appError, type Pool } from '@brevduva/base';
import { IS_REACHABLE_RECIPIENTS_MAX } from '@brevduva/protocol';
import type { ContentStore } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import { paperCost, sheetsOf } from '../prices.ts';
import {
  emptyReach,
  noticeCost,
  type Reach,
  type ReachOptions,
  type ReachRecipient,
  reachOfRecipients,
} from '../reach.ts';
import {
  type ForecastFacts,
  type ForecastRecipient,
  selectForecastFacts,
  selectForecastRecipients,
} from '../sql/mailingViews.ts';
import type { MailingKey } from './mailing.ts';

/** What would become of a mailing that nobody has released yet, if it went now. */
export interface MailingForecast {
  readonly recipients: number;
  readonly reach: Readonly<Record<Reach, number>>;
  /** In öre without VAT. */
  readonly cost: {
    readonly eInvoice: number;
    readonly digital: number;
    readonly paper: number;
    /** SMS and e-mail, each SMS as one part. */
    readonly notices: number;
    readonly total: number;
    /** Of those that go digitally or on paper: what a person has to look at costs no postage yet. */
    readonly ifAllOnPaper: number;
  };
}

export interface ForecastOptions extends ReachOptions {
  readonly pool: Pool;
  readonly content: Pick<ContentStore, 'openContact'>;
}

/** The text's own; how long it gets on paper is known when it is composed. */
const BODY_PAGES = 1;

/**
 * Asks FaR about all recipients of a mailing, in sets from the database, so that a hundred thousand take no more memory than a thousand.
 *
 * @throws AppError HUB_REGISTER_DOWN, HUB_EINVOICE_REGISTRY_DOWN, HUB_MAILING_NOT_FOUND
 */
export async function forecastMailing(key: MailingKey, options: ForecastOptions): Promise<MailingForecast> {
  const facts = await selectForecastFacts(options.pool, key);
  if (facts === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  const reach = emptyReach();
  const cost = { eInvoice: 0, digital: 0, paper: 0, ifAllOnPaper: 0 };
  let after: string | undefined;
  let recipients = 0;
  for (;;) {
    const found = await selectForecastRecipients(options.pool, key, after, IS_REACHABLE_RECIPIENTS_MAX);
    const rows = found.map((row) => ({ ...row, hasContact: contactsOf(row, key, options) }));
    const reached = await reachOfRecipients(rows, facts, options);
    for (const [n, row] of rows.entries()) addTo({ reach, cost }, row, reached[n] ?? 'case', facts);
    recipients += rows.length;
    if (rows.length < IS_REACHABLE_RECIPIENTS_MAX) break;
    after = rows.at(-1)?.id;
  }
  const notices = noticeCost(reach, facts.prices);
  return { recipients, reach, cost: { ...cost, notices, total: cost.eInvoice + cost.digital + cost.paper + notices } };
}

function contactsOf(
  { id, sealedContact }: ForecastRecipient,
  { organisationId }: MailingKey,
  { content }: ForecastOptions,
): NonNullable<ReachRecipient['hasContact']> {
  const { phone, email } = content.openContact({ organisationId, id }, sealedContact);
  return { sms: phone !== undefined, email: email !== undefined };
}

/** What is no letter: it costs no postage, or a person has to look at it first. */
const NO_LETTERS: readonly Reach[] = ['case', 'notification', 'sms', 'email', 'unnotified'];

function addTo(
  {
    reach,
    cost,
  }: {
    reach: Record<Reach, number>;
    cost: { eInvoice: number; digital: number; paper: number; ifAllOnPaper: number };
  },
  { attachmentPages }: ForecastRecipient,
  to: Reach,
  { prices, ...flow }: ForecastFacts,
): void {
  reach[to] += 1;
  if (NO_LETTERS.includes(to)) return;
  const onPaper = paperCost(prices, flow, sheetsOf(BODY_PAGES + attachmentPages));
  cost.ifAllOnPaper += onPaper;
  if (to === 'eInvoice' || to === 'digital') cost[to] += prices[to];
  else cost.paper += onPaper;
}
