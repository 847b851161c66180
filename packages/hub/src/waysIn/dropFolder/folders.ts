import { constants } from 'node:fs';
import { access, mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A system's folders. `in`, `done`, `failed` and `results` are the system's to see; `working` is ours. */
export interface SystemFolders {
  readonly root: string;
  readonly in: string;
  readonly working: string;
  readonly done: string;
  readonly failed: string;
  readonly results: string;
}

/** Those that the system itself may look into. */
export const OPEN_FOLDERS = ['in', 'done', 'failed', 'results'] as const;
export type OpenFolder = (typeof OPEN_FOLDERS)[number];

const FOLDER_MODE = 0o770;

export function foldersOf(root: string, loginName: string): SystemFolders {
  const own = join(root, loginName);
  const inside = (name: string) => join(own, name);
  return {
    root: own,
    in: inside('in'),
    working: inside('working'),
    done: inside('done'),
    failed: inside('failed'),
    results: inside('results'),
  };
}

/** Makes the folders where they are missing. */
export async function makeFolders(folders: SystemFolders): Promise<void> {
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
}

/** For a `catch`: what is not there, or not any more because another node or its owner took it, is undefined and no error. */
export function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Whether something of that name can be reached, of whatever kind. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes a file that is never seen half-written and survives a power cut. */
export async function writeWhole(folder: string, name: string, bytes: Buffer | string): Promise<void> {
  const unfinished = join(folder, `.${name}.tmp`);
  await writeFile(unfinished, bytes, { flush: true });
  await rename(unfinished, join(folder, name));
}

/** Why a file was not read. */
export type UnreadFile = 'missing' | 'noFile' | 'tooLarge';

/** Reads a file that is a file itself: no link is followed, and no more read than allowed. */
export async function readPlainFile(path: string, bytesMax: number): Promise<Buffer | UnreadFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(whyUnopened);
  if (typeof handle === 'string') return handle;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return 'noFile';
    if (stat.size > bytesMax) return 'tooLarge';
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function whyUnopened(error: NodeJS.ErrnoException): UnreadFile {
  if (error.code === 'ENOENT') return 'missing';
  if (error.code === 'ELOOP' || error.code === 'EISDIR' || error.code === 'ENXIO') return 'noFile';
  throw error;
}
