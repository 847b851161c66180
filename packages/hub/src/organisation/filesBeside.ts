import { readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { DOCUMENT_CHARS_MAX } from '../pdf/templateLetter.ts';

/** Reads a file that a configuration file names; undefined when there is none, or none of that size. */
export type ReadFileBeside = (path: string) => string | undefined;

/** Four bytes a character, at most. */
const FILE_BYTES_MAX = 4 * DOCUMENT_CHARS_MAX;

/** Files in the configuration file's own folder and below it; a link out of there leads nowhere. */
export function filesBeside(folder: string): ReadFileBeside {
  return (path) => {
    try {
      const root = realpathSync(folder);
      const file = realpathSync(resolve(root, path));
      if (!file.startsWith(root + sep) || statSync(file).size > FILE_BYTES_MAX) return undefined;
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (NOT_THERE.includes((error as NodeJS.ErrnoException).code)) return undefined;
      throw error;
    }
  };
}

const NOT_THERE: readonly (string | undefined)[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'ELOOP'];
