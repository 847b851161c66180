import { AppError } from '@brevduva/base';
import { contractFault } from '@brevduva/protocol';

const FAULTS_TOLD_MAX = 5;

/** A refusal of intake in the contract's words: the hub's own codes stand in the description. Our own trouble passes as it is. */
export function asContractFault(error: unknown): unknown {
  if (!(error instanceof AppError) || error.status >= 500) return error;
  const told = error.faults.slice(0, FAULTS_TOLD_MAX).map(({ code, path }) => `${code} ${path}`.trim());
  const description = [error.code, ...told].join('; ');
  const name = error.code === 'HUB_LETTER_TOO_LARGE' ? 'MAX_EXCEEDED' : 'INVALID_INPUT';
  return contractFault(name, description, { cause: error });
}
