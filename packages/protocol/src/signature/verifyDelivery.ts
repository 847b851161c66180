import { createHash, verify, type X509Certificate } from 'node:crypto';
import { decodeElement } from '../codec/decode.ts';
import { Seal } from '../contract/message.ts';
import { SecureDelivery } from '../contract/message-v3.ts';
import { ContractFault } from '../faults.ts';
import type { Infer, Type } from '../notation/index.ts';
import { readMarkup } from '../xml/readMarkup.ts';
import { childNodes, type XmlNode } from '../xml/XmlNode.ts';
import { ALGORITHMS, DEFAULT_ALGORITHMS, MESSAGE_NAMESPACE, type SignatureAlgorithm } from './algorithms.ts';
import { type DeliverySource, sealedDeliveryOf, signedDeliveryOf } from './deliverySource.ts';
import { SignatureError, type SignatureLayer } from './SignatureError.ts';
import type { SignedDeliveryXml } from './sealDelivery.ts';
import { readSignature, type SignatureFields } from './signatureFields.ts';
import { digestInput, readSealed, readSigned, type SignedForm, signedXml } from './signedForm.ts';
import { readSigningCertificate, type TrustStore } from './trustStore.ts';

export interface VerifyOptions {
  /** RSA-SHA256 alone unless given; SHA-1 must be asked for. */
  algorithms?: readonly SignatureAlgorithm[];
  trust: TrustStore;
  now: Date;
}

export interface VerifiedSignedDelivery {
  delivery: SecureDelivery;
  signedBy: X509Certificate;
  /** The DigestValue of the sender's signature, base64. With the sender's id it tells a letter from every other (FACTS g). */
  signedDigest: string;
  /** The signed delivery, ready to be sealed. */
  xml: SignedDeliveryXml;
  /** Exactly the bytes that the digest covers: the canonical document without its own signature. */
  verifiedBytes: Buffer;
}

export interface VerifiedSealedDelivery {
  delivery: SecureDelivery;
  seal: Seal;
  signedBy: X509Certificate;
  sealedBy: X509Certificate;
  /** The DigestValue of the sender's signature, base64. */
  signedDigest: string;
  /** The DigestValue of the seal, base64: the same sealed delivery has the same. */
  sealedDigest: string;
  /** Exactly the bytes that the seal's digest covers; they hold the signed delivery with its signature. */
  verifiedBytes: Buffer;
}

/**
 * Verifies a sealed delivery: structure, digests, certificates and signature values of both layers (FACTS e).
 * `source` is the bytes of a SOAP message or of a standalone document, or the parsed request that a SOAP handler gets.
 *
 * What is returned is what was verified. The received tree is written once in canonical form, where every node is written
 * or refused; these bytes are hashed, and the values are then read from these bytes and nothing else. A value that the
 * digest does not cover cannot come out, whatever a reader of the received document might have made of it.
 *
 * @throws SignatureError
 */
export function verifySealedDelivery(source: DeliverySource, options: VerifyOptions): VerifiedSealedDelivery {
  return checkSealed(source, options.algorithms, (der) => options.trust.admit(der, options.now));
}

/** The same for a signed delivery without seal (FACTS b.6, `distributeSecure`). @throws SignatureError */
export function verifySignedDelivery(source: DeliverySource, options: VerifyOptions): VerifiedSignedDelivery {
  return checkSigned(source, options.algorithms, (der) => options.trust.admit(der, options.now));
}

/**
 * Whether a sealed delivery is unbroken, whoever made it: **no certificate is trusted or even dated**. For a document found in
 * an archive; never for one that is received.
 *
 * @throws SignatureError
 */
export function verifyIntegrity(
  source: DeliverySource,
  options: { algorithms?: readonly SignatureAlgorithm[] } = {},
): VerifiedSealedDelivery {
  return checkSealed(source, options.algorithms, readSigningCertificate);
}

type Admit = (certificateDer: Buffer) => X509Certificate;
type Algorithms = readonly SignatureAlgorithm[] | undefined;

