import { createHash } from 'node:crypto';
import { type Encodable, encodeElement, encodeElementBytes } from '../codec/encode.ts';
import { Seal } from '../contract/message.ts';
import { SecureDelivery } from '../contract/message-v3.ts';
import { MESSAGE_NAMESPACE, SERVICE_NAMESPACE } from './algorithms.ts';
import type { Signer } from './signer.ts';

/**
 * A signed delivery as bytes, in the canonical form in which it is embedded (FACTS e.3): it is kept like this and never
 * built again from values.
 */
export interface SignedDeliveryXml {
  /** Attributes of the root as written, ` Id="…"` or nothing. We write none. */
  readonly attributes: string;
  /** What stands between the root's opening tag and the signature: `<Delivery>…</Delivery>`. */
  readonly content: Buffer;
  readonly signature: Buffer;
  /** White space after the signature; we write none. */
  readonly after: string;
}

/** A sealed delivery as bytes. */
export interface SealedDeliveryXml {
  readonly signed: SignedDeliveryXml;
  readonly seal: Encodable<Seal>;
  readonly signature: Buffer;
}

const ENVELOPE_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';
const NS = `xmlns="${MESSAGE_NAMESPACE}"`;
const ENVELOPE_HEAD = `<env:Envelope xmlns:env="${ENVELOPE_NAMESPACE}"><env:Body>`;
const ENVELOPE_TAIL = '</env:Body></env:Envelope>';
const REQUEST_HEAD = `${ENVELOPE_HEAD}<deliverSecure xmlns="${SERVICE_NAMESPACE}"><deliverSecure>`;
const REQUEST_TAIL = `</deliverSecure></deliverSecure>${ENVELOPE_TAIL}`;

/**
 * Signs a delivery as the sender (FACTS e.1, inner layer): RSA-SHA256 over `<SignedDelivery xmlns=…>` as a document of
 * its own.
 *
 * @throws EncodeFault if a value does not fit its type
 */
export async function signDelivery(delivery: Encodable<SecureDelivery>, signer: Signer): Promise<SignedDeliveryXml> {
  const content = encodeElementBytes(DELIVERY, SecureDelivery, delivery, MESSAGE_NAMESPACE);
  const digest = createHash('sha256')
    .update(`<SignedDelivery ${NS}>`)
    .update(content)
    .update('</SignedDelivery>')
    .digest();
  return { attributes: '', content, signature: Buffer.from(await signer.sign(digest)), after: '' };
}

/**
 * Seals a signed delivery as the dispatcher (FACTS e.1, outer layer): over `<SealedDelivery xmlns=…>` with the signed
 * delivery, its signature included, byte for byte as it was signed, save the declaration that now repeats the root's.
 */
export async function sealDelivery(
  signed: SignedDeliveryXml,
  seal: Encodable<Seal>,
  signer: Signer,
): Promise<SealedDeliveryXml> {
  const hash = createHash('sha256').update(`<SealedDelivery ${NS}>`);
  for (const piece of signedPieces(signed, '')) hash.update(piece);
  const digest = hash.update(`${encodeElement(SEAL, Seal, seal, MESSAGE_NAMESPACE)}</SealedDelivery>`).digest();
  return { signed, seal, signature: Buffer.from(await signer.sign(digest)) };
}

/** The bytes of the SOAP request on the wire: `s3:deliverSecure/s3:deliverSecure` (FACTS b.4), without prefixes. */
export function deliverSecureRequest({ signed, seal, signature }: SealedDeliveryXml): Buffer {
  return Buffer.concat([
    Buffer.from(REQUEST_HEAD),
    ...signedPieces(signed, ` ${NS}`),
    Buffer.from(encodeElement(SEAL, Seal, seal, SERVICE_NAMESPACE)),
    signature,
    Buffer.from(REQUEST_TAIL),
  ]);
}

/**
 * The bytes of the SOAP request on the wire: `m3:distributeSecure/m3:signedDelivery` (FACTS b.6). The element's name is
 * another than the one it was signed under, which is the infrastructure's way (FACTS e.3).
 */
export function distributeSecureRequest({ attributes, content, signature, after }: SignedDeliveryXml): Buffer {
  return Buffer.concat([
    Buffer.from(`${ENVELOPE_HEAD}<distributeSecure ${NS}><signedDelivery${attributes}>`),
    content,
    signature,
    Buffer.from(`${after}</signedDelivery></distributeSecure>${ENVELOPE_TAIL}`),
  ]);
}

/** The signed document as a file that any XMLDSig tool verifies. */
export function standaloneSignedDelivery(signed: SignedDeliveryXml): Buffer {
  return Buffer.concat(signedPieces(signed, ` ${NS}`));
}

/** The sealed document as a file that any XMLDSig tool verifies. */
export function standaloneSealedDelivery({ signed, seal, signature }: SealedDeliveryXml): Buffer {
  const sealXml = Buffer.from(encodeElement(SEAL, Seal, seal, MESSAGE_NAMESPACE));
  const tail = Buffer.from('</SealedDelivery>');
  return Buffer.concat([Buffer.from(`<SealedDelivery ${NS}>`), ...signedPieces(signed, ''), sealXml, signature, tail]);
}

const DELIVERY = { namespace: MESSAGE_NAMESPACE, name: 'Delivery' };
const SEAL = { namespace: MESSAGE_NAMESPACE, name: 'Seal' };

function signedPieces({ attributes, content, signature, after }: SignedDeliveryXml, declaration: string): Buffer[] {
  const head = Buffer.from(`<SignedDelivery${declaration}${attributes}>`);
  return [head, content, signature, Buffer.from(`${after}</SignedDelivery>`)];
}
