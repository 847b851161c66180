import { createHash } from 'node:crypto';
import { contractFault, type OrganizationNumber } from '@brevduva/protocol';
import { type CertificateRule, callerRefusal, isKnown } from './caller.ts';
import { selectCaller } from './sql/organizations.ts';
import type { Pool } from './sql/pool.ts';

/**
 * Whether an organisation with this certificate is let in at all, in any role: connected, not suspended, certificate not
 * retired. It is asked at every call and nothing is kept, so that a suspension counts from the next call on; `isReachable` and
 * `isRegistered`, which are measured, ask the same in the statement that they need anyway.
 *
 * @throws ContractFault 5002
 */
export async function admitCaller(
  { pool, certificateRule }: { pool: Pool; certificateRule: CertificateRule },
  caller: OrganizationNumber,
  peerCertificateDer: Buffer | undefined,
): Promise<void> {
  const fingerprint = fingerprintOf(peerCertificateDer);
  const row = await selectCaller(pool, { caller, fingerprint, sender: null });
  const facts = { isKnown: isKnown(row), certificate: row.certificate };
  const refusal = callerRefusal(facts, { certificateRule, callerMustServeSender: false });
  if (refusal !== undefined) throw contractFault(refusal);
}

/** SHA-256 over the certificate's bytes: what certificates are registered by. Three microseconds. */
export function fingerprintOf(der: Buffer): Buffer;
export function fingerprintOf(der: Buffer | undefined): Buffer | null;
export function fingerprintOf(der: Buffer | undefined): Buffer | null {
  return der === undefined ? null : createHash('sha256').update(der).digest();
}
