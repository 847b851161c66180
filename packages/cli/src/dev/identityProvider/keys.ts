import { generateKeyPair, type JsonWebKey, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { writeFileAtomic } from '../../writeFileAtomic.ts';

export interface IdentityProviderKeys {
  /** Signs the id tokens. */
  readonly jwk: JsonWebKey & { kty: string; kid: string };
  /** Signs the cookies. */
  readonly cookieKey: string;
}

const COOKIE_KEY_BYTES = 32;
const RSA_BITS = 2048;

/** The keys kept in `file` (0600), made the first time: a restart in the middle of a login does no harm. */
export async function loadOrMakeKeys(file: string): Promise<IdentityProviderKeys> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return JSON.parse(text) as IdentityProviderKeys;
  const keys = await makeKeys();
  await writeFileAtomic(file, `${JSON.stringify(keys)}\n`);
  return keys;
}

async function makeKeys(): Promise<IdentityProviderKeys> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
  const kid = randomBytes(8).toString('hex');
  const jwk = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA', kid, use: 'sig', alg: 'RS256' };
  return { jwk, cookieKey: randomBytes(COOKIE_KEY_BYTES).toString('base64url') };
}
