import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A letter that lies with a print shop. */
export interface Printed {
  readonly letter: string;
  readonly sha256: string;
  readonly sheets: number;
  readonly batch: string;
  /** Path of its PDF. */
  readonly pdf: string;
}

/** Every letter in every batch of every print shop's folder: one entry for each time that it was handed over. */
export async function printedLetters(paperDir: string): Promise<Printed[]> {
  const names = await readdir(paperDir, { recursive: true });
  const manifests = names.filter((name) => /^\d{12}\/[^/]+\/(?:batches|done)\/[^/]+\/manifest\.json$/.test(name));
  const batches = manifests.map(async (name) => {
    const folder = join(paperDir, name, '..');
    const { batch, letters } = JSON.parse(await readManifest(paperDir, name));
    return letters.map((line: Omit<Printed, 'batch' | 'pdf'> & { readonly file: string }) => ({
      ...{ letter: line.letter, sha256: line.sha256, sheets: line.sheets, batch },
      pdf: join(folder, line.file),
    }));
  });
  return (await Promise.all(batches)).flat();
}

/** A shop may move the batch while we look. */
function readManifest(paperDir: string, name: string): Promise<string> {
  return readFile(join(paperDir, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return readFile(join(paperDir, name.replace('/batches/', '/done/')), 'utf8');
  });
}
