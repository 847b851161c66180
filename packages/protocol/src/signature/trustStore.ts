import { X509Certificate } from 'node:crypto';
import { certificateFields, readCertificateDer } from './certificate.ts';
import { SignatureError } from './SignatureError.ts';

/** The certificates one believes in, given explicitly. What a message says about itself adds nothing. */
export interface TrustStore {
  /**
   * The certificate behind base64 text, when it may vouch for a signature at `now`.
   *
   * @throws SignatureError CERTIFICATE, KEY_USAGE, UNTRUSTED, NOT_YET_VALID or EXPIRED
   */
  admit(der: Buffer, now: Date): X509Certificate;
}

/** Below this a key can be factored with effort that pays. */
const RSA_BITS_MIN = 2048;
/** Certificates that were checked, kept by their bytes: a dispatcher uses the same one for every letter. */
const CACHE_ENTRIES_MAX = 256;
/** sha256, sha384 and sha512WithRSAEncryption, ecdsa-with-SHA256, SHA384 and SHA512. Not MD5, not SHA-1. */
const ISSUER_ALGORITHMS = new Set([
  '2a864886f70d01010b',
  '2a864886f70d01010c',
  '2a864886f70d01010d',
  '2a8648ce3d040302',
  '2a8648ce3d040303',
  '2a8648ce3d040304',
]);

/**
 * A trust store of certificates in PEM. An authority (basicConstraints CA) admits the certificates it issued; any
 * certificate in the store admits itself, and no other. There are no chains through certificates that a message brings: an
 * intermediate authority is trusted only if it is in the store (as in the reference code, FACTS e.4). Revocation is
 * not looked at: the infrastructure publishes no list.
 */
export function createTrustStore(pems: readonly string[]): TrustStore {
  const anchors = pems.map((pem) => new X509Certificate(pem));
  const checked = new Map<string, Checked>();
  return {
    admit(der, now) {
      const key = der.toString('latin1');
      let entry = checked.get(key);
      if (entry === undefined) {
        entry = check(der, anchors);
        if (checked.size >= CACHE_ENTRIES_MAX) checked.clear();
        checked.set(key, entry);
      }
      // The dates are looked at every time: an answer that was kept must not outlive its certificate.
      refuseOutsideValidity(entry, now);
      return entry.certificate;
    },
  };
}

/**
 * Reads a certificate that can hold a signature key, without asking who issued it.
 *
 * @throws SignatureError CERTIFICATE or KEY_USAGE
 */
export function readSigningCertificate(der: Buffer): X509Certificate {
  const { certificate, hasUsableKey, maySign } = readable(() => read(der));
  if (!hasUsableKey) throw new SignatureError('CERTIFICATE');
  if (!maySign) throw new SignatureError('KEY_USAGE');
  return certificate;
}

interface Checked {
  certificate: X509Certificate;
  /** The certificates of the store that admit it, itself if it stands there; several when an authority is renewed. */
  anchors: X509Certificate[];
}

function check(der: Buffer, anchors: readonly X509Certificate[]): Checked {
  const certificate = readSigningCertificate(der);
  const admitting = readable(() =>
    anchors.filter((candidate) => candidate.raw.equals(der) || isIssuer(candidate, certificate)),
  );
  if (admitting.length === 0) throw new SignatureError('UNTRUSTED');
  return { certificate, anchors: admitting };
}

/** `checkIssued` compares names, key identifiers and keyCertSign; only `verify` shows that the issuer's key was used. */
function isIssuer(authority: X509Certificate, certificate: X509Certificate): boolean {
  return (
    authority.ca &&
    certificate.checkIssued(authority) &&
    ISSUER_ALGORITHMS.has(certificateFields(certificate).issuerAlgorithm) &&
    certificate.verify(authority.publicKey)
  );
}

function read(der: Buffer): { certificate: X509Certificate; hasUsableKey: boolean; maySign: boolean } {
  const certificate = readCertificateDer(der);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const hasUsableKey = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN;
  return { certificate, hasUsableKey, maySign: certificateFields(certificate).maySign };
}

/** OpenSSL reads a broken certificate part by part, and may stumble only when the key or the issuer is asked for. */
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new SignatureError('CERTIFICATE', undefined, { cause });
  }
}

function refuseOutsideValidity({ certificate, anchors }: Checked, now: Date): void {
  const faults = [certificate, ...anchors].map((one) => validityFault(one, now));
  const [own, ...ofAnchors] = faults;
  const fault = own ?? (ofAnchors.includes(undefined) ? undefined : ofAnchors[0]);
  if (fault !== undefined) throw new SignatureError(fault);
}

function validityFault(certificate: X509Certificate, now: Date): 'NOT_YET_VALID' | 'EXPIRED' | undefined {
  if (now.getTime() < Date.parse(certificate.validFrom)) return 'NOT_YET_VALID';
  return now.getTime() > Date.parse(certificate.validTo) ? 'EXPIRED' : undefined;
}
