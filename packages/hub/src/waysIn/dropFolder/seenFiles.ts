import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, mapSome } from '@brevduva/base';

/** A file as it stands in the folder, and since when it has stood so. */
export interface SeenFile {
  readonly name: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
  /** Not a link, a folder or a device. */
  readonly isFile: boolean;
  readonly unchangedMs: number;
  readonly seenMs: number;
}

/**
 * Looks at a folder again and again. How long a file has been as it is, is what we have seen ourselves, by one clock: a time of change
 * says nothing, since programs that copy files set it to the original's.
 */
export interface FolderWatch {
  look(): Promise<SeenFile[]>;
}

/** What is still being written: by the writer's own word, or hidden. */
const UNFINISHED = /^\.|~$|\.(?:tmp|part|partial|filepart|crdownload|uploading|swp)$/i;
const LOOKED_AT_ONCE = 16;

export function createFolderWatch(folder: string, clock: Clock): FolderWatch {
  let known = new Map<string, Known>();
  return {
    async look() {
      const names = (await readdir(folder)).filter((name) => !UNFINISHED.test(name)).sort();
      const nowMs = clock.now().getTime();
      const next = new Map<string, Known>();
      const stats = await mapSome(names, LOOKED_AT_ONCE, async (name) => {
        const stat = await lstat(join(folder, name)).catch(ifGone);
        return stat && toSeen(name, stat, nowMs, known, next);
      });
      known = next;
      return stats.filter((seen) => seen !== undefined);
    },
  };
}

interface Known {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
  readonly sinceMs: number;
  readonly firstMs: number;
}

/** What was known of a file is kept as it is while the file stands unchanged: there may be a hundred thousand, looked at every other second. */
function toSeen(
  name: string,
  stat: Stats,
  nowMs: number,
  known: Map<string, Known>,
  next: Map<string, Known>,
): SeenFile {
  const { size: bytes, mtimeMs, ino: inode } = stat;
  const before = known.get(name);
  const isSame = before?.bytes === bytes && before.mtimeMs === mtimeMs && before.inode === inode;
  const now = isSame ? before : { bytes, mtimeMs, inode, sinceMs: nowMs, firstMs: before?.firstMs ?? nowMs };
  next.set(name, now);
  const times = { unchangedMs: nowMs - now.sinceMs, seenMs: nowMs - now.firstMs };
  return { name, bytes, mtimeMs, inode, isFile: stat.isFile(), ...times };
}

/** Taken by another node, or removed by its owner, between the two calls. */
function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
