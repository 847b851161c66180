import { createHash, verify, type X509Certificate } from 'node:crypto';
import type { SignatureData } from '../contract/common.ts';
import type { PersonalNumber } from '../identity.ts';
import { ALGORITHMS, XMLDSIG_NAMESPACE } from '../signature/algorithms.ts';
import { SignatureError, type SignatureFault } from '../signature/SignatureError.ts';
import { readSignature, type SignatureFields } from '../signature/signatureFields.ts';
import type { TrustStore } from '../signature/trustStore.ts';
import { canonicalNodes } from '../xml/canonicalXml.ts';
import { parseNode } from '../xml/parseXml.ts';
import { childNodes, isNode, type XmlNode, XmlText } from '../xml/XmlNode.ts';
import { XmlRefused } from '../xml/XmlRefused.ts';
import {
  NONCE_LENGTH_MAX,
  SIGNATURE_DOCUMENT_BYTES_MAX,
  textEncoding,
  USER_SIGNATURE_FIELDS,
  USER_SIGNATURE_NAMESPACE,
  USER_SIGNATURE_ROOT,
} from './document.ts';
import { personOf } from './person.ts';
import { readDocument } from './readDocument.ts';
import { UserSignatureError, type UserSignatureFault } from './UserSignatureError.ts';

export interface VerifyUserSignatureOptions {
  /** Issuers of e-ID, and nothing else: not those who issue certificates to organisations. */
  trust: TrustStore;
  now: Date;
  /** What the person must have signed. Line breaks count alike, however they are written: XML changes them on the way. */
  expectedText: string;
  /** An older signature is refused; so is one more than a minute ahead of `now`. */
  maxAgeMs: number;
  /** Who must have signed; anyone with an e-ID when absent. */
  expectedPersonId?: string;
}

export interface VerifiedUserSignature {
  personId: PersonalNumber;
  name: string;
  signedAt: Date;
  text: string;
  nonce: string;
  /** SHA-256 of the signed content. The same signature has the same, however it is written: replay is known by it. */
  signedDigest: Buffer;
  /** The document as it came, base64 taken off: to be kept byte for byte. */
  document: Buffer;
  certificate: X509Certificate;
}

/**
 * Verifies a person's e-ID signature (FACTS e.5): form, digest, certificate, signature value, then person, time, nonce and
 * text. What is returned was read from the very bytes that the digest covers.
 *
 * Whether it has been used before is for the caller to know, by `signedDigest` and by person and nonce: REPLAYED is its
 * code.
 *
 * @throws UserSignatureError
 */
export function verifyUserSignature(
  signatureData: SignatureData,
  options: VerifyUserSignatureOptions,
): VerifiedUserSignature {
  const bytes = readDocument(signatureData.Signature);
  const root = guarded(() => parseNode(bytes, { bytesMax: SIGNATURE_DOCUMENT_BYTES_MAX }));
  const signed = guarded(() => readSigned(root));
  const certificate = guarded(() => check(signed, options));
  const { personId, name } = personOf(certificate);
  refuseOtherCertificate(signatureData.Certificate, certificate);
  const { Nonce: nonce, SignedAt, SignedText } = signed.fields;
  if (nonce === '' || nonce.length > NONCE_LENGTH_MAX) throw new UserSignatureError('STRUCTURE');
  const signedAt = instant(SignedAt);
  refuseTime(signedAt, options);
  if (signatureData.Nonce !== undefined && signatureData.Nonce !== nonce) throw new UserSignatureError('NONCE');
  const text = readText(SignedText, signatureData.EncodingOfSignedText);
  if (sameLines(text) !== sameLines(options.expectedText)) throw new UserSignatureError('OTHER_TEXT');
  if (options.expectedPersonId !== undefined && options.expectedPersonId !== personId) {
    throw new UserSignatureError('OTHER_PERSON');
  }
  const { digest: signedDigest } = signed;
  return { personId, name, signedAt, text, nonce, signedDigest, document: bytes, certificate };
}

