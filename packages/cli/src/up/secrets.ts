import { hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { appError } from '@brevduva/base';
import { CLI_ERRORS } from '../errors.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';

/** Every password and key of a development installation, derived from one random secret by its purpose. */
export interface Secrets {
  /** 32 bytes, for encryption. */
  key(purpose: string): Buffer;
  /** 43 characters, for passwords and client secrets. */
  text(purpose: string): string;
}

const SECRET_BYTES = 32;

/** Reads the secret kept in `file` (0600), made the first time. Throws CLI_SECRET_FILE when it is damaged. */
export async function openSecrets(file: string): Promise<Secrets> {
  const secret = (await readSecret(file)) ?? (await makeSecret(file));
  const key = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', purpose, SECRET_BYTES));
  return { key, text: (purpose) => key(purpose).toString('base64url') };
}

async function readSecret(file: string): Promise<Buffer | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const secret = Buffer.from(text.trim(), 'base64url');
  // A new one in its place would make every stored letter unreadable, in silence.
  if (secret.length !== SECRET_BYTES) throw appError(CLI_ERRORS, 'CLI_SECRET_FILE', { values: { file } });
  return secret;
}

async function makeSecret(file: string): Promise<Buffer> {
  const secret = randomBytes(SECRET_BYTES);
  await writeFileAtomic(file, `${secret.toString('base64url')}\n`);
  return secret;
}
