import { link, lstat, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { mapSome, newId, type Pool } from '@brevduva/base';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import { deleteFileDelivery, type FileDelivery, insertFileDelivery, noteTaken } from '../../sql/fileDeliveries.ts';
import type { ReadyDelivery } from './deliveries.ts';
import { ifGone, type SystemFolders } from './folders.ts';
import type { SeenFile } from './seenFiles.ts';

export interface ClaimOptions {
  readonly pool: Pool;
  readonly node: string;
  readonly leaseId: string;
  readonly leaseMs: number;
  readonly crashPoint?: (name: string) => void;
}

/**
 * Takes a complete delivery: noted in the database, so that one node does it, then its files are moved into a folder of their own, the one
 * that stands for it first.
 *
 * @returns undefined when another node was faster, or the file is not the one that was seen to be complete.
 */
export async function claimDelivery(
  { kind, main, others }: ReadyDelivery,
  system: BusinessSystem,
  folders: SystemFolders,
  options: ClaimOptions,
): Promise<FileDelivery | undefined> {
  const { pool } = options;
  const { organisationId } = system;
  const id = newId();
  const noted = await insertFileDelivery(pool, system, { id, name: main.name, kind }, options);
  if (noted === undefined) return undefined;
  const delivery = { organisationId, id, systemCode: system.code, name: main.name, kind, isTaken: true, attempts: 1 };
  options.crashPoint?.('dropFolder:noted');
  const folder = join(folders.working, id);
  await mkdir(folder);
  const isMoved = await moveIfThere(folders.in, folder, main.name);
  if (!isMoved || !(await isAsSeen(join(folder, main.name), main))) {
    await giveBack(delivery, folders);
    await deleteFileDelivery(pool, delivery);
    return undefined;
  }
  options.crashPoint?.('dropFolder:moved');
  await mapSome(others, MOVED_AT_ONCE, (name) => moveIfThere(folders.in, folder, name));
  await noteTaken(pool, delivery);
  options.crashPoint?.('dropFolder:taken');
  return { ...delivery, claimedAt: noted.claimedAt };
}

/**
 * Puts the files of a delivery that was not wholly taken back where they were.
 * @returns false when a new file of the same name lies there: nothing is ever written over.
 */
export async function giveBack({ id }: Pick<FileDelivery, 'id'>, folders: SystemFolders): Promise<boolean> {
  const folder = join(folders.working, id);
  const names = await readdir(folder).catch(ifGone);
  if (names === undefined) return true;
  let isAllBack = true;
  for (const name of names) isAllBack = (await moveWithoutOverwriting(folder, folders.in, name)) && isAllBack;
  if (isAllBack) await rmdir(folder);
  return isAllBack;
}

/** Moves a delivery that has been answered to its last place; done again, it finds it there. */
export async function putAway(
  { id, name }: Pick<FileDelivery, 'id' | 'name'>,
  folders: SystemFolders,
  outcome: 'done' | 'failed',
): Promise<void> {
  await rename(join(folders.working, id), join(folders[outcome], lastFolderName(id, name))).catch(ifGone);
}

/** The delivery's name with the end of its id, so that the same name can come again. */
export function lastFolderName(id: string, name: string): string {
  return `${name} ${id.slice(-ID_CHARACTERS)}`;
}

const ID_CHARACTERS = 12;
const MOVED_AT_ONCE = 16;

/** A file that nobody has moved meanwhile is the one that was looked at. */
async function isAsSeen(path: string, { inode, bytes, mtimeMs }: SeenFile): Promise<boolean> {
  const stat = await lstat(path);
  return stat.ino === inode && stat.size === bytes && stat.mtimeMs === mtimeMs;
}

async function moveIfThere(from: string, to: string, name: string): Promise<boolean> {
  try {
    await rename(join(from, name), join(to, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function moveWithoutOverwriting(from: string, to: string, name: string): Promise<boolean> {
  // A folder that somebody put in the way: only a file or link can be given back without overwriting.
  if ((await lstat(join(from, name))).isDirectory()) return false;
  try {
    await link(join(from, name), join(to, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await unlink(join(from, name));
  return true;
}
