import { appError, type Fault, type Pool } from '@brevduva/base';
import { HUB_ERRORS } from './errors.ts';
import { dispatcherOf } from './externalDispatcher.ts';
import { fault } from './intake/draft.ts';
import type { ChannelPolicy, FlowFacts, OrganisationFacts } from './letter.ts';
import { judgeRecipients, NO_ENVELOPE, RECIPIENTS_AT_ONCE_MAX } from './mailing/recipients.ts';
import type { BusinessSystem } from './organisation/businessSystem.ts';
import { type Prices, paperCost, sheetsOf } from './prices.ts';
import { emptyReach, noticeCost, type Reach, type ReachOptions, reachOfRecipients } from './reach.ts';
import { selectIntakeFacts } from './sql/intakeFacts.ts';

export interface PrecheckRequest {
  readonly flow: string;
  readonly recipients: readonly unknown[];
  /** In place of the flow's own. */
  readonly channelPolicy?: ChannelPolicy;
  /** Of each letter on paper; 1 unless given. */
  readonly pages?: number;
}

export interface PrecheckAnswer {
  readonly recipients: number;
  /** Sound and different recipients, by where their letter would go. */
  readonly reach: Readonly<Record<Reach, number>>;
  readonly refused: number;
  readonly faults: readonly Fault[];
  /** In öre without VAT. */
  readonly cost: {
    readonly eInvoice: number;
    readonly digital: number;
    readonly paper: number;
    /** SMS and e-mail, each SMS as one part. */
    readonly notices: number;
    readonly total: number;
    readonly ifAllOnPaper: number;
  };
  /** Where each recipient's letter would go, in the order asked; null for those refused. */
  readonly results: readonly (Reach | null)[];
}

export interface PrecheckOptions extends ReachOptions {
  readonly pool: Pool;
}

/** One page is what is known of a letter that nobody has written yet. */
const PAGES_DEFAULT = 1;
const FAULTS_TOLD_MAX = 1_000;

/**
 * What would become of a list: asked of FaR and judged by the switch as if it were sent now, with nothing sent, and nothing of it kept:
 * neither numbers nor answers. The answer holds for this moment only.
 *
 * @throws AppError HUB_FLOW_UNKNOWN, HUB_FLOW_NOT_ALLOWED, HUB_MAILING_TOO_MANY, HUB_REGISTER_DOWN,
 * HUB_EINVOICE_REGISTRY_DOWN
 */
export async function precheck(
  request: PrecheckRequest,
  system: BusinessSystem,
  options: PrecheckOptions,
): Promise<PrecheckAnswer> {
  const { recipients } = request;
  if (recipients.length > RECIPIENTS_AT_ONCE_MAX) throw appError(HUB_ERRORS, 'HUB_MAILING_TOO_MANY');
  const { organisation, flow } = await requireFlow(request.flow, system, options.pool);
  const policy = request.channelPolicy ?? flow.channelPolicy;
  const judged = judgeRecipients(recipients, {
    envelope: NO_ENVELOPE,
    text: undefined,
    channelPolicy: 'digitalFirst',
  });
  const known = judged.rows.map(({ recipient, protectedIdentity, address, reference, contact }) => ({
    recipient,
    reference,
    protectedIdentity,
    hasAddress: address !== undefined,
    hasContact: { sms: contact?.phone !== undefined, email: contact?.email !== undefined },
  }));
  const { organizationNumber } = organisation;
  const dispatcher = dispatcherOf({ organisation, flow });
  const reached = await reachOfRecipients(known, { organizationNumber, policy, flow, dispatcher }, options);
  const results: (Reach | null)[] = new Array(recipients.length).fill(null);
  for (const [n, { index }] of judged.rows.entries()) results[index] = reached[n] ?? null;
  const reach = countReach(results);
  return {
    recipients: recipients.length,
    reach,
    refused: recipients.length - judged.rows.length,
    faults: judged.faults.slice(0, FAULTS_TOLD_MAX),
    cost: forecast(reach, { flow, prices: organisation.prices, pages: request.pages ?? PAGES_DEFAULT }),
    results,
  };
}

async function requireFlow(
  code: string,
  system: BusinessSystem,
  pool: Pool,
): Promise<{ organisation: OrganisationFacts; flow: FlowFacts }> {
  const { organisation, flow } = await selectIntakeFacts(pool, system, code.replaceAll('\0', '\ufffd'));
  if (flow === undefined) throw refused('HUB_FLOW_UNKNOWN');
  if (!flow.isAllowed) throw refused('HUB_FLOW_NOT_ALLOWED');
  return { organisation, flow: flow.facts };
}

function refused(code: 'HUB_FLOW_UNKNOWN' | 'HUB_FLOW_NOT_ALLOWED'): Error {
  return appError(HUB_ERRORS, code, { faults: [fault(code, 'flow')] });
}

function countReach(results: readonly (Reach | null)[]): Record<Reach, number> {
  const reach = emptyReach();
  for (const result of results) if (result !== null) reach[result] += 1;
  return reach;
}

/** A letter whose address is still to be fetched will most likely go on paper, and is counted so. */
function forecast(
  reach: Readonly<Record<Reach, number>>,
  { flow, prices, pages }: { flow: FlowFacts; prices: Prices; pages: number },
): PrecheckAnswer['cost'] {
  const each = paperCost(prices, flow, sheetsOf(pages));
  const eInvoice = reach.eInvoice * prices.eInvoice;
  const digital = reach.digital * prices.digital;
  const paper = (reach.paper + reach.address) * each;
  const letters = reach.eInvoice + reach.digital + reach.paper + reach.address;
  const notices = noticeCost(reach, prices);
  const total = eInvoice + digital + paper + notices;
  return { eInvoice, digital, paper, notices, total, ifAllOnPaper: letters * each };
}
