import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM as NIST SP 800-38D recommends it: a 96-bit random nonce and a 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** First byte of every ciphertext, so that a later format can be told apart. */
const FORMAT = 1;

/**
 * Encrypts content at rest. Output: format (1) ‖ nonce (12) ‖ tag (16) ‖ ciphertext. The context (for instance organisation and
 * hash) is authenticated, so that a row's bytes cannot be moved to another row unnoticed.
 */
export interface ContentCipher {
  encrypt(plain: Uint8Array, context: string): Buffer;
  /** @throws Error when the bytes, the key or the context are not those of the encryption. */
  decrypt(sealed: Uint8Array, context: string): Buffer;
}

/** @param key 32 random bytes; losing it loses the content. */
export function createContentCipher(key: Uint8Array): ContentCipher {
  if (key.length !== KEY_BYTES) throw new Error(`a content key has ${KEY_BYTES} bytes, this one has ${key.length}`);
  return {
    encrypt(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(context));
      const body = cipher.update(plain);
      cipher.final();
      return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body]);
    },
    decrypt(sealed, context) {
      if (sealed[0] !== FORMAT) throw new Error('content at rest has an unknown format');
      const bodyStart = 1 + NONCE_BYTES + TAG_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, bodyStart));
      const body = decipher.update(sealed.subarray(bodyStart));
      decipher.final();
      return body;
    },
  };
}
