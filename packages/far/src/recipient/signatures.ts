import {
  contractFault,
  type FaultName,
  type SignatureData,
  UserSignatureError,
  type VerifiedUserSignature,
  verifyUserSignature,
} from '@brevduva/protocol';
import type { AccountContext } from './accountContext.ts';

/** A company has signatories, not crowds. */
export const SIGNATURES_MAX = 50;
export const AGREEMENT_LENGTH_MAX = 100_000;

/** 5010 for a registration, 5012 for all else (FACTS b.9). */
export type SignatureFaultName = FaultName & ('REGISTER_ACCOUNT_SIGNATURE_ERROR' | 'SIGNATURE_ERROR');

/**
 * Verifies every signature over one text; one bad signature refuses all.
 *
 * @throws ContractFault `faultName` with the reason of USER_SIGNATURE_FAULTS, or 5005
 */
export function verifySignatures(
  { eIdTrust, clock, rules }: AccountContext,
  {
    signatures,
    text,
    faultName,
  }: { signatures: readonly SignatureData[]; text: string; faultName: SignatureFaultName },
): VerifiedUserSignature[] {
  if (signatures.length > SIGNATURES_MAX) throw contractFault('MAX_EXCEEDED', `at most ${SIGNATURES_MAX} signatures`);
  const options = {
    trust: eIdTrust,
    now: clock.now(),
    expectedText: text,
    maxAgeMs: rules.signatureAgeMsMax,
  };
  return signatures.map((signature) => asFault(faultName, () => verifyUserSignature(signature, options)));
}

/** Turns a UserSignatureError into the contract's fault; the text names the reason and no person. */
export function asFault<T>(faultName: SignatureFaultName, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof UserSignatureError) throw contractFault(faultName, cause.message, { cause });
    throw cause;
  }
}
