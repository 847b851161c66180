import { X509Certificate } from 'node:crypto';
import { appError } from '@brevduva/base';
import { organizationOf, SignatureError, type TrustStore } from '@brevduva/protocol';
import { fingerprintOf } from '../door.ts';
import { ERRORS } from '../errors.ts';

export interface ReadCertificate {
  fingerprint: Buffer;
  subject: string;
  issuer: string;
  validFrom: Date;
  validTo: Date;
  der: Buffer;
}

/** A certificate with a long chain is below this. */
const PEM_CHARACTERS_MAX = 10_000;
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * Reads the one certificate that an actor hands in (PEM), and refuses all that the register would not let in: of another
 * organisation, of an issuer it does not trust, expired. One that is not valid yet is taken: an exchange is prepared so.
 *
 * @throws AppError FAR_CERTIFICATE_…
 */
export function readCertificate(
  pem: string,
  { organizationNumber, trust, now }: { organizationNumber: string; trust: TrustStore; now: Date },
): ReadCertificate {
  const certificate = parse(pem);
  if (organizationOf(certificate) !== organizationNumber) throw appError(ERRORS, 'FAR_CERTIFICATE_OTHER_ORGANIZATION');
  refuseUntrusted(certificate, trust, now);
  return {
    fingerprint: fingerprintOf(certificate.raw),
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    der: certificate.raw,
  };
}

function parse(pem: string): X509Certificate {
  if (pem.includes('PRIVATE KEY')) throw appError(ERRORS, 'FAR_CERTIFICATE_PRIVATE_KEY');
  const [block, ...others] = pem.slice(0, PEM_CHARACTERS_MAX).match(CERTIFICATE_BLOCK) ?? [];
  if (block === undefined) throw appError(ERRORS, 'FAR_CERTIFICATE_UNREADABLE');
  if (others.length > 0) throw appError(ERRORS, 'FAR_CERTIFICATE_SEVERAL');
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw appError(ERRORS, 'FAR_CERTIFICATE_UNREADABLE', { cause });
  }
}

const REFUSALS = {
  UNTRUSTED: 'FAR_CERTIFICATE_UNTRUSTED',
  EXPIRED: 'FAR_CERTIFICATE_EXPIRED',
} as const satisfies Partial<Record<SignatureError['code'], keyof typeof ERRORS>>;

/** The trust store looks at dates last, so what is not yet valid is trusted in all other respects. */
function refuseUntrusted(certificate: X509Certificate, trust: TrustStore, now: Date): void {
  try {
    trust.admit(certificate.raw, now);
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    if (cause.code === 'NOT_YET_VALID') return;
    const code = cause.code === 'UNTRUSTED' || cause.code === 'EXPIRED' ? REFUSALS[cause.code] : undefined;
    throw appError(ERRORS, code ?? 'FAR_CERTIFICATE_UNSUITABLE', { cause });
  }
}

/** Node writes one attribute on each line. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}
