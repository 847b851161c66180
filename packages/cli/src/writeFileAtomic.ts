import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Readable by the owner alone: what every key, password and state file of the data folder has. */
export const OWNER_ONLY = 0o600;

/**
 * Writes a whole file or nothing: a reader never sees half of it, and a kill leaves the old one.
 * @param mode permissions of the new file; OWNER_ONLY unless given.
 */
export async function writeFileAtomic(path: string, content: string, mode = OWNER_ONLY): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