function checkSealed(source: DeliverySource, algorithms: Algorithms, admit: Admit): VerifiedSealedDelivery {
  const element = sealedDeliveryOf(source);
  refuseDuplicateIds(element, 'sealed');
  const { sealed, signed } = readSealed(element);
  const outer = check(sealed, algorithms, admit);
  const inner = check(signed, algorithms, admit);
  return {
    delivery: decoded(signed, SecureDelivery),
    seal: decoded(sealed, Seal),
    signedBy: inner.certificate,
    sealedBy: outer.certificate,
    signedDigest: inner.digest,
    sealedDigest: outer.digest,
    verifiedBytes: Buffer.concat(digestInput(sealed)),
  };
}

function checkSigned(source: DeliverySource, algorithms: Algorithms, admit: Admit): VerifiedSignedDelivery {
  const element = signedDeliveryOf(source);
  refuseDuplicateIds(element, 'signed');
  const signed = readSigned(element);
  const { certificate, digest } = check(signed, algorithms, admit);
  return {
    delivery: decoded(signed, SecureDelivery),
    signedBy: certificate,
    signedDigest: digest,
    xml: signedXml(signed),
    verifiedBytes: Buffer.concat(digestInput(signed)),
  };
}

/** The cheap refusals first; the RSA operation last, and only with a key that is trusted. */
function check(
  form: SignedForm,
  algorithms: Algorithms,
  admit: Admit,
): { certificate: X509Certificate; digest: string } {
  const { layer } = form;
  const fields = readSignature(form.signature, layer);
  refuseReference(fields, form);
  const hash = hashOf(fields, algorithms ?? DEFAULT_ALGORITHMS, layer);
  const digest = digestOf(form, hash);
  if (!digest.equals(fields.digest)) throw new SignatureError('DIGEST', layer);
  const certificate = admitted(fields.certificateDer, admit, layer);
  if (!verify(hash, fields.signedInfo, certificate.publicKey, fields.value)) throw new SignatureError('VALUE', layer);
  return { certificate, digest: digest.toString('base64') };
}

/** The whole document, or the root by its own Id (FACTS e.2): never an element that has to be searched for. */
function refuseReference({ referenceUri }: SignatureFields, { id, layer }: SignedForm): void {
  const own = id !== undefined && id !== '' && referenceUri === `#${id}`;
  if (referenceUri !== '' && !own) throw new SignatureError('REFERENCE', layer);
}

function hashOf(fields: SignatureFields, allowed: readonly SignatureAlgorithm[], layer: SignatureLayer): string {
  const found = allowed
    .map((name) => ALGORITHMS[name])
    .find(
      ({ signatureMethod, digestMethod }) =>
        signatureMethod === fields.signatureMethod && digestMethod === fields.digestMethod,
    );
  if (found === undefined) throw new SignatureError('ALGORITHM', layer);
  return found.hash;
}

function digestOf(form: SignedForm, algorithm: string): Buffer {
  const hash = createHash(algorithm);
  for (const piece of digestInput(form)) hash.update(piece);
  return hash.digest();
}

function admitted(der: Buffer, admit: Admit, layer: SignatureLayer): X509Certificate {
  try {
    return admit(der);
  } catch (cause) {
    if (cause instanceof SignatureError) throw new SignatureError(cause.code, layer, { cause: cause.cause });
    throw cause;
  }
}

/** No reference is resolved by Id here; another reader of the same document may do it, and must not find two. */
function refuseDuplicateIds(element: XmlNode, layer: SignatureLayer, known = new Set<string>()): void {
  for (const { name, value } of element.attributes) {
    // whatever its case and namespace: some tool takes it for an Id
    if (name.toLowerCase() !== 'id') continue;
    if (known.has(value)) throw new SignatureError('DUPLICATE_ID', layer);
    known.add(value);
  }
  for (const child of childNodes(element)) refuseDuplicateIds(child, layer, known);
}

/** Reads the bytes that were hashed, as they stood in their root. */
function decoded<T extends Type>({ content }: SignedForm, type: T): Infer<T> {
  try {
    return decodeElement(readMarkup(content, IN_ROOT), type);
  } catch (cause) {
    if (cause instanceof ContractFault) throw new SignatureError('CONTENT', undefined, { cause });
    throw cause;
  }
}

const IN_ROOT: ReadonlyMap<string, string> = new Map([['', MESSAGE_NAMESPACE]]);
