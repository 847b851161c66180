import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { appError } from './appError.ts';
import { BASE_ERRORS } from './errors.ts';

/** Encrypts what lies in the database. What was written for one place (`context`) opens in no other. */
export interface ContentCipher {
  encrypt(plain: Buffer, context: string): Buffer;
  /** Throws BASE_CONTENT_UNREADABLE when the key or the context is another, or a byte was changed. */
  decrypt(encrypted: Buffer, context: string): Buffer;
}

const KEY_BYTES = 32;
const VERSION = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + SALT_BYTES + TAG_BYTES;
/** May be constant, since every message has a key of its own. */
const IV = Buffer.alloc(12);

/**
 * AES-256-GCM: version (1), salt (16), tag (16), ciphertext. Each message has its own key, derived from a random salt:
 * one key with random 96-bit nonces is good for 2^32 messages only, which a large municipality would reach.
 */
export function createContentCipher(key: Buffer): ContentCipher {
  if (key.length !== KEY_BYTES) throw new TypeError(`A content key has ${KEY_BYTES} bytes, not ${key.length}`);
  return {
    encrypt(plain, context) {
      const salt = randomBytes(SALT_BYTES);
      const cipher = createCipheriv('aes-256-gcm', messageKey(key, salt), IV).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), salt, cipher.getAuthTag(), body]);
    },
    decrypt(encrypted, context) {
      if (encrypted.length < HEAD_BYTES || encrypted[0] !== VERSION) throw unreadable('not written by this cipher');
      const salt = encrypted.subarray(1, 1 + SALT_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', messageKey(key, salt), IV, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(encrypted.subarray(1 + SALT_BYTES, HEAD_BYTES));
      const plain = decipher.update(encrypted.subarray(HEAD_BYTES));
      try {
        return Buffer.concat([plain, decipher.final()]);
      } catch (err) {
        throw unreadable('the tag does not match', err);
      }
    },
  };
}

function messageKey(key: Buffer, salt: Buffer): Buffer {
  return createHmac('sha256', key).update('brevduva content\0').update(salt).digest();
}

function unreadable(detail: string, cause?: unknown): Error {
  return appError(BASE_ERRORS, 'BASE_CONTENT_UNREADABLE', { detail, cause });
}
