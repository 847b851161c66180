import { type ContractFault, contractFault, type FaultName } from '../faults.ts';
import type { SignatureError, SignatureFault } from './SignatureError.ts';

/**
 * What a caller is told of a signature that is refused: whose certificate it is decides access (5002), what it was put on
 * decides the signature (5012), and a document of another form is invalid input (5001). FACTS b.9; the split is our reading.
 */
export function signatureFault(error: SignatureError): ContractFault {
  return contractFault(FAULT_OF[error.code] ?? 'SIGNATURE_ERROR', error.message, { cause: error });
}

const FAULT_OF: Readonly<Partial<Record<SignatureFault, FaultName>>> = {
  CERTIFICATE: 'ACCESS_DENIED',
  KEY_USAGE: 'ACCESS_DENIED',
  UNTRUSTED: 'ACCESS_DENIED',
  NOT_YET_VALID: 'ACCESS_DENIED',
  EXPIRED: 'ACCESS_DENIED',
  CONTENT: 'INVALID_INPUT',
  DOCUMENT: 'INVALID_INPUT',
};
