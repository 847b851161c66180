import { appError } from '@brevduva/base';
import {
  ENVELOPE_BYTES_MAX,
  IS_REACHABLE_RECIPIENTS_MAX,
  type ReachabilityStatus,
  SoapCallError,
  type SoapClient,
} from '@brevduva/protocol';
import { HUB_ERRORS } from './errors.ts';
import type { ChannelPolicy } from './letter.ts';
import { decideChannel, needsAddress, needsReachability, type SwitchFacts } from './switch.ts';

/** Where a letter would go today. `address`: on paper, once its postal address has been fetched. */
export type Reach = 'digital' | 'paper' | 'address' | 'case';

/** A recipient whose number has been judged. */
export interface ReachRecipient {
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly hasAddress: boolean;
  /** Of the letter on its way, where it is known already. */
  readonly envelopeBytes?: number;
}

export interface ReachOptions {
  readonly soap: SoapClient;
  readonly farUrl: string;
  readonly hasAddressSource: boolean;
}

/**
 * Where each letter would go if it were sent now: asked of FaR, a thousand at a time, and judged by the switch. Nothing is sent and
 * nothing kept; the answer holds for this moment only.
 *
 * @throws AppError HUB_REGISTER_DOWN
 */
export async function reachOfRecipients(
  recipients: readonly ReachRecipient[],
  sender: { readonly organizationNumber: string; readonly policy: ChannelPolicy },
  options: ReachOptions,
): Promise<Reach[]> {
  const facts = recipients.map((recipient) => factsOf(recipient, sender.policy));
  const answers = await askRegister(facts.filter(needsReachability), sender.organizationNumber, options);
  return facts.map((known) => reachOf({ ...known, reachability: answers.get(known.recipient) }, options));
}

function factsOf(row: ReachRecipient, policy: ChannelPolicy): SwitchFacts {
  return {
    // Judged before it came here.
    recipient: row.recipient as SwitchFacts['recipient'],
    protectedIdentity: row.protectedIdentity,
    policy,
    paperOrdered: false,
    isNotice: false,
    addressKnown: row.hasAddress,
    addressSource: undefined,
    reachability: undefined,
    digitalFailure: (row.envelopeBytes ?? 0) > ENVELOPE_BYTES_MAX ? 'contentTooLarge' : undefined,
    lookups: 0,
  };
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
  if (kind === 'digital' || kind === 'paper') return kind;
  // Nobody's address is fetched only to count.
  return hasAddressSource && needsAddress(facts, decision) ? 'address' : 'case';
}
