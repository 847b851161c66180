import { appError } from '@brevduva/base';
import {
  ENVELOPE_BYTES_MAX,
  IS_REACHABLE_RECIPIENTS_MAX,
  type OrganizationNumber,
  type ReachabilityStatus,
  SoapCallError,
  type SoapClient,
} from '@brevduva/protocol';
import type { EInvoiceFacts } from './eInvoice/eInvoiceFacts.ts';
import { EINVOICE_QUESTIONS_MAX, type EInvoiceRegistry } from './eInvoice/eInvoiceRegistry.ts';
import { HUB_ERRORS } from './errors.ts';
import type { ExternalDispatcher } from './externalDispatcher.ts';
import type { ChannelPolicy, FlowFacts } from './letter.ts';
import { noticeOf } from './notices/noticeSettings.ts';
import type { Prices } from './prices.ts';
import {
  decideChannel,
  isReachable,
  type NoticeFacts,
  needsAddress,
  needsEInvoiceRegistry,
  needsReachability,
  type SwitchFacts,
} from './switch.ts';

/**
 * Where a letter would go today. `address`: on paper, once its postal address has been fetched. `notification`, `sms`, `email`, `unnotified`: a
 * notice, by the mailbox's operator, to a telephone, by e-mail, or to nobody.
 */
export const REACHES = [
  'eInvoice',
  'digital',
  'paper',
  'address',
  'case',
  'notification',
  'sms',
  'email',
  'unnotified',
] as const;
export type Reach = (typeof REACHES)[number];

export function emptyReach(): Record<Reach, number> {
  return { eInvoice: 0, digital: 0, paper: 0, address: 0, case: 0, notification: 0, sms: 0, email: 0, unnotified: 0 };
}

/** What is told by notice instead of a letter costs, in öre: each SMS is counted as one part. */
export function noticeCost(reach: Readonly<Record<Reach, number>>, { smsPart, email }: Prices): number {
  return reach.sms * smsPart + reach.email * email;
}

/** A recipient whose number has been judged. */
export interface ReachRecipient {
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly hasAddress: boolean;
  /** Of the letter on its way, where it is known already. */
  readonly envelopeBytes?: number;
  readonly reference?: string | undefined;
  /** Which of the recipient's contacts are known. */
  readonly hasContact?: NoticeFacts['known'];
  /** Whether the letter asks for a payment; taken for true where nobody has written it yet. */
  readonly isInvoice?: boolean;
}

/** Who would send, and by which rules. */
export interface ReachSender {
  readonly organizationNumber: OrganizationNumber;
  readonly policy: ChannelPolicy;
  readonly flow: Pick<FlowFacts, 'code' | 'eInvoice' | 'notification' | 'notice'>;
  readonly dispatcher: ExternalDispatcher | undefined;
}

export interface ReachOptions {
  readonly soap: SoapClient;
  readonly farUrl: string;
  readonly hasAddressSource: boolean;
  /** Which gateways of SMS and e-mail there are. */
  readonly connected: NoticeFacts['connected'];
  /** Undefined where no e-invoices are sent. */
  readonly eInvoiceRegistry: EInvoiceRegistry | undefined;
}

/**
 * Where each letter would go if it were sent now: asked of FaR, a thousand at a time, and judged by the switch. Nothing is sent and
 * nothing kept; the answer holds for this moment only.
 *
 * @throws AppError HUB_REGISTER_DOWN, HUB_EINVOICE_REGISTRY_DOWN
 */
export async function reachOfRecipients(
  recipients: readonly ReachRecipient[],
  sender: ReachSender,
  options: ReachOptions,
): Promise<Reach[]> {
  const before = recipients.map((recipient) => factsOf(recipient, sender, options));
  const facts = await askEInvoice(before, recipients, sender, options);
  const answers = await askRegister(facts.filter(needsReachability), sender.organizationNumber, options);
  return facts.map((known) => reachOf({ ...known, reachability: answers.get(known.recipient) }, options));
}

