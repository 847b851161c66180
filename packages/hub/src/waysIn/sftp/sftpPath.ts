import { join, posix } from 'node:path';
import { OPEN_FOLDERS, type OpenFolder, type SystemFolders } from '../dropFolder/folders.ts';

/** Where a path of the client leads: the top, one of the four folders, or something in one of them. */
export type SftpPlace =
  | { readonly kind: 'top' }
  | { readonly kind: 'folder'; readonly folder: OpenFolder; readonly real: string }
  | {
      readonly kind: 'inside';
      readonly folder: OpenFolder;
      /** Below the folder; at most a delivery's folder and a file in it. */
      readonly parts: readonly string[];
      readonly real: string;
    };

const NAME_BYTES_MAX = 200;
const DEPTH_MAX = 2;

/**
 * What a client's path means. It is resolved in a tree of our own, in which there is nothing above the top: `..` and absolute paths
 * cannot lead out, and no path of the client is ever given to the file system as it is.
 *
 * @returns undefined where there can be nothing.
 */
export function sftpPlace(path: string, folders: SystemFolders): SftpPlace | undefined {
  if (/[\\\p{Cc}]/u.test(path)) return undefined;
  const [first, ...parts] = canonicalPath(path).slice(1).split('/');
  if (first === undefined || first === '') return { kind: 'top' };
  const folder = OPEN_FOLDERS.find((each) => each === first);
  if (folder === undefined) return undefined;
  if (parts.length === 0) return { kind: 'folder', folder, real: folders[folder] };
  // Ours begin with a dot: half-written uploads, and notes.
  const isAllowed = (name: string) => !name.startsWith('.') && Buffer.byteLength(name) <= NAME_BYTES_MAX;
  const depthMax = folder === 'in' || folder === 'results' ? 1 : DEPTH_MAX;
  if (parts.length > depthMax || !parts.every(isAllowed)) return undefined;
  return { kind: 'inside', folder, parts, real: join(folders[folder], ...parts) };
}

/** The path from the top, as the client is told it. */
export function canonicalPath(path: string): string {
  const whole = posix.resolve('/', path);
  return whole === '' ? '/' : whole;
}
