import { createHmac } from 'node:crypto';
import type { PostalAddress } from '../paper/address.ts';

/** Who lives where, as 32 bytes that say neither. */
export type AddressDigest = (recipient: string, address: PostalAddress) => Buffer;

/**
 * Knows an address again without keeping it: a keyed digest, since a personal number alone could be found by trying them all. Spelling that
 * means the same (capitals, spaces, `SE`) is the same, and the name does not count: the number says whose it is.
 */
export function createAddressDigest(contentKey: Buffer): AddressDigest {
  const key = createHmac('sha256', contentKey).update('brevduva: flagged address').digest();
  return (recipient, { careOf = '', lines, postalCode = '', city, country = 'SE' }) => {
    const parts = [careOf, ...lines, postalCode.replaceAll(' ', ''), city, country];
    const plain = parts.map((part) =>
      part
        .normalize('NFC')
        .toLocaleUpperCase('sv')
        .replace(/[\s.,]+/gu, ' ')
        .trim(),
    );
    return createHmac('sha256', key)
      .update(JSON.stringify([recipient, ...plain.filter((part) => part !== '')]))
      .digest();
  };
}
