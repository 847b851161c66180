import { createHash } from 'node:crypto';
import { appError, createContentCipher, type ContentCipher as OneKeyCipher } from '@brevduva/base';
import { ERRORS } from '../errors.ts';

const KEY_BYTES = 32;
const KEY_ID_CHARACTERS = 16;

/** Encrypts letters at rest. A value can only be opened in the place (`context`) it was written for. */
export interface ContentKeys {
  /** Names the key that new content is written with; stored beside it. */
  readonly keyId: string;
  encrypt(plain: Buffer, context: string): Buffer;
  /** @throws AppError MAILBOX_CONTENT_UNREADABLE when the key is unknown or the bytes, or their place, were changed. */
  decrypt(keyId: string, encrypted: Buffer, context: string): Buffer;
}

/**
 * AES-256-GCM under the first key; all keys read, so that a key can be replaced without rewriting the store.
 * @throws AppError MAILBOX_CONTENT_KEY_LENGTH
 */
export function createContentKeys(keys: readonly [Buffer, ...Buffer[]]): ContentKeys {
  const byId = new Map(keys.map((key) => [keyIdOf(key), createContentCipher(key)]));
  const current = createContentCipher(keys[0]);
  return {
    keyId: keyIdOf(keys[0]),
    encrypt: (plain, context) => current.encrypt(plain, context),
    decrypt(keyId, encrypted, context) {
      const cipher = byId.get(keyId);
      if (cipher === undefined) throw unreadable(`no content key ${keyId}`);
      return decryptWith(cipher, encrypted, context);
    },
  };
}

/** A name for a key that tells nothing about it. */
function keyIdOf(key: Buffer): string {
  if (key.length !== KEY_BYTES) {
    throw appError(ERRORS, 'MAILBOX_CONTENT_KEY_LENGTH', { detail: `${key.length} bytes` });
  }
  return createHash('sha256').update('brevduva content key\0').update(key).digest('hex').slice(0, KEY_ID_CHARACTERS);
}

function decryptWith(cipher: OneKeyCipher, encrypted: Buffer, context: string): Buffer {
  try {
    return cipher.decrypt(encrypted, context);
  } catch (cause) {
    throw unreadable(`content of ${context} does not open`, cause);
  }
}

function unreadable(detail: string, cause?: unknown): Error {
  return appError(ERRORS, 'MAILBOX_CONTENT_UNREADABLE', { detail, cause });
}
