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

/** A new file that grows piece by piece; its bytes are on the disk when it has ended. */
export interface GrowingFile {
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Gives up a file that will not be ended; harmless after `end`. */
  abandon(): Promise<void>;
}

export async function openDurably(path: string): Promise<GrowingFile> {
  const file = await open(path, 'wx');
  let isOpen = true;
  const close = async () => {
    if (isOpen) {
      isOpen = false;
      await file.close();
    }
  };
  return {
    write: (bytes) => file.writeFile(bytes),
    async end() {
      await file.sync();
      await close();
    },
    abandon: close,
  };
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
