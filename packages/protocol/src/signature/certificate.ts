import { X509Certificate } from 'node:crypto';
import type { OrganizationNumber } from '../identity.ts';
import { DER, type DerValue, readDer } from './der.ts';

/** What is needed of a certificate and what Node's own class does not show. */
export interface CertificateFields {
  /** Every serialNumber (2.5.4.5) of the subject, whether alone or together with other attributes in one part. */
  subjectSerialNumbers: string[];
  /** Whether the key may sign documents: keyUsage absent, or with digitalSignature or nonRepudiation. */
  maySign: boolean;
  /** The algorithm its issuer signed it with, as DER of the OID in hexadecimal. */
  issuerAlgorithm: string;
}

const SERIAL_NUMBER_OID = '550405';
const KEY_USAGE_OID = '551d0f';
/** digitalSignature and nonRepudiation: the first two bits. */
const SIGNING_BITS = 0xc0;
const ORGANIZATION = /^16\d{10}$/;

/**
 * The organisation a certificate stands for: subject attribute serialNumber, OID 2.5.4.5 (FACTS j). Undefined when
 * there is none, more than one, or it is not in the contract's form: never a guess.
 */
export function organizationOf(certificate: X509Certificate): OrganizationNumber | undefined {
  const [serialNumber, ...others] = certificateFields(certificate).subjectSerialNumbers;
  if (serialNumber === undefined || others.length > 0 || !ORGANIZATION.test(serialNumber)) return undefined;
  return serialNumber as OrganizationNumber;
}

/** @throws RangeError or TypeError if the encoding is not that of a certificate. */
export function certificateFields(certificate: X509Certificate): CertificateFields {
  const [outer] = readDer(certificate.raw);
  const [tbs, algorithm] = readDer(need(outer).content);
  const fields = readDer(need(tbs).content).filter(({ tag }) => tag !== DER.VERSION);
  // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, …, extensions (RFC 5280, 4.1)
  const extensions = fields.find(({ tag }) => tag === DER.EXTENSIONS);
  return {
    subjectSerialNumbers: serialNumbersOf(need(fields[4])),
    maySign: maySign(extensions),
    issuerAlgorithm: need(readDer(need(algorithm).content)[0]).content.toString('hex'),
  };
}

/** Reads one certificate in DER, and nothing else: no PEM, nothing after it. */
export function readCertificateDer(der: Buffer): X509Certificate {
  const certificate = new X509Certificate(der);
  if (!certificate.raw.equals(der)) throw new TypeError('not exactly one certificate in DER');
  return certificate;
}

function serialNumbersOf(subject: DerValue): string[] {
  const attributes = readDer(subject.content).flatMap((part) => readDer(part.content));
  return attributes.flatMap((attribute) => {
    const [oid, value] = readDer(attribute.content);
    return need(oid).content.toString('hex') === SERIAL_NUMBER_OID ? [need(value).content.toString('utf8')] : [];
  });
}

function maySign(extensions: DerValue | undefined): boolean {
  if (extensions === undefined) return true;
  const list = readDer(need(readDer(extensions.content)[0]).content);
  const usage = list
    .map((extension) => readDer(extension.content))
    .find(([oid]) => need(oid).content.toString('hex') === KEY_USAGE_OID);
  if (usage === undefined) return true;
  const [bits] = readDer(need(usage.at(-1)).content);
  // the first byte of a BIT STRING counts its unused bits
  return ((need(bits).content[1] ?? 0) & SIGNING_BITS) !== 0;
}

function need(value: DerValue | undefined): DerValue {
  if (value === undefined) throw new TypeError('a field of the certificate is missing');
  return value;
}
