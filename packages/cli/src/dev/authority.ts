import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '@brevduva/protocol/testing';
import { makeFolder } from '../makeFolder.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';

const AUTHORITY_NAME = 'Brevduva utvecklingsutfärdare';
const DAY_MS = 86_400_000;
/** A certificate with less left than this is replaced at the next start. */
export const REISSUE_BEFORE_EXPIRY_DAYS = 30;
/** Same margin as the leaves' whole life, so that no leaf outlives its authority. */
const AUTHORITY_REPLACED_BEFORE_EXPIRY_DAYS = 366;
const BACKDATE_MS = 3_600_000;
const PUBLIC_FILE = 0o644;

/** Whom a certificate is for. `file` names it in the folder. */
export interface CertificateHolder {
  readonly file: string;
  /** Twelve digits, `16` first; becomes the subject's serialNumber (FACTS j). */
  readonly organizationNumber: string;
  readonly commonName: string;
  readonly organizationName: string;
}

export interface DevelopmentAuthority {
  readonly caPem: string;
  /** The holder's key and certificate: those kept, or new ones when missing, damaged, near expiry or another's. */
  certificateFor(holder: CertificateHolder): Promise<IssuedCertificate>;
}

/**
 * The certificate authority of a development installation, kept in `folder` (0700, keys 0600).
 * `ca.pem` there is the public certificate, for curl and the like.
 */
export async function openDevelopmentAuthority(folder: string, now: () => Date): Promise<DevelopmentAuthority> {
  const authority = await openKeptAuthority(folder, AUTHORITY_NAME, now);
  return { caPem: authority.caPem, certificateFor: (holder) => certificateFor(folder, authority, holder, now) };
}

/** The authority kept in `folder` (0700, key 0600, `ca.pem` public), made anew when missing, damaged or near expiry. */
export async function openKeptAuthority(folder: string, name: string, now: () => Date): Promise<TestAuthority> {
  await makeFolder(folder);
  const authority = await loadOrMakeAuthority(join(folder, 'authority.pem'), name, now);
  await writeFileAtomic(join(folder, 'ca.pem'), authority.caPem, PUBLIC_FILE);
  return authority;
}

async function loadOrMakeAuthority(path: string, name: string, now: () => Date): Promise<TestAuthority> {
  const kept = await readPair(path);
  if (kept !== undefined && hasDaysLeft(kept.certPem, AUTHORITY_REPLACED_BEFORE_EXPIRY_DAYS, now())) {
    return createTestAuthority({ name, ...kept });
  }
  const made = await createTestAuthority({ name });
  await writeFileAtomic(path, made.caKeyPem + made.caPem);
  return made;
}

async function certificateFor(
  folder: string,
  authority: TestAuthority,
  holder: CertificateHolder,
  now: () => Date,
): Promise<IssuedCertificate> {
  const path = join(folder, `${holder.file}.pem`);
  const kept = await readPair(path);
  if (kept !== undefined && isUsable(kept.certPem, authority.caPem, holder, now())) return kept;
  const { organizationNumber, commonName, organizationName } = holder;
  const notBefore = new Date(now().getTime() - BACKDATE_MS);
  const made = await authority.issue({ organizationNumber, commonName, organizationName, notBefore });
  // Key and certificate in one file: two files could be left half exchanged by a kill, and would not fit each other.
  await writeFileAtomic(path, made.keyPem + made.certPem);
  return made;
}

function isUsable(certPem: string, caPem: string, holder: CertificateHolder, now: Date): boolean {
  const certificate = new X509Certificate(certPem);
  const subject = new Set(certificate.subject.split('\n'));
  return (
    certificate.verify(new X509Certificate(caPem).publicKey) &&
    subject.has(`serialNumber=${holder.organizationNumber}`) &&
    subject.has(`CN=${holder.commonName}`) &&
    hasDaysLeft(certPem, REISSUE_BEFORE_EXPIRY_DAYS, now)
  );
}

function hasDaysLeft(certPem: string, days: number, now: Date): boolean {
  const { validFrom, validTo } = new X509Certificate(certPem);
  return Date.parse(validFrom) <= now.getTime() && Date.parse(validTo) - now.getTime() >= days * DAY_MS;
}

/** The file's key and certificate; undefined when it is missing or damaged, so that a new pair is made. */
async function readPair(path: string): Promise<IssuedCertificate | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const keyPem = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text)?.[0];
  const certPem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0];
  if (keyPem === undefined || certPem === undefined) return undefined;
  return isPair(keyPem, certPem) ? { keyPem, certPem } : undefined;
}

function isPair(keyPem: string, certPem: string): boolean {
  try {
    return new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    // Not readable as key and certificate: damaged, and treated like a missing file.
    return false;
  }
}
