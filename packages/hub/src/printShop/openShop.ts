import { join } from 'node:path';
import type { Pool } from '@brevduva/base';
import { selectPrintShopsOf } from '../sql/printShops.ts';
import { DEFAULT_SHOP, type PrintShopSettings } from './printShop.ts';
import { type ShopFiles, ShopFilesError } from './shopFiles.ts';
import { createShopFolder } from './shopFolder.ts';
import { connectShopSftp, type ShopSecret } from './shopSftp.ts';

export interface ShopKey {
  readonly organisationId: string;
  readonly organizationNumber: string;
  readonly shopCode: string;
}

/** Reaches the print shops of every organisation. */
export interface OpenShops {
  settingsOf(key: Pick<ShopKey, 'organisationId' | 'shopCode'>): Promise<PrintShopSettings>;
  /** @throws ShopFilesError; whoever opens it closes it */
  open(key: ShopKey): Promise<ShopFiles>;
}

/** A shop's folder is the hub's choice, so that no organisation's file can name another's. */
export function shopFolderOf(
  paperDir: string,
  { organizationNumber, shopCode }: Omit<ShopKey, 'organisationId'>,
): string {
  return join(paperDir, organizationNumber, shopCode);
}

/** What the hub logs in to a print shop's server with; undefined where it has nothing. */
export type ShopSecretOf = (key: Omit<ShopKey, 'organisationId'>) => Promise<ShopSecret | undefined>;

export function createOpenShops(options: {
  readonly pool: Pool;
  readonly paperDir: string;
  readonly secretOf: ShopSecretOf | undefined;
}): OpenShops {
  const { pool, paperDir, secretOf } = options;
  const settingsOf: OpenShops['settingsOf'] = async ({ organisationId, shopCode }) => {
    const shops = await selectPrintShopsOf(pool, [organisationId]);
    return shops.find(({ shop }) => shop.code === shopCode)?.shop ?? { ...DEFAULT_SHOP, code: shopCode };
  };
  return {
    settingsOf,
    async open(key) {
      const { name, handOver } = await settingsOf(key);
      if (handOver.way === 'folder') return createShopFolder(shopFolderOf(paperDir, key));
      const secret = await secretOf?.(key);
      if (secret !== undefined) return connectShopSftp({ server: handOver, secret });
      throw new ShopFilesError('noSecret', `Tjänsten har varken nyckel eller lösenord till ${name}.`);
    },
  };
}
