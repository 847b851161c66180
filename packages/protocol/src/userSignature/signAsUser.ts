import { createHash } from 'node:crypto';
import type { SignatureData } from '../contract/common.ts';
import type { Signer } from '../signature/signer.ts';
import { escapeText } from '../xml/escape.ts';
import {
  NONCE_LENGTH_MAX,
  SIGNATURE_DOCUMENT_BYTES_MAX,
  USER_SIGNATURE_NAMESPACE,
  USER_SIGNATURE_ROOT,
} from './document.ts';

export interface SignAsUserOptions {
  /** What the person has read and agrees to. */
  text: string;
  /** Never used twice by the same person: a UUID does. */
  nonce: string;
  /** The person's key; the certificate's subject has the personal number as SERIALNUMBER and the name as CN. */
  signer: Signer;
  signedAt: Date;
}

/**
 * Signs as a person, the way an e-ID does (FACTS e.5). For the development e-ID and for tests; a real e-ID signs in its own
 * service. The answer goes as it is into `register`, `changeServiceSupplier` and the others.
 *
 * @throws RangeError if nonce or text is empty, has characters that XML has not, or is too long
 */
export async function signAsUser({ text, nonce, signer, signedAt }: SignAsUserOptions): Promise<SignatureData> {
  if (nonce === '' || nonce.length > NONCE_LENGTH_MAX || NOT_IN_XML.test(nonce)) {
    throw new RangeError(`a nonce has 1 to ${NONCE_LENGTH_MAX} characters of XML`);
  }
  if (text === '') throw new RangeError('there is nothing to sign');
  const content =
    `<SignedText>${Buffer.from(text).toString('base64')}</SignedText><Nonce>${escapeText(nonce)}</Nonce>` +
    `<SignedAt>${signedAt.toISOString()}</SignedAt>`;
  const digest = createHash('sha256').update(`${HEAD}${content}${TAIL}`).digest();
  const document = Buffer.from(`${HEAD}${content}${await signer.sign(digest)}${TAIL}`);
  if (document.length > SIGNATURE_DOCUMENT_BYTES_MAX) throw new RangeError('the text is too long to sign');
  return {
    Signature: document,
    Certificate: signer.certificate.raw.toString('base64'),
    Nonce: nonce,
    EncodingOfSignedText: 'UTF-8',
  };
}

const HEAD = `<${USER_SIGNATURE_ROOT} xmlns="${USER_SIGNATURE_NAMESPACE}">`;
const TAIL = `</${USER_SIGNATURE_ROOT}>`;
/** Also tab and line break, which XML has but would not give back unchanged from everywhere. */
const NOT_IN_XML = /[^\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
