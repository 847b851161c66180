import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifGone } from '../waysIn/dropFolder/folders.ts';
import { errorCode, syncFolder } from './durably.ts';
import { RECEIPT_FOLDERS, RECEIPT_NAME, type ShopFiles, ShopFilesError } from './shopFiles.ts';

/** A print shop that fetches from a folder of the hub's, on the same file system as where batches are built. */
export async function createShopFolder(dir: string): Promise<ShopFiles> {
  const manifestOf = (place: string, batchId: string) => join(dir, place, batchId, 'manifest.json');
  const readManifest = async (batchId: string) =>
    // Waiting first: a batch moved between the two looks is then still found in `done`.
    (await readIfThere(manifestOf('batches', batchId))) ?? (await readIfThere(manifestOf('done', batchId)));
  await translated(dir, async () => {
    for (const folder of ['batches', 'done', 'receipts', ...Object.values(RECEIPT_FOLDERS)]) {
      await mkdir(join(dir, folder), { recursive: true });
    }
  });
  return {
    readManifest: (batchId) => translated(dir, () => readManifest(batchId)),
    publish: (batchId, folder) =>
      translated(dir, async () => {
        if ((await readManifest(batchId)) !== undefined) {
          await rm(folder, { recursive: true });
          return 'alreadyHandedOver';
        }
        await rename(folder, join(dir, 'batches', batchId));
        await syncFolder(join(dir, 'batches'));
        return 'handedOver';
      }),
    listReceipts: (max) =>
      translated(dir, async () => {
        const names = await readdir(join(dir, 'receipts'));
        return names
          .filter((name) => RECEIPT_NAME.test(name))
          .sort()
          .slice(0, max);
      }),
    readReceipt: (name, bytesMax) => translated(dir, () => readReceipt(join(dir, 'receipts', name), bytesMax)),
    moveReceipt: (name, to) =>
      translated(dir, () => rename(join(dir, 'receipts', name), join(dir, RECEIPT_FOLDERS[to], name)).catch(ifGone)),
    close: async () => undefined,
  };
}

async function readReceipt(path: string, bytesMax: number): Promise<Buffer | undefined> {
  const found = await stat(path).catch(ifGone);
  if (found === undefined) return undefined;
  if (found.size > bytesMax) throw new ShopFilesError('tooLarge', 'Kvittensfilen är för stor.');
  return readIfThere(path);
}

function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(ifGone);
}

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'är full. Frigör plats på disken'],
  ['EDQUOT', 'har nått sin kvot. Frigör plats eller höj kvoten'],
  ['EACCES', 'får inte skrivas. Ge tjänstens konto skrivrätt'],
  ['EPERM', 'får inte skrivas. Ge tjänstens konto skrivrätt'],
  ['EROFS', 'är skrivskyddad. Montera den skrivbar'],
  ['ENOENT', 'finns inte. Skapa eller montera den'],
  ['ENOTDIR', 'är ingen mapp. Ange en annan väg'],
  ['EEXIST', 'är ingen mapp. Ange en annan väg'],
]);

/** What the file system says, as a {@link ShopFilesError} `disk` with what to do about it. */
export async function translated<T>(dir: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || error instanceof ShopFilesError) throw error;
    const advice = ADVICE.get(code) ?? 'kan inte användas just nu. Kontrollera disken';
    throw new ShopFilesError('disk', `Utskriftsmappen ${dir} ${advice} (${code}).`, error);
  }
}
