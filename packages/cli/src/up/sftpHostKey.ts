import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../writeFileAtomic.ts';

/** The private key by which SFTP clients know this installation again, in PEM; made the first time and kept. */
export async function sftpHostKey(folder: string): Promise<string> {
  const file = join(folder, 'sftp-host-key.pem');
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFileAtomic(file, privateKey);
  return privateKey;
}
