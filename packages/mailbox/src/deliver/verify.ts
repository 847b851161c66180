import type { Clock, Log } from '@brevduva/base';
import {
  type DeliverySource,
  SignatureError,
  signatureFault,
  type TrustStore,
  type VerifiedSealedDelivery,
  verifyIntegrity,
  verifySealedDelivery,
} from '@brevduva/protocol';
import type { Operator } from '../settings.ts';

export interface VerifyDependencies {
  operator: Operator;
  trust: TrustStore;
  clock: Clock;
  log: Log;
}

export interface SourceOfCall {
  source: DeliverySource;
  caller: string;
  callId: string;
}

/** Both signatures of a delivery, as of now. @throws ContractFault 5001, 5002, 5012 */
export function verifySealed(deps: VerifyDependencies, call: SourceOfCall): VerifiedSealedDelivery {
  return guarded(deps, call, () => verifyAt(deps, call, deps.clock.now()));
}

/**
 * Both signatures of a letter that is passed on, perhaps long after it was sent. A certificate that has expired since is
 * refused, unless the operator has chosen to believe the date in the seal.
 * @throws ContractFault 5001, 5002, 5012
 */
export function verifyOriginal(deps: VerifyDependencies, call: SourceOfCall): VerifiedSealedDelivery {
  return guarded(deps, call, () => {
    try {
      return verifyAt(deps, call, deps.clock.now());
    } catch (err) {
      const hasExpired = err instanceof SignatureError && err.code === 'EXPIRED';
      const sealedOn = hasExpired && deps.operator.acceptExpiredOriginals ? sealedAt(deps, call) : undefined;
      if (sealedOn === undefined) throw err;
      return verifyAt(deps, call, sealedOn);
    }
  });
}

function verifyAt(
  { operator, trust }: VerifyDependencies,
  { source }: SourceOfCall,
  now: Date,
): VerifiedSealedDelivery {
  return verifySealedDelivery(source, { algorithms: operator.signatureAlgorithms, trust, now });
}

const NOON = 'T12:00:00Z';

/** The seal names a day, with or without time zone: its noon. A year of five figures or before our era is no day. */
function sealedAt({ operator }: VerifyDependencies, { source }: SourceOfCall): Date | undefined {
  const { seal } = verifyIntegrity(source, { algorithms: operator.signatureAlgorithms });
  const at = new Date(`${seal.ReceivedTime.slice(0, 'YYYY-MM-DD'.length)}${NOON}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function guarded<T>(deps: VerifyDependencies, { caller, callId }: SourceOfCall, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    const refused = signatureFault(cause);
    deps.log.warn(
      { callId, caller, check: `signature ${cause.code}`, errorCode: refused.errorCode },
      'delivery refused',
    );
    throw refused;
  }
}
