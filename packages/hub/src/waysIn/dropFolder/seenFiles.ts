import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@brevduva/base';

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
const LOOKED_AT_ONCE = 64;

export function createFolderWatch(folder: string, clock: Clock): FolderWatch {
  let known = new Map<string, { stamp: string; sinceMs: number; firstMs: number }>();
  return {
    async look() {
      const names = (await readdir(folder)).filter((name) => !UNFINISHED.test(name)).sort();
      const nowMs = clock.now().getTime();
      const next: typeof known = new Map();
      const seen: SeenFile[] = [];
      for (let start = 0; start < names.length; start += LOOKED_AT_ONCE) {
        const bunch = names.slice(start, start + LOOKED_AT_ONCE);
        const stats = await Promise.all(bunch.map((name) => lstat(join(folder, name)).catch(ifGone)));
        for (const [n, name] of bunch.entries()) {
          const stat = stats[n];
          if (stat === undefined) continue;
          const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
          const before = known.get(name);
          const sinceMs = before?.stamp === stamp ? before.sinceMs : nowMs;
          const firstMs = before?.firstMs ?? nowMs;
          next.set(name, { stamp, sinceMs, firstMs });
          const { size: bytes, mtimeMs, ino: inode } = stat;
          const times = { unchangedMs: nowMs - sinceMs, seenMs: nowMs - firstMs };
          seen.push({ name, bytes, mtimeMs, inode, isFile: stat.isFile(), ...times });
        }
      }
      known = next;
      return seen;
    },
  };
}

/** Taken by another node, or removed by its owner, between the two calls. */
function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
