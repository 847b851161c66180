import type { ContractFault } from '../faults.ts';

/**
 * What is known after a call that failed:
 *
 * - `fault`: the other side answered with a fault of the contract. It has decided.
 * - `notSent`: the request certainly never reached the other side (bad address, DNS, connection refused, TLS handshake
 *   failed, our certificate refused). Nothing has happened there.
 * - `noAnswer`: the request, or a part of it, may have arrived and no whole answer came. The outcome is unknown. It is so
 *   too when our certificate is refused in TLS 1.3 by a server that sends no session tickets and closes without an alert:
 *   that cannot be told from a server that read the request and died.
 * - `badAnswer`: something came that is no answer of the contract. The outcome is unknown.
 */
export type SoapCallKind = 'fault' | 'notSent' | 'noAnswer' | 'badAnswer';

export class SoapCallError extends Error {
  readonly kind: SoapCallKind;
  /** Present when `kind` is `fault`. */
  readonly fault: ContractFault | undefined;
  /** Present when an answer came. */
  readonly httpStatus: number | undefined;

  constructor(
    kind: SoapCallKind,
    message: string,
    options: { fault?: ContractFault; httpStatus?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SoapCallError';
    this.kind = kind;
    this.fault = options.fault;
    this.httpStatus = options.httpStatus;
  }
}
