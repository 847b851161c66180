import { createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { escapeText } from '../xml/escape.ts';
import { ALGORITHMS, ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, XMLDSIG_NAMESPACE } from './algorithms.ts';

export interface SignerOptions {
  /** RSA, at least 2048 bits. */
  privateKeyPem: string;
  certificatePem: string;
}

/** One organisation's key for signatures. Only RSA-SHA256 is written (FACTS e.2). */
export interface Signer {
  readonly certificate: X509Certificate;
  /**
   * A `ds:Signature` element in canonical form over a document whose root has no `Id`, given the document's SHA-256.
   * The RSA operation runs in the thread pool: it takes a quarter of a millisecond, and the event loop has others to serve.
   */
  sign(digest: Buffer): Promise<string>;
}

const RSA_SHA256 = ALGORITHMS['rsa-sha256'];
const signOffLoop = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;

/** @throws TypeError if the key is not RSA or does not belong to the certificate */
export function createSigner({ privateKeyPem, certificatePem }: SignerOptions): Signer {
  const key = createPrivateKey(privateKeyPem);
  const certificate = new X509Certificate(certificatePem);
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('the signature key is not RSA');
  if (!createPublicKey(key).equals(certificate.publicKey)) {
    throw new TypeError('the signature key does not belong to the certificate');
  }
  const keyInfo = keyInfoOf(certificate);
  return {
    certificate,
    async sign(digest) {
      const signedInfo = signedInfoOf(digest);
      const value = await signOffLoop(
        'sha256',
        Buffer.from(`<SignedInfo xmlns="${XMLDSIG_NAMESPACE}">${signedInfo}`),
        key,
      );
      return (
        `<Signature xmlns="${XMLDSIG_NAMESPACE}"><SignedInfo>${signedInfo}` +
        `<SignatureValue>${value.toString('base64')}</SignatureValue>${keyInfo}</Signature>`
      );
    },
  };
}

/**
 * SignedInfo after its opening tag. It is hashed as a document of its own, with the namespace declared, and embedded
 * without (FACTS e.3, 5), so the opening tag is left to the caller. Canonical form has no empty-element tags.
 */
function signedInfoOf(digest: Buffer): string {
  return (
    `${algorithm('CanonicalizationMethod', EXCLUSIVE_C14N)}${algorithm('SignatureMethod', RSA_SHA256.signatureMethod)}` +
    `<Reference URI=""><Transforms>${algorithm('Transform', ENVELOPED_SIGNATURE)}</Transforms>` +
    `${algorithm('DigestMethod', RSA_SHA256.digestMethod)}<DigestValue>${digest.toString('base64')}</DigestValue>` +
    '</Reference></SignedInfo>'
  );
}

function algorithm(element: string, uri: string): string {
  return `<${element} Algorithm="${uri}"></${element}>`;
}

function keyInfoOf(certificate: X509Certificate): string {
  return (
    `<KeyInfo><X509Data><X509SubjectName>${escapeText(subjectName(certificate))}</X509SubjectName>` +
    `<X509Certificate>${certificate.raw.toString('base64')}</X509Certificate></X509Data></KeyInfo>`
  );
}

/** As Java's RFC 2253 form has it, most specific first and serialNumber by its OID. Informational (FACTS e.2). */
function subjectName(certificate: X509Certificate): string {
  const parts = certificate.subject.split('\n').reverse();
  return parts.map((part) => part.replace(/^serialNumber=/, '2.5.4.5=')).join(',');
}
