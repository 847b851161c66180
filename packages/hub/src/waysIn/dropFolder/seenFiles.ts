import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, mapSome } from '@brevduva/base';
import { ifGone } from './folders.ts';

/** A file as it stands in the folder, and since when it has stood so. */
export interface SeenFile {
  readonly name: string;
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: number;
  /** Not a link, a folder or a device. */
  readonly isFile: boolean;
  readonly unchangedMs: number;
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
  const known = new Map<string, Watched>();
  return {
    async look() {
      const nowMs = clock.now().getTime();
      const names = (await readdir(folder)).filter((name) => !UNFINISHED.test(name)).sort();
      for (const name of goneNames(known, names)) known.delete(name);
      await mapSome(names, LOOKED_AT_ONCE, async (name) => {
        const stat = await lstat(join(folder, name)).catch(ifGone);
        if (stat === undefined) known.delete(name);
        else note(name, stat, nowMs, known);
      });
      return names.flatMap((name) => known.get(name) ?? []);
    },
  };
}

/**
 * The one object of a file, for as long as it lies there: a hundred thousand new ones at every look are rubbish that outlives a short
 * collection, and made the process 300 MB larger before the long one came.
 */
interface Watched extends SeenFile {
  bytes: number;
  mtimeMs: number;
  inode: number;
  isFile: boolean;
  unchangedMs: number;
  sinceMs: number;
}

function note(name: string, stat: Stats, nowMs: number, known: Map<string, Watched>): void {
  const { size: bytes, mtimeMs, ino: inode } = stat;
  const file = known.get(name);
  if (file === undefined) {
    const times = { unchangedMs: 0, sinceMs: nowMs };
    known.set(name, { name, bytes, mtimeMs, inode, isFile: stat.isFile(), ...times });
    return;
  }
  const isSame = file.bytes === bytes && file.mtimeMs === mtimeMs && file.inode === inode;
  if (!isSame) Object.assign(file, { bytes, mtimeMs, inode, isFile: stat.isFile(), sinceMs: nowMs });
  file.unchangedMs = nowMs - file.sinceMs;
}

function goneNames(known: ReadonlyMap<string, Watched>, names: readonly string[]): string[] {
  if (known.size === 0) return [];
  const there = new Set(names);
  return [...known.keys()].filter((name) => !there.has(name));
}