/** Clocks of two machines differ. */
const AHEAD_MS_MAX = 60_000;
/** UTC or with offset, so that it is a moment and not a reading of some clock. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

type FieldName = (typeof USER_SIGNATURE_FIELDS)[number];

interface Signed {
  fields: Record<FieldName, string>;
  digest: Buffer;
  signature: SignatureFields;
}

/** Takes the document apart by place, not by search: there is no room for a second text or a second signature. */
function readSigned(root: XmlNode): Signed {
  if (!isNode(root, USER_SIGNATURE_NAMESPACE, USER_SIGNATURE_ROOT)) throw new UserSignatureError('DOCUMENT');
  const nodes = root.content;
  const elements = childNodes(root);
  const hasText = nodes.some((node) => node instanceof XmlText && !node.isWhiteSpace);
  const signature = elements.at(-1);
  const names = elements.map(({ name, namespace }) => `${namespace} ${name}`).join();
  if (signature === undefined || names !== EXPECTED_NAMES || hasText || root.attributes.length > 0) {
    throw new UserSignatureError('STRUCTURE');
  }
  const [SignedText = '', Nonce = '', SignedAt = ''] = elements.slice(0, -1).map(textOf);
  const content = nodes.filter((node) => node !== signature);
  const hash = createHash('sha256').update(`<${USER_SIGNATURE_ROOT} xmlns="${USER_SIGNATURE_NAMESPACE}">`);
  hash.update(canonicalNodes(content, USER_SIGNATURE_NAMESPACE)).update(`</${USER_SIGNATURE_ROOT}>`);
  const fields = { SignedText, Nonce, SignedAt };
  return { fields, digest: hash.digest(), signature: readSignature(signature, 'signed') };
}

const EXPECTED_NAMES = [
  ...USER_SIGNATURE_FIELDS.map((name) => `${USER_SIGNATURE_NAMESPACE} ${name}`),
  `${XMLDSIG_NAMESPACE} Signature`,
].join();

function textOf({ attributes, content }: XmlNode): string {
  if (attributes.length > 0 || !content.every((node) => node instanceof XmlText)) {
    throw new UserSignatureError('STRUCTURE');
  }
  return content.map((node) => node.value).join('');
}

/** The cheap refusals first; the RSA operation last, and only with a key that is trusted. */
function check({ digest, signature }: Signed, { trust, now }: VerifyUserSignatureOptions): X509Certificate {
  const { hash, signatureMethod, digestMethod } = ALGORITHMS['rsa-sha256'];
  if (signature.referenceUri !== '') throw new UserSignatureError('STRUCTURE');
  if (signature.signatureMethod !== signatureMethod || signature.digestMethod !== digestMethod) {
    throw new UserSignatureError('ALGORITHM');
  }
  if (!digest.equals(signature.digest)) throw new UserSignatureError('TAMPERED');
  const certificate = trust.admit(signature.certificateDer, now);
  if (!verify(hash, signature.signedInfo, certificate.publicKey, signature.value)) {
    throw new UserSignatureError('TAMPERED');
  }
  return certificate;
}

/** Its content is not documented (FACTS n.13): a certificate must be the signer's, anything else says nothing. */
function refuseOtherCertificate(text: string, certificate: X509Certificate): void {
  const bare = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----|\s+/g, '');
  const bytes = Buffer.from(bare, 'base64');
  const isCertificate = bytes.length > 0 && bytes[0] === 0x30 && bytes.toString('base64') === bare;
  if (isCertificate && !bytes.equals(certificate.raw)) throw new UserSignatureError('CERTIFICATE');
}

function instant(text: string): Date {
  const moment = new Date(text);
  if (!DATE_TIME.test(text) || Number.isNaN(moment.getTime())) throw new UserSignatureError('STRUCTURE');
  return moment;
}

function refuseTime(signedAt: Date, { now, maxAgeMs }: VerifyUserSignatureOptions): void {
  const ageMs = now.getTime() - signedAt.getTime();
  if (ageMs > maxAgeMs) throw new UserSignatureError('STALE');
  if (ageMs < -AHEAD_MS_MAX) throw new UserSignatureError('FUTURE');
}

function readText(base64: string, encodingName: string | undefined): string {
  const encoding = textEncoding(encodingName);
  if (encoding === undefined) throw new UserSignatureError('ENCODING');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) throw new UserSignatureError('STRUCTURE');
  const text = bytes.toString(encoding);
  if (!Buffer.from(text, encoding).equals(bytes)) throw new UserSignatureError('ENCODING');
  return text;
}

function sameLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Faults of the layers below, in this one's words. */
const FAULTS: Partial<Record<SignatureFault, UserSignatureFault>> = {
  ALGORITHM: 'ALGORITHM',
  CERTIFICATE: 'CERTIFICATE',
  KEY_USAGE: 'KEY_USAGE',
  UNTRUSTED: 'UNTRUSTED',
  NOT_YET_VALID: 'NOT_YET_VALID',
  EXPIRED: 'EXPIRED',
};

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SignatureError) throw new UserSignatureError(FAULTS[cause.code] ?? 'STRUCTURE', { cause });
    if (cause instanceof XmlRefused) throw new UserSignatureError('DOCUMENT', { cause });
    throw cause;
  }
}
