import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Log, newId, type Pool, startWorker, type Worker } from '@brevduva/base';
import type { Intake } from '../../intake/accept.ts';
import type { Mailings, MailingsOptions } from '../../mailing/mailings.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import type { DropFolderSettings } from '../../organisation/waysIn/dropFolder.ts';
import { folderSettings } from '../../organisation/waysIn/folderSettings.ts';
import {
  claimFileDelivery,
  deleteFileDelivery,
  type EndedDelivery,
  endFileDelivery,
  type FileDelivery,
  renewFileLease,
} from '../../sql/fileDeliveries.ts';
import { noteSystemSeen, selectSystemByCode, selectSystemsWithWayIn } from '../../sql/systems.ts';
import { type ClaimOptions, claimDelivery, giveBack, lastFolderName, putAway } from './claim.ts';
import { type ReadyDelivery, readyDeliveries, typeOf } from './deliveries.ts';
import { foldersOf, ifGone, isThere, makeFolders, readPlainFile, type SystemFolders, writeWhole } from './folders.ts';
import { DeliveryLost, type HandInContext } from './handIn.ts';
import { cancelMailings, fillMailings, releaseMailings } from './handInMailings.ts';
import { handInSingles } from './handInSingles.ts';
import { INDEX_BYTES_MAX, readIndex } from './indexRows.ts';
import { namedFiles } from './letterRows.ts';
import { interrupted, isPlainName, type OpenDelivery, openDelivery } from './openDelivery.ts';
import { countRows, type DeliveryResult, type ResultRow, resultCsv, resultJson, toldRows } from './result.ts';
import { createFolderWatch, type FolderWatch, type SeenFile } from './seenFiles.ts';

export interface DropFolderOptions {
  readonly pool: Pool;
  readonly node: string;
  /** Under it each system has a folder named as it logs in. Nodes that share the work share the folder. */
  readonly root: string;
  readonly intake: Intake;
  readonly mailings: Mailings;
  readonly judging: MailingsOptions;
  readonly clock: Clock;
  readonly log: Log;
  /** How often the folders are looked at; two seconds unless given. */
  readonly lookEveryMs?: number;
  /** Development only: called where a process may die. */
  readonly crashPoint?: (name: string) => void;
}

const LOOK_EVERY_MS = 2_000;
/** Renewed after every letter or bunch. */
const LEASE_MS = 5 * 60_000;
const RETRY_DELAY_MS = 30_000;
/** A larger delivery goes through a mailing: all of it is released at one instant. */
export const SINGLE_LETTERS_MAX = 200;
/** The answer, written down before any of it is carried out that cannot be undone. */
const NOTED_RESULT = '.result.json';

/**
 * Watches the systems' folders. A delivery goes through these steps, and each can be done again by another node:
 *
 * in                     Its files lie in the system's `in` until the rule says that they are complete.
 * noted                  A row in the database says that a node takes it. When the node dies here, files are given back.
 * taken                  All its files lie in `working/<id>`. From here it is ours.
 * judged, filled         Small ones are judged and handed in letter by letter, by idempotency keys. Large ones fill a mailing whose
 *                        letters have ids that follow from the delivery's.
 * answered               The result is written in the delivery's folder; only now is a mailing released, or cancelled.
 * put away               The result files lie in `results`, the delivery in `done` or `failed`, and the row is ended.
 */
export function startDropFolders(options: DropFolderOptions): Worker {
  const watches = new Map<string, FolderWatch>();
  const named = createNamedFilesMemory();
  return startWorker({
    name: 'drop folders',
    idleMs: options.lookEveryMs ?? LOOK_EVERY_MS,
    log: options.log,
    clock: options.clock,
    runOnce: async (signal) =>
      (await takeOver(options, signal)) + (await lookEverywhere(watches, named, options, signal)),
  });
}

async function takeOver(options: DropFolderOptions, signal: AbortSignal): Promise<number> {
  let done = 0;
  for (; !signal.aborted; done++) {
    const leaseId = newId();
    const delivery = await claimFileDelivery(options.pool, { leaseId, leaseMs: LEASE_MS, node: options.node });
    if (delivery === undefined) break;
    await workSafely(delivery, leaseId, options);
  }
  return done;
}

