import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../makeFolder.ts';
import { writeFileAtomic } from '../../writeFileAtomic.ts';
import type { ShopBatch } from './shopBatch.ts';

export interface ShopStore {
  /** The newest first. */
  list(): readonly ShopBatch[];
  find(id: string): ShopBatch | undefined;
  /** Holds through a restart when it returns. */
  save(batch: ShopBatch): Promise<void>;
}

/** The shop's own memory of what it has taken: one file a batch, whole or not there. */
export async function createShopStore(folder: string): Promise<ShopStore> {
  await makeFolder(folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const kept = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as ShopBatch),
  );
  const batches = new Map(kept.map((batch) => [batch.id, batch]));
  return {
    list: () => [...batches.values()].toSorted((a, b) => b.takenAt.localeCompare(a.takenAt)),
    find: (id) => batches.get(id),
    async save(batch) {
      await writeFileAtomic(join(folder, `${batch.id}.json`), `${JSON.stringify(batch)}\n`);
      batches.set(batch.id, batch);
    },
  };
}
