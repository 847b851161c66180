import { join } from 'node:path';
import { type Clock, type Log, newId, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { ContentStore } from '../content.ts';
import type { AddressDigest } from '../returnedMail/addressDigest.ts';
import {
  type ClaimedBatch,
  claimBatch,
  makeBatch,
  renewBatchLease,
  selectDueGroups,
  writeHandedOver,
  writeHandOverFailed,
} from '../sql/printBatches.ts';
import { openPrintCase, passPrintCase } from '../sql/printCases.ts';
import { tellLetters } from '../sql/printOrders.ts';
import { buildBatch, prepareWorkDir } from './buildBatch.ts';
import type { OpenShops } from './openShop.ts';
import { readAllReceipts, reconcile } from './reconcile.ts';
import { ShopFilesError } from './shopFiles.ts';

export interface PrintShopWorkerOptions {
  readonly pool: Pool;
  /** The node's name (HubOptions.node). */
  readonly node: string;
  readonly paperDir: string;
  readonly content: ContentStore;
  readonly shops: OpenShops;
  /** Knows addresses again whence mail has come back. */
  readonly addressDigest: AddressDigest;
  readonly clock: Clock;
  readonly log: Log;
  /** Letters that a print shop has said something of are due at the confirm stage. */
  readonly onTold: () => void;
  /** How often shops are asked for receipts; {@link RECEIPTS_EVERY_MS} unless given. */
  readonly receiptsEveryMs?: number;
  /** Development only: called where a process may die. */
  readonly crashPoint?: (name: string) => void;
}

const IDLE_MS = 500;
/** A shop's server is not asked more often. */
const RECEIPTS_EVERY_MS = 30_000;
/** Renewed after every bunch of letters; a file of half a gigabyte is sent within it at 2 MB/s. */
const LEASE_MS = 15 * 60_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 600_000;
/** After so many failures, about two hours, a person is told; a cause that a person must mend is told at once. */
const ATTEMPTS_BEFORE_CASE = 20;
const PERSON_MUST_MEND: readonly ShopFilesError['fault'][] = ['hostKey', 'login', 'noSecret', 'refused'];
/** How long a person has for a case about a print shop. */
export const PRINT_CASE_HOURS = 24;

/** Closes batches, hands them over, and lets letters know what became of them. Any number of nodes may do it. */
export async function startPrintShopWorker(options: PrintShopWorkerOptions): Promise<Worker> {
  const { clock, log, paperDir } = options;
  await prepareWorkDir(workDirOf(paperDir), clock.now());
  let askedAtMs = 0;
  const runOnce = async () => {
    const worked = await workOnce(options);
    const isTime = clock.now().getTime() - askedAtMs >= (options.receiptsEveryMs ?? RECEIPTS_EVERY_MS);
    if (!isTime) return worked;
    askedAtMs = clock.now().getTime();
    const files = await readAllReceipts(options);
    await reconcile(options);
    return worked + files;
  };
  return startWorker({ name: 'printShop', idleMs: IDLE_MS, log, clock, runOnce });
}

/** One round. @returns how much was done. */
export async function workOnce(options: PrintShopWorkerOptions): Promise<number> {
  const made = await closeBatches(options);
  const handedOver = await handOverNext(options);
  const told = await tellLetters(options.pool);
  if (told > 0) options.onTold();
  return made + handedOver + told;
}

function workDirOf(paperDir: string): string {
  return join(paperDir, '.work');
}

async function closeBatches({ pool, shops, log, crashPoint }: PrintShopWorkerOptions): Promise<number> {
  let made = 0;
  for (const group of await selectDueGroups(pool)) {
    const { lettersMax, receipts } = await shops.settingsOf(group);
    const batchId = await makeBatch(pool, group, { lettersMax, promise: receipts });
    if (batchId === undefined) continue;
    made += 1;
    log.info({ batchId, printShop: group.shopCode }, 'a print batch was closed');
    crashPoint?.('printBatch:closed');
  }
  return made;
}

async function handOverNext(options: PrintShopWorkerOptions): Promise<number> {
  const { pool, node, crashPoint } = options;
  const batch = await claimBatch(pool, { leaseId: newId(), leaseMs: LEASE_MS, node });
  if (batch === undefined) return 0;
  crashPoint?.('printBatch:claimed');
  try {
    await handOver(batch, options);
  } catch (error) {
    if (error instanceof LeaseLost) return 0;
    await putOff(batch, error, options);
  }
  return 1;
}

async function handOver(batch: ClaimedBatch, options: PrintShopWorkerOptions): Promise<void> {
  const { pool, content, shops, paperDir, log, crashPoint } = options;
  const key = shopKeyOf(batch);
  const settings = await shops.settingsOf(key);
  const keep = async () => {
    if (!(await renewBatchLease(pool, batch, LEASE_MS))) throw new LeaseLost();
  };
  const building = { pool, content, files: settings.files, workDir: workDirOf(paperDir), keep };
  const { folder, manifestHash } = await buildBatch(batch, building);
  crashPoint?.('printBatch:built');
  await keep();
  const files = await shops.open(key);
  const outcome = await files.publish(batch.id, folder).finally(() => files.close());
  crashPoint?.('printBatch:published');
  const { acknowledgedHours: acknowledged, producedHours: produced, postedHours: posted } = settings;
  const detail = { printShop: settings.name, batch: batch.id, outcome };
  await writeHandedOver(pool, batch, { manifestHash, hours: { acknowledged, produced, posted }, detail });
  await passPrintCase(pool, batch.organisationId, downKey(batch));
  log.info({ batchId: batch.id, letters: batch.letters, outcome }, 'a print batch was handed over');
  crashPoint?.('printBatch:handedOver');
}

/** Later, and after a while, or at once where waiting does not help, with a person's eyes on it. */
async function putOff(batch: ClaimedBatch, error: unknown, options: PrintShopWorkerOptions): Promise<void> {
  const { pool, log } = options;
  const { attempts, organisationId, shopCode } = batch;
  log.error({ err: error, batchId: batch.id, attempts }, 'a print batch was not handed over');
  const fault =
    error instanceof ShopFilesError ? error.message : 'Ett oväntat fel. Sök i loggen efter utskriftsbatchens id.';
  const delayMs = Math.min(RETRY_MS_MIN * 2 ** Math.min(attempts - 1, 30), RETRY_MS_MAX);
  await writeHandOverFailed(pool, batch, { fault, delayMs });
  const isForPerson = error instanceof ShopFilesError && PERSON_MUST_MEND.includes(error.fault);
  if (!isForPerson && attempts < ATTEMPTS_BEFORE_CASE) return;
  const detail = { fault, attempts };
  await openPrintCase(pool, {
    ...{ organisationId, shopCode, reason: 'printShopDown', key: downKey(batch), detail, hours: PRINT_CASE_HOURS },
  });
}

/** One case for a shop that is down, however many batches wait for it. */
function downKey({ shopCode }: ClaimedBatch): string {
  return `down ${shopCode}`;
}

function shopKeyOf({ organisationId, shopCode, organization }: ClaimedBatch) {
  return { organisationId, shopCode, organizationNumber: organization.number };
}

class LeaseLost extends Error {}
