import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifGone } from '../waysIn/dropFolder/folders.ts';
import type { ShopSecretOf } from './openShop.ts';

/**
 * Secrets to print shops from a folder that only the hub can read: `<organisation number>-<code>.key` with a private key in PEM, or
 * `.password`. Read at each hand-over, so that a new key holds at once.
 */
export function shopSecretsIn(dir: string): ShopSecretOf {
  return async ({ organizationNumber, shopCode }) => {
    const read = (ending: string) =>
      readFile(join(dir, `${organizationNumber}-${shopCode}${ending}`), 'utf8').catch(ifGone);
    const privateKey = await read('.key');
    if (privateKey !== undefined) return { privateKey };
    const password = await read('.password');
    return password === undefined ? undefined : { password: password.replace(/\r?\n$/, '') };
  };
}
