import { isUuid, type Pool } from '@brevduva/base';
import {
  contractFault,
  type Distribution,
  type DistributionStatus,
  isAttachmentChecksum,
  readDistribution,
  type SoapCall,
  type TrustStore,
} from '@brevduva/protocol';
import type { Intake } from '../../intake/accept.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import { selectDistribution } from '../../sql/distributions.ts';
import type { Channel, LetterState } from '../../states.ts';
import { asContractFault } from '../asContractFault.ts';
import { mayHandInFor, organizationNumberOf } from '../senderOfSystem.ts';
import { readPostalAddress } from './postalAddressTag.ts';

export interface DistributeOptions {
  readonly pool: Pool;
  readonly intake: Intake;
  /** Issuers whose signatures count. */
  readonly trust: TrustStore;
  readonly now: Date;
}

/**
 * Takes in what a sender has signed: judged like any letter, kept as it was signed, and sealed as it stands. The same signed delivery
 * again is the same letter, so that a sender who got no answer may ask again with the same bytes.
 *
 * @returns the distribution's id, which is the letter's.
 * @throws ContractFault as readDistribution; 5001 when the letter is refused, with every reason; 5005 when it is too large
 */
export async function distributeSecure(
  call: Pick<SoapCall, 'source' | 'caller'>,
  system: BusinessSystem,
  { intake, trust, now }: DistributeOptions,
): Promise<string> {
  const flow = system.waysIn.message?.flow;
  if (flow === undefined) throw contractFault('ACCESS_DENIED', 'this system does not hand in signed deliveries');
  const own = organizationNumberOf(system);
  const distribution = await readDistribution(call, { trust, now, mayActFor: mayHandInFor(call.caller, system) });
  if (distribution.senderId !== own) throw contractFault('ACCESS_DENIED', 'the system belongs to another organisation');
  // Operators take a signature of the sender, or of a dispatcher that FaR knows; a supplier's would be refused there.
  if (distribution.signer !== own) throw contractFault('ACCESS_DENIED', 'the delivery is not signed by its sender');
  const { json, parts } = letterOf(distribution, flow);
  const idempotencyKey = `distribution-${Buffer.from(distribution.signedDigest).toString('hex')}`;
  try {
    const handIn = { json, parts, faults: [], idempotencyKey, signed: distribution.xml };
    return (await intake.accept(handIn, system)).letterId;
  } catch (error) {
    throw asContractFault(error);
  }
}

/** How a distribution stands; nothing for one that is not this organisation's. */
export async function checkDistributionStatus(
  { senderId, distributionId }: { readonly senderId: string; readonly distributionId: string },
  system: BusinessSystem,
  { pool }: Pick<DistributeOptions, 'pool'>,
): Promise<DistributionStatus[]> {
  if (senderId !== organizationNumberOf(system)) throw contractFault('ACCESS_DENIED', 'the caller is not that sender');
  if (!isUuid(distributionId)) return [];
  const found = await selectDistribution(pool, { organisationId: system.organisationId, id: distributionId });
  if (found === undefined) return [];
  const { recipient, state, channel } = found;
  return [
    {
      RecipientId: recipient,
      Type: STOPPED.has(state) ? 'Not' : typeOf(state, channel),
      DeliveryStatus: DELIVERY_STATUS[state],
    },
  ];
}

/** What an external dispatcher of ours makes of it is known when it has done it. */
function typeOf(state: LetterState, channel: Channel | null): DistributionStatus['Type'] {
  if (channel === 'paper' || state === 'printed') return 'Paper';
  return channel === 'digital' || (channel === 'dispatcher' && state === 'delivered') ? 'Digital' : 'Not';
}

/** Nothing was sent, and nothing will be. */
const STOPPED: ReadonlySet<LetterState> = new Set(['cancelled', 'expired']);
const DELIVERY_STATUS: Readonly<Record<LetterState, NonNullable<DistributionStatus['DeliveryStatus']>>> = {
  waiting: 'Pending',
  unknown: 'Pending',
  // A person decides; until then it is neither delivered nor failed.
  case: 'Pending',
  delivered: 'Delivered',
  printed: 'Delivered',
  unnotified: 'DeliveryFailed',
  cancelled: 'DeliveryFailed',
  expired: 'DeliveryFailed',
};

/** The letter in the delivery as REST would have it. What intake has no field for goes with the signed bytes all the same. */
function letterOf({ delivery }: Distribution, flow: string) {
  const [message, ...more] = delivery.Message;
  if (message === undefined || more.length > 0) throw contractFault('INVALID_INPUT', 'one message in a delivery');
  const { Header: header, Body: body } = message;
  if (message.Attachment.some(({ Body, Checksum }) => !isAttachmentChecksum(Checksum, Body))) {
    throw contractFault('INVALID_INPUT', 'an attachment has another checksum than its bytes');
  }
  const address = readPostalAddress(header.Metadata);
  return {
    json: {
      flow,
      recipient: delivery.Header.Recipient,
      subject: header.Subject,
      language: header.Language,
      ...(address === undefined ? {} : { address }),
      body: { contentType: body.ContentType, text: body.Body.toString('utf8') },
      ...(delivery.Header.Reference === undefined ? {} : { reference: delivery.Header.Reference }),
    },
    parts: message.Attachment.map(({ Filename, ContentType, Body }) => ({
      filename: Filename,
      contentType: ContentType,
      bytes: Body,
    })),
  };
}
