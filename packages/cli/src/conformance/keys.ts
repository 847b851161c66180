import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { organizationOf } from '@brevduva/protocol';

/** The organisation of a certificate, 12 digits (FACTS j). */
export function organizationOfPem(certPem: string): string | undefined {
  return organizationOf(new X509Certificate(certPem));
}

/** Whether it is a certificate, or begins with one. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // Unreadable: the caller names the option.
    return false;
  }
}

/** Whether both are readable, RSA, and belong together. */
export function isKeyPair({ cert, key }: { cert: string; key: string }): boolean {
  try {
    const privateKey = createPrivateKey(key);
    const isPair = createPublicKey(privateKey).equals(new X509Certificate(cert).publicKey);
    return isPair && privateKey.asymmetricKeyType === 'rsa';
  } catch {
    // Unreadable: the caller names the option.
    return false;
  }
}
