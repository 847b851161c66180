import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonNameParams,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TestAuthorityOptions {
  /** Common name of the authority. Ignored when it is loaded from PEM. */
  name: string;
  /** Reload an authority made earlier; both or neither. */
  keyPem?: string;
  certPem?: string;
}

export interface IssueOptions {
  /** Twelve digits, `16` first; becomes subject serialNumber, 2.5.4.5 (FACTS j). Absent: the subject has none. */
  organizationNumber?: string;
  commonName: string;
  /** Subject O; the common name unless given. */
  organizationName?: string;
  /** Validity in days; 365 unless given. May be negative together with an early `notBefore`. */
  days?: number;
  notBefore?: Date;
  /** Subject alternative names; `localhost` and `127.0.0.1` unless given. */
  hosts?: readonly string[];
  /** The key to certify, RSA in PEM; a new one unless given. */
  keyPem?: string;
}

export interface PersonCertificateOptions {
  /** Twelve digits; becomes subject serialNumber, as on an e-ID (FACTS e.5). */
  personalNumber: string;
  name: string;
  notBefore: Date;
  notAfter: Date;
}

export interface IssuedCertificate {
  keyPem: string;
  certPem: string;
}

export interface TestAuthority {
  caPem: string;
  /** The authority's own private key: keep it only where a development authority must survive a restart. */
  caKeyPem: string;
  issue(options: IssueOptions): Promise<IssuedCertificate>;
  /** An e-ID's certificate for a person's signatures (keyUsage nonRepudiation), which opens no connection. */
  issueForPerson(options: PersonCertificateOptions): Promise<IssuedCertificate>;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
const LEAF_DAYS = 365;
/** Clocks of two machines differ; a certificate made now must be valid on both. */
const BACKDATE_MS = 3_600_000;
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const RSA_BITS = 2048;
const HOSTS = ['localhost', '127.0.0.1'] as const;
const SERIAL_NUMBER_OID = '2.5.4.5';

/**
 * A certificate authority for tests and for the development installation: RSA-2048, SHA-256.
 * Leaves look like the ones the infrastructure issues (FACTS j): serialNumber = organisation number,
 * digitalSignature + keyEncipherment + nonRepudiation, server and client authentication.
 */
export async function createTestAuthority(options: TestAuthorityOptions): Promise<TestAuthority> {
  const authority = await loadOrMake(options);
  return {
    caPem: authority.certPem,
    caKeyPem: authority.keyPem,
    issue: (leaf) => issueForOrganization(authority, leaf),
    issueForPerson: (leaf) => issueForPerson(authority, leaf),
  };
}

interface LoadedAuthority extends IssuedCertificate {
  subject: Name;
  signingKey: webcrypto.CryptoKey;
}

async function loadOrMake({ name, keyPem, certPem }: TestAuthorityOptions): Promise<LoadedAuthority> {
  if ((keyPem === undefined) !== (certPem === undefined)) throw new TypeError('keyPem and certPem belong together');
  if (keyPem === undefined || certPem === undefined) return makeAuthority(name);
  const subject = new X509Certificate(certPem).subjectName;
  return { keyPem, certPem, subject, signingKey: await importSigningKey(createPrivateKey(keyPem)) };
}

async function makeAuthority(name: string): Promise<LoadedAuthority> {
  const pair = await makeKeyPair();
  const subject = new Name(nameOf(name, name));
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: subject,
    ...validity(new Date(Date.now() - BACKDATE_MS), AUTHORITY_DAYS),
    signingAlgorithm: RSA,
    publicKey: pair.publicKey,
    signingKey: pair.signingKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
  return { keyPem: pair.keyPem, certPem: pem(certificate), subject, signingKey: pair.signingKey };
}

function issueForOrganization(authority: LoadedAuthority, options: IssueOptions): Promise<IssuedCertificate> {
  return issue(authority, {
    subject: leafSubject(options),
    ...validity(options.notBefore ?? new Date(Date.now() - BACKDATE_MS), options.days ?? LEAF_DAYS),
    extensions: leafExtensions(options.hosts ?? HOSTS),
    keyPem: options.keyPem,
  });
}

function issueForPerson(authority: LoadedAuthority, options: PersonCertificateOptions): Promise<IssuedCertificate> {
  const { personalNumber, name, notBefore, notAfter } = options;
  return issue(authority, {
    subject: [
      { C: [{ printableString: 'SE' }] },
      { CN: [{ utf8String: name }] },
      { [SERIAL_NUMBER_OID]: [{ printableString: personalNumber }] },
    ],
    ...{ notBefore, notAfter, keyPem: undefined },
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.nonRepudiation, true),
    ],
  });
}

interface Leaf {
  readonly subject: JsonNameParams;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: Extension[];
  readonly keyPem: string | undefined;
}

async function issue(authority: LoadedAuthority, { subject, keyPem, ...leaf }: Leaf): Promise<IssuedCertificate> {
  const pair = await (keyPem === undefined ? makeKeyPair() : keyPairOf(createPrivateKey(keyPem)));
  const certificate = await X509CertificateGenerator.create({
    ...leaf,
    subject: new Name(subject),
    issuer: authority.subject,
    signingAlgorithm: RSA,
    publicKey: pair.publicKey,
    signingKey: authority.signingKey,
  });
  return { keyPem: pair.keyPem, certPem: pem(certificate) };
}

function leafSubject({ organizationNumber, commonName, organizationName }: IssueOptions): JsonNameParams {
  const name = nameOf(organizationName ?? commonName, commonName);
  if (organizationNumber === undefined) return name;
  return [...name, { [SERIAL_NUMBER_OID]: [{ printableString: organizationNumber }] }];
}

/** The values are given as typed strings: plain ones would be parsed, and a quotation mark would change the name. */
function nameOf(organization: string, commonName: string): JsonNameParams {
  return [
    { C: [{ printableString: 'SE' }] },
    { O: [{ utf8String: organization }] },
    { CN: [{ utf8String: commonName }] },
  ];
}

function leafExtensions(hosts: readonly string[]): Extension[] {
  const usage = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.nonRepudiation;
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(usage, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
    new SubjectAlternativeNameExtension(
      hosts.map((host) => ({ type: /^[\d.]+$|:/.test(host) ? ('ip' as const) : ('dns' as const), value: host })),
    ),
  ];
}

function validity(notBefore: Date, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * DAY_MS) };
}

interface KeyPair {
  readonly keyPem: string;
  readonly signingKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

async function makeKeyPair(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  return keyPairOf(privateKey);
}

async function keyPairOf(privateKey: KeyObject): Promise<KeyPair> {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    signingKey: await importSigningKey(privateKey),
    publicKey: await webcrypto.subtle.importKey('spki', spki, RSA, true, ['verify']),
  };
}

function importSigningKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), RSA, false, ['sign']);
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
