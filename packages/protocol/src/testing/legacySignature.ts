import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { ALGORITHMS, ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, XMLDSIG_NAMESPACE } from '../signature/algorithms.ts';
import {
  type SealedDeliveryXml,
  type SignedDeliveryXml,
  standaloneSealedDelivery,
  standaloneSignedDelivery,
} from '../signature/sealDelivery.ts';
import type { SignerOptions } from '../signature/signer.ts';

/**
 * The same signed delivery with an RSA-SHA1 signature, as clients before 2023 make it (FACTS e.2). We write none
 * ourselves; this is for finding out whether another party still accepts it.
 */
export function signedWithSha1(signed: SignedDeliveryXml, keys: SignerOptions): SignedDeliveryXml {
  const document = without(standaloneSignedDelivery(signed), signed.signature);
  return { ...signed, signature: sha1Signature(document, keys) };
}

/** The same sealed delivery with an RSA-SHA1 seal. */
export function sealedWithSha1(sealed: SealedDeliveryXml, keys: SignerOptions): SealedDeliveryXml {
  const document = without(standaloneSealedDelivery(sealed), sealed.signature);
  return { ...sealed, signature: sha1Signature(document, keys) };
}

/** The enveloped-signature transform: the signature is the root's last child. */
function without(document: Buffer, signature: Buffer): Buffer {
  const at = document.lastIndexOf(signature);
  return Buffer.concat([document.subarray(0, at), document.subarray(at + signature.length)]);
}

function sha1Signature(document: Buffer, { privateKeyPem, certificatePem }: SignerOptions): Buffer {
  const { signatureMethod, digestMethod } = ALGORITHMS['rsa-sha1'];
  const digest = createHash('sha1').update(document).digest('base64');
  const info =
    `<CanonicalizationMethod Algorithm="${EXCLUSIVE_C14N}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${signatureMethod}"></SignatureMethod><Reference URI=""><Transforms>` +
    `<Transform Algorithm="${ENVELOPED_SIGNATURE}"></Transform></Transforms>` +
    `<DigestMethod Algorithm="${digestMethod}"></DigestMethod><DigestValue>${digest}</DigestValue></Reference></SignedInfo>`;
  const signedInfo = Buffer.from(`<SignedInfo xmlns="${XMLDSIG_NAMESPACE}">${info}`);
  const value = sign('sha1', signedInfo, createPrivateKey(privateKeyPem)).toString('base64');
  const certificate = new X509Certificate(certificatePem).raw.toString('base64');
  return Buffer.from(
    `<Signature xmlns="${XMLDSIG_NAMESPACE}"><SignedInfo>${info}<SignatureValue>${value}</SignatureValue>` +
      `<KeyInfo><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></Signature>`,
  );
}
