import { createHash } from 'node:crypto';
import { inTransaction, type Queryable } from '@brevduva/base';
import type { AddressDigest } from '../returnedMail/addressDigest.ts';
import { registerReturn } from '../returnedMail/registerReturn.ts';
import { isReturnReason } from '../returnedMail/returnReasons.ts';
import { openPrintCase, passCaughtUp } from '../sql/printCases.ts';
import {
  type AppliedReceipts,
  applyReceipts,
  endBatches,
  insertReceiptFile,
  type ReceiptSource,
  selectOverdueBatches,
  selectShopsToAsk,
} from '../sql/printReceipts.ts';
import { PRINT_CASE_HOURS, type PrintShopWorkerOptions } from './printShopWorker.ts';
import { RECEIPT_BYTES_MAX, type ReadReceipts, readReceipts, type ShopReceipt } from './readReceipts.ts';
import { type ShopFiles, ShopFilesError } from './shopFiles.ts';

/** In one round; the others are read in the next. */
const FILES_AT_ONCE = 100;
const LINES_TOLD_MAX = 20;

/** Reads what every print shop has told. A shop that cannot be reached is asked again in the next round. @returns how many files. */
export async function readAllReceipts(options: PrintShopWorkerOptions): Promise<number> {
  let files = 0;
  for (const shop of await selectShopsToAsk(options.pool)) {
    try {
      files += await readShopReceipts(shop, options);
    } catch (error) {
      if (!(error instanceof ShopFilesError)) throw error;
      // That nothing comes is seen by the batches' deadlines.
      options.log.warn({ err: error, printShop: shop.shopCode }, 'receipts of a print shop could not be read');
    }
  }
  return files;
}

async function readShopReceipts(
  shop: ReceiptSource & { readonly organizationNumber: string },
  options: PrintShopWorkerOptions,
): Promise<number> {
  const files = await options.shops.open(shop);
  try {
    const names = await files.listReceipts(FILES_AT_ONCE);
    for (const name of names) await readOne(name, shop, files, options);
    return names.length;
  } finally {
    await files.close();
  }
}

/** Noted first and moved aside then: killed between the two, the same file is read again and says nothing new. */
async function readOne(
  name: string,
  shop: ReceiptSource,
  files: ShopFiles,
  options: PrintShopWorkerOptions,
): Promise<void> {
  const bytes = await bytesOf(name, files);
  if (bytes === undefined) return;
  const read = bytes === 'tooLarge' ? TOO_LARGE : await readReceipts(name, bytes);
  const sha256 = createHash('sha256').update(bytes).digest();
  await noteReceipts({ name, sha256, read }, shop, options);
  options.crashPoint?.('printReceipt:noted');
  await files.moveReceipt(name, read.faults.length > 0 ? 'unreadable' : 'read');
}

const TOO_LARGE: ReadReceipts = {
  receipts: [],
  faults: [{ line: 1, text: `Filen är större än ${RECEIPT_BYTES_MAX / 1024 / 1024} MB.` }],
};

async function bytesOf(name: string, files: ShopFiles): Promise<Buffer | 'tooLarge' | undefined> {
  try {
    return await files.readReceipt(name, RECEIPT_BYTES_MAX);
  } catch (error) {
    if (error instanceof ShopFilesError && error.fault === 'tooLarge') return 'tooLarge';
    throw error;
  }
}

async function noteReceipts(
  { name, sha256, read: { receipts, faults } }: { name: string; sha256: Buffer; read: ReadReceipts },
  shop: ReceiptSource,
  { pool, log, addressDigest }: PrintShopWorkerOptions,
): Promise<void> {
  await inTransaction(pool, async (db) => {
    const applied = await applyReceipts(db, shop, receipts);
    const returned = await registerReturns(db, shop, receipts, addressDigest);
    const changed = applied.changed + returned.changed;
    const unknownLines = [...applied.unknownLines, ...returned.unknownLines];
    await endBatches(db, shop);
    const file = { ...shop, sha256, name, receipts: receipts.length, changed, unknown: unknownLines.length };
    const isNew = await insertReceiptFile(db, { ...file, fault: faults[0]?.text });
    if (!isNew) return;
    log.info({ printShop: shop.shopCode, file: name, receipts: receipts.length, changed }, 'receipts were read');
    const fileKey = `${shop.shopCode} ${sha256.toString('hex')}`;
    const common = { ...shop, hours: PRINT_CASE_HOURS };
    if (unknownLines.length > 0) {
      const detail = { file: name, count: unknownLines.length, lines: unknownLines.slice(0, LINES_TOLD_MAX) };
      await openPrintCase(db, { ...common, reason: 'unknownLetter', key: `unknown ${fileKey}`, detail });
    }
    if (faults.length > 0) {
      const told = faults.slice(0, LINES_TOLD_MAX).map(({ line, text }) => `Rad ${line}: ${text}`);
      const detail = { file: name, count: faults.length, lines: told };
      await openPrintCase(db, { ...common, reason: 'unreadableReceipt', key: `unreadable ${fileKey}`, detail });
    }
  });
}

/** The letters that the post brought back to the shop; one by one, for they are few. */
async function registerReturns(
  db: Queryable,
  { organisationId, shopCode }: ReceiptSource,
  receipts: readonly ShopReceipt[],
  digest: AddressDigest,
): Promise<AppliedReceipts> {
  const unknownLines: number[] = [];
  let changed = 0;
  for (const { status, id, line, reason } of receipts) {
    if (status !== 'returned' || !isReturnReason(reason)) continue;
    const facts = { reason, source: 'printShop', by: shopCode, shopCode } as const;
    const found = await registerReturn(db, { organisationId, id }, facts, digest);
    if (typeof found === 'string') unknownLines.push(line);
    else if (found.isNew) changed += 1;
  }
  return { changed, unknownLines };
}

/**
 * Gives to a person what a print shop should have told by now: one case for a batch, with its latest reason; a case whose batch has caught
 * up is closed.
 */
export async function reconcile({ pool }: Pick<PrintShopWorkerOptions, 'pool'>): Promise<void> {
  for (const { id, reason, letters, ...shop } of await selectOverdueBatches(pool)) {
    const detail = { letters };
    await openPrintCase(pool, {
      ...shop,
      batchId: id,
      reason,
      key: `${reason} ${id}`,
      detail,
      hours: PRINT_CASE_HOURS,
    });
  }
  await passCaughtUp(pool);
}