async function lookEverywhere(
  watches: Map<string, FolderWatch>,
  named: NamedFilesMemory,
  options: DropFolderOptions,
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  const { pool, root, clock } = options;
  for (const { loginName, organisationId, code } of await selectSystemsWithWayIn(pool, 'dropFolder', 'invoices')) {
    const folders = foldersOf(root, loginName);
    await makeFolders(folders);
    const watch = watches.get(loginName) ?? createFolderWatch(folders.in, clock);
    watches.set(loginName, watch);
    const seen = await watch.look();
    // Asked after the look: a file is never understood by settings that are older than itself.
    const system = seen.length > 0 ? await selectSystemByCode(pool, organisationId, code) : undefined;
    const settings = system && folderSettings(system.waysIn);
    if (system === undefined || settings === undefined) continue;
    const ready = await readyDeliveries(seen, settings, (index) => named.of(folders, index, settings));
    seen.length = 0;
    while (ready.length > 0 && !signal.aborted) {
      const leaseId = newId();
      const claim = { ...options, leaseId, leaseMs: LEASE_MS };
      const delivery = await claimNext(ready, system, folders, claim);
      if (delivery === undefined) continue;
      // A hundred thousand names: nothing holds them any more while the delivery is worked on.
      named.forget(folders, delivery.name);
      await workSafely(delivery, leaseId, options);
      done += 1;
    }
  }
  return done;
}

async function claimNext(
  ready: ReadyDelivery[],
  system: BusinessSystem,
  folders: SystemFolders,
  options: ClaimOptions,
): Promise<FileDelivery | undefined> {
  const next = ready.shift();
  return next && claimDelivery(next, system, folders, options);
}

/** A delivery that cannot be worked on now is tried again later, and does not keep the others waiting. */
async function workSafely(delivery: FileDelivery, leaseId: string, options: DropFolderOptions): Promise<void> {
  try {
    await workOn(delivery, leaseId, options);
  } catch (error) {
    if (error instanceof DeliveryLost) return;
    const retryDelayMs = RETRY_DELAY_MS * Math.min(delivery.attempts, 10);
    options.log.error(
      { delivery: delivery.id, attempts: delivery.attempts, retryDelayMs, err: error },
      'delivery failed',
    );
    await renewFileLease(options.pool, delivery, { leaseId, leaseMs: retryDelayMs });
  }
}

async function workOn(delivery: FileDelivery, leaseId: string, options: DropFolderOptions): Promise<void> {
  const { pool, log } = options;
  const system = await selectSystemByCode(pool, delivery.organisationId, delivery.systemCode);
  const settings = system && folderSettings(system.waysIn);
  if (system === undefined || settings === undefined) throw new Error('the system has no drop folder any more');
  const folders = foldersOf(options.root, system.loginName);
  if (!delivery.isTaken) {
    if (await giveBack(delivery, folders)) return deleteFileDelivery(pool, delivery);
  }
  const folder = join(folders.working, delivery.id);
  const renew = async () => {
    if (!(await renewFileLease(pool, delivery, { leaseId, leaseMs: LEASE_MS }))) throw new DeliveryLost();
  };
  // A system that only puts files in a folder shows no credential: this is how it is seen.
  await noteSystemSeen(pool, system);
  const context: HandInContext = { ...options, system, delivery, folder, renew, onFault: settings.onFault };
  const outcome = (await isThere(folder))
    ? await answer(settings, folders, context)
    : await endedBefore(delivery, folders);
  await endFileDelivery(pool, delivery, { leaseId, ...outcome });
  const { state, accepted, duplicates, refused } = outcome;
  const counts = { state, accepted, duplicates, refused };
  log.info({ delivery: delivery.id, system: system.loginName, ...counts }, 'delivery answered');
}

async function answer(
  settings: DropFolderSettings,
  folders: SystemFolders,
  context: HandInContext,
): Promise<EndedDelivery> {
  const { delivery, folder, crashPoint } = context;
  const noted = (await notedResult(folder)) ?? (await judgeAndNote(settings, context));
  crashPoint?.('dropFolder:answered');
  const carriedOut = await (noted.outcome === 'done' ? releaseMailings : cancelMailings)(noted, context);
  crashPoint?.('dropFolder:released');
  const files = [
    [`${delivery.name}.result.csv`, resultCsv(carriedOut)],
    [`${delivery.name}.result.json`, resultJson(carriedOut)],
  ] as const;
  for (const [name, bytes] of files) await writeWhole(folders.results, name, bytes);
  for (const [name, bytes] of files) await writeWhole(folder, name, bytes);
  crashPoint?.('dropFolder:published');
  await putAway(delivery, folders, carriedOut.outcome);
  crashPoint?.('dropFolder:putAway');
  return outcomeOf(carriedOut);
}

