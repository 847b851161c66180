import { type FileHandle, open } from 'node:fs/promises';
import { appError } from '@brevduva/base';
import type { Rejects } from '@brevduva/far';
import { CLI_ERRORS } from '../errors.ts';

export interface RejectsFile extends Rejects {
  close(): Promise<void>;
}

/**
 * The file of refused lines, 0600 as it holds personal numbers. It is made when the load begins; one that continues goes
 * on where its last saved batch left it. @throws AppError CLI_FILE
 */
export async function openRejectsFile(file: string): Promise<RejectsFile> {
  const handle = await openForWriting(file);
  let at = 0;
  return {
    async continueAt(byteCount) {
      const { size } = await handle.stat();
      // a file that is no longer there cannot be gone on with: what is refused from now on is still written
      at = Math.min(byteCount, size);
      await handle.truncate(at);
    },
    async append(text) {
      const bytes = Buffer.from(text, 'latin1');
      await handle.write(bytes, 0, bytes.length, at);
      at += bytes.length;
    },
    close: () => handle.close(),
  };
}

async function openForWriting(file: string): Promise<FileHandle> {
  try {
    // not 'a': bytes after the last saved batch are written over
    return await open(file, 'r+', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return open(file, 'wx+', 0o600);
    });
  } catch (cause) {
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause });
  }
}
