import { type DeliverySource, sealedDeliveryOf, signedDeliveryOf } from './deliverySource.ts';
import { readSealed, readSigned, standaloneDocument } from './signedForm.ts';

/**
 * The two documents that were really signed (FACTS e.3), rebuilt from a received delivery, so that any XMLDSig tool can
 * judge them. Nothing is verified here.
 *
 * @throws SignatureError if the structure is not that of a sealed delivery
 */
export function rebuildStandalone(source: DeliverySource): { signedDelivery: Buffer; sealedDelivery: Buffer } {
  const { signed, sealed } = readSealed(sealedDeliveryOf(source));
  return { signedDelivery: standaloneDocument(signed), sealedDelivery: standaloneDocument(sealed) };
}

/**
 * The same for a signed delivery without seal, as `distributeSecure` carries it.
 *
 * @throws SignatureError if the structure is not that of a signed delivery
 */
export function rebuildStandaloneSigned(source: DeliverySource): Buffer {
  return standaloneDocument(readSigned(signedDeliveryOf(source)));
}
