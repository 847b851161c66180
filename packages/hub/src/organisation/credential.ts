import { createHash, randomBytes, X509Certificate } from 'node:crypto';

/**
 * By what a business system is known: a key in the header, OAuth 2 client credentials, a client certificate, a public key for SFTP, or
 * a password for SFTP and printer. Only its SHA-256 is stored, also in the configuration file. Keys and passwords are made by us with
 * 256 random bits, so that a plain hash cannot be guessed backwards.
 */
export type CredentialKind = 'apiKey' | 'oauthClient' | 'certificate' | 'sshKey' | 'password';

export const CREDENTIAL_KINDS: readonly CredentialKind[] = [
  'apiKey',
  'oauthClient',
  'certificate',
  'sshKey',
  'password',
];

/** Those of which we make the secret; the others are halves of a key pair that the system keeps. */
export const SECRET_KINDS = ['apiKey', 'oauthClient', 'password'] as const satisfies readonly CredentialKind[];
export type SecretKind = (typeof SECRET_KINDS)[number];

const SECRET_BYTES = 32;
/** Tells people, and programs that search for leaked secrets, what a found text is. */
const PREFIXES: Readonly<Record<SecretKind, string>> = { apiKey: 'bd_', oauthClient: 'bds_', password: 'bdp_' };

/** A new secret. It is shown once and never stored. */
export function newSecret(kind: SecretKind): string {
  return `${PREFIXES[kind]}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The hash under which a secret is known. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** The hash of a certificate (DER or PEM): its SHA-256 fingerprint, as `openssl x509 -fingerprint -sha256` prints it. */
export function certificateHash(certificate: Buffer | string): Buffer {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest();
}

/** The hash of an SSH public key's blob: what `ssh-keygen -l` prints in base64 after `SHA256:`. */
export function sshKeyHash(blob: Buffer): Buffer {
  return createHash('sha256').update(blob).digest();
}
