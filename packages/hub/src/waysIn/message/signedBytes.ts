import type { SignedDeliveryXml } from '@brevduva/protocol';

/** The parts of a signed delivery as one piece of content, and back: what was signed is kept byte for byte (design 5). */
export function signedBytes({ attributes, content, signature, after }: SignedDeliveryXml): Buffer {
  const parts = [Buffer.from(attributes), content, signature, Buffer.from(after)];
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
}

/** @throws RangeError when the bytes are not those of {@link signedBytes}. */
export function readSignedBytes(bytes: Buffer): SignedDeliveryXml {
  let at = 0;
  const next = (): Buffer => {
    const length = bytes.readUInt32BE(at);
    const part = bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length);
    if (part.length !== length) throw new RangeError('a signed delivery that is cut short');
    at += LENGTH_BYTES + length;
    return part;
  };
  const [attributes, content, signature, after] = [next(), next(), next(), next()];
  if (at !== bytes.length) throw new RangeError('a signed delivery with something after it');
  return { attributes: attributes.toString(), content, signature, after: after.toString() };
}

export const SIGNED_CONTENT_TYPE = 'application/vnd.brevduva.signed-delivery';
const LENGTH_BYTES = 4;

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(part.length);
  return length;
}