/** The folder is gone from `working`: the node died just before it said so in the database. */
async function endedBefore({ id, name }: FileDelivery, folders: SystemFolders): Promise<EndedDelivery> {
  for (const state of ['done', 'failed'] as const) {
    const result = await notedResult(join(folders[state], lastFolderName(id, name)));
    if (result !== undefined) return outcomeOf(result);
  }
  throw new Error('the files of a delivery are gone');
}

function outcomeOf({ outcome, rows, understoodAs, mailings }: DeliveryResult): EndedDelivery {
  const counts = countRows(rows);
  return {
    state: outcome,
    accepted: counts.accepted,
    duplicates: counts.duplicate,
    refused: counts.refused + counts.heldBack,
    ...{ understoodAs, mailings, toldRows: toldRows(rows) },
  };
}

async function judgeAndNote(settings: DropFolderSettings, context: HandInContext): Promise<DeliveryResult> {
  const { delivery, folder, system } = context;
  const { kind, name: main, isTaken } = delivery;
  const reading = {
    folder,
    kind,
    main,
    settings,
    invoices: system.waysIn.invoices,
    systemName: system.name,
    renew: context.renew,
  };
  const open = isTaken ? await openDelivery(reading) : interrupted();
  try {
    const result = await judged(open, context);
    await writeWhole(folder, NOTED_RESULT, JSON.stringify(result));
    return result;
  } finally {
    await open.close();
  }
}

async function judged(open: OpenDelivery, context: HandInContext): Promise<DeliveryResult> {
  const { delivery, onFault } = context;
  const { rows, mailings } =
    open.letters.length > SINGLE_LETTERS_MAX
      ? await fillMailings(open, context)
      : { rows: await handInSingles(open, context), mailings: [] };
  const all = [...faultRows(open.faults), ...rows];
  const counts = countRows(all);
  const isRefused = onFault === 'refuse' ? counts.refused > 0 : counts.accepted + counts.duplicate === 0;
  return {
    delivery: delivery.name,
    id: delivery.id,
    outcome: isRefused ? 'failed' : 'done',
    understoodAs: open.understoodAs,
    mailings,
    rows: all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  };
}

/** A row for each fault; those of one file that is a letter of its own stand together. */
function faultRows(faults: OpenDelivery['faults']): ResultRow[] {
  const rows = new Map<string, ResultRow>();
  for (const [n, { code, line, file, text }] of faults.entries()) {
    const key = file ?? `fault ${n}`;
    const others = rows.get(key)?.faults ?? [];
    const nothing = { reference: undefined, letterId: undefined };
    rows.set(key, { line, file, ...nothing, outcome: 'refused', faults: [...others, { code, text }] });
  }
  return [...rows.values()];
}

async function notedResult(folder: string): Promise<DeliveryResult | undefined> {
  const text = await readFile(join(folder, NOTED_RESULT), 'utf8').catch(ifGone);
  return text === undefined ? undefined : (JSON.parse(text) as DeliveryResult);
}

type NamedFilesMemory = ReturnType<typeof createNamedFilesMemory>;

/** Which files an index names, read once for as long as it waits for them. */
function createNamedFilesMemory() {
  const known = new Map<string, { stamp: string; names: readonly string[] }>();
  return {
    async of(folders: SystemFolders, index: SeenFile, settings: DropFolderSettings): Promise<readonly string[]> {
      const path = join(folders.in, index.name);
      const stamp = JSON.stringify([
        index.inode,
        index.bytes,
        index.mtimeMs,
        settings.rowElement,
        settings.columns.names,
      ]);
      const found = known.get(path);
      if (found?.stamp === stamp) return found.names;
      const bytes = await readPlainFile(path, INDEX_BYTES_MAX);
      // What cannot be read names nothing; the delivery is taken as it is, and its answer says what is wrong.
      const read = Buffer.isBuffer(bytes) ? await readIndex(bytes, typeOf(index.name), settings.rowElement) : undefined;
      const names = read === undefined ? [] : namedFiles(read, settings.columns).filter(isPlainName);
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(path, { stamp, names });
      return names;
    },
    forget: (folders: SystemFolders, name: string) => known.delete(join(folders.in, name)),
  };
}

const REMEMBERED_MAX = 100;