function factsOf(
  row: ReachRecipient,
  { policy, flow, dispatcher }: ReachSender,
  { eInvoiceRegistry, connected }: ReachOptions,
): SwitchFacts {
  const { channels, failure } = noticeOf(flow);
  return {
    // Judged before it came here.
    recipient: row.recipient as SwitchFacts['recipient'],
    protectedIdentity: row.protectedIdentity,
    policy,
    paperOrdered: false,
    isNotice: flow.notification === 'noticeOnly',
    notice: {
      ...{ channels, connected, failureIsCase: failure === 'case', failures: [], isPlainText: true },
      known: row.hasContact ?? { sms: false, email: false },
    },
    addressKnown: row.hasAddress,
    // What will be left to it is asked here all the same: a forecast is to say how many go digitally.
    dispatcher: dispatcher && { ...dispatcher, asksRegister: 'us' },
    addressSource: undefined,
    reachability: undefined,
    digitalFailure: (row.envelopeBytes ?? 0) > ENVELOPE_BYTES_MAX ? 'contentTooLarge' : undefined,
    lookups: 0,
    eInvoice: {
      kind: flow.eInvoice && row.isInvoice !== false && eInvoiceRegistry !== undefined ? 'notAsked' : 'notInvoice',
    },
  };
}

/** A flow of e-invoices is counted as if each letter were an invoice with all its facts; whether it is, is known when it is handed in. */
async function askEInvoice(
  facts: readonly SwitchFacts[],
  recipients: readonly ReachRecipient[],
  { organizationNumber, flow }: ReachSender,
  { eInvoiceRegistry }: ReachOptions,
): Promise<SwitchFacts[]> {
  const known = [...facts];
  const asking = [...facts.entries()].filter(([, each]) => needsEInvoiceRegistry(each));
  if (eInvoiceRegistry === undefined) return known;
  for (let start = 0; start < asking.length; start += EINVOICE_QUESTIONS_MAX) {
    const bunch = asking.slice(start, start + EINVOICE_QUESTIONS_MAX);
    const questions = bunch.map(([n, { recipient }]) => ({
      recipient,
      reference: recipients[n]?.reference,
      ocr: undefined,
    }));
    const answer = await eInvoiceRegistry.find({ organizationNumber, flow: flow.code }, questions);
    if (answer.kind === 'unavailable') {
      throw appError(HUB_ERRORS, 'HUB_EINVOICE_REGISTRY_DOWN', { detail: answer.reason });
    }
    for (const [at, [n, each]] of bunch.entries()) {
      const eInvoice: EInvoiceFacts = answer.wishes[at] ?? { kind: 'notWanted' };
      known[n] = { ...each, eInvoice };
    }
  }
  return known;
}

async function askRegister(
  facts: readonly SwitchFacts[],
  organizationNumber: string,
  { soap, farUrl }: ReachOptions,
): Promise<Map<string, ReachabilityStatus>> {
  const ids = [...new Set(facts.map(({ recipient }) => recipient))];
  const answers = new Map<string, ReachabilityStatus>();
  try {
    for (let start = 0; start < ids.length; start += IS_REACHABLE_RECIPIENTS_MAX) {
      const recipientId = ids.slice(start, start + IS_REACHABLE_RECIPIENTS_MAX);
      const answer = await soap.isReachable(farUrl, { senderOrgNr: organizationNumber, recipientId });
      for (const status of answer.return) answers.set(status.AccountStatus.RecipientId, status);
    }
  } catch (error) {
    if (!(error instanceof SoapCallError)) throw error;
    throw appError(HUB_ERRORS, 'HUB_REGISTER_DOWN', { cause: error });
  }
  return answers;
}

function reachOf(facts: SwitchFacts, { hasAddressSource }: ReachOptions): Reach {
  const decision = decideChannel(facts);
  const { kind } = decision.ruling;
  if (kind !== 'dispatcher' && kind !== 'case') return kind;
  if (kind === 'dispatcher') return isReachable(facts.reachability) ? 'digital' : 'paper';
  // Nobody's address is fetched only to count.
  return hasAddressSource && needsAddress(facts, decision) ? 'address' : 'case';
}
