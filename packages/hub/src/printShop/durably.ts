import { type FileHandle, open } from 'node:fs/promises';

/** The names in a folder are durable only when the folder itself is synced. */
export async function syncFolder(path: string): Promise<void> {
  await withHandle(path, 'r', (folder) => folder.sync());
}

/** A new file; its bytes are on the disk when it returns. */
export async function writeDurably(
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  await withHandle(path, 'wx', async (file) => {
    for await (const part of parts) await file.writeFile(part);
    await file.sync();
  });
}

async function withHandle(path: string, flags: string, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

/** `ENOENT` and the like; undefined when it is no fault of the file system. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
