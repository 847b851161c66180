import type { NotificationDelivery } from '../contract/notification-v3.ts';
import { contractFault } from '../faults.ts';
import type { OrganizationNumber } from '../identity.ts';
import type { SoapCall } from '../soap/createSoapEndpoint.ts';
import { organizationOf } from './certificate.ts';
import { SignatureError } from './SignatureError.ts';
import { signatureFault } from './signatureFault.ts';
import { type VerifiedSignedDelivery, type VerifyOptions, verifySignedDelivery } from './verifyDelivery.ts';

/** Whether an organisation may hand in and sign for a sender that it is not (FACTS n.8). */
export type MayActFor = (organization: OrganizationNumber, senderId: string) => boolean | Promise<boolean>;

export interface DistributionRules extends VerifyOptions {
  /** Default: nobody acts for another. */
  mayActFor?: MayActFor;
}

export interface Distribution extends VerifiedSignedDelivery {
  /** `Header/Sender/Id`, which the signature covers. */
  senderId: string;
  /** Who signed: the sender, or one who may act for it. */
  signer: OrganizationNumber;
}

/**
 * What a dispatcher may take from a `distributeSecure` (FACTS b.6): the delivery as it was signed, when its signature is right
 * and both the signer and the caller are the sender or may act for it. For use in a handler's `fromSource`.
 *
 * Everything in the result comes from the bytes that were verified: nothing else of the request is read. `xml` is ready to be
 * sealed as it stands, `verifiedBytes` and `signedDigest` are to be kept.
 *
 * @throws ContractFault 5012 broken or forbidden signature, 5002 certificate not trusted or of another organisation, 5001 not
 *   the contract's content
 */
export async function readDistribution(
  { source, caller }: Pick<SoapCall, 'source' | 'caller'>,
  { mayActFor = nobody, ...options }: DistributionRules,
): Promise<Distribution> {
  const verified = verifiedOrFault(() => verifySignedDelivery(source, options));
  const senderId = verified.delivery.Header.Sender.Id;
  const signer = organizationOf(verified.signedBy);
  if (signer === undefined) throw contractFault('ACCESS_DENIED', 'the signing certificate names no organisation');
  if (signer !== senderId && !(await mayActFor(signer, senderId))) {
    throw contractFault('ACCESS_DENIED', `${signer} may not sign for this Sender/Id`);
  }
  await refuseStranger(caller, senderId, mayActFor);
  return { ...verified, senderId, signer };
}

/**
 * For whom a `distribute` or `notify` is sent. A notification carries no signature in the contract (FACTS b.7): the connection's
 * certificate alone says who speaks.
 *
 * @throws ContractFault 5002 if the caller is not the sender and may not act for it
 */
export async function senderOfNotification(
  { Header }: Pick<NotificationDelivery, 'Header'>,
  caller: OrganizationNumber,
  mayActFor: MayActFor = nobody,
): Promise<string> {
  await refuseStranger(caller, Header.Sender.Id, mayActFor);
  return Header.Sender.Id;
}

const nobody: MayActFor = () => false;

async function refuseStranger(caller: OrganizationNumber, senderId: string, mayActFor: MayActFor): Promise<void> {
  if (caller === senderId || (await mayActFor(caller, senderId))) return;
  throw contractFault('ACCESS_DENIED', `${caller} may not hand in for this Sender/Id`);
}

function verifiedOrFault<T>(verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    throw error instanceof SignatureError ? signatureFault(error) : error;
  }
}
