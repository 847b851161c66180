import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Log, type Pool, startWorker, type Worker } from '@brevduva/base';
import { LOGIN_NAME } from '../../organisation/businessSystem.ts';
import { KEEP_FILES_DAYS } from '../../organisation/waysIn/dropFolder.ts';
import { folderSettings } from '../../organisation/waysIn/folderSettings.ts';
import { selectSystemsWithWayIn } from '../../sql/systems.ts';
import { FILE_DELIVERY_DAYS } from '../../sweep.ts';
import { foldersOf, ifGone, type OpenFolder } from './folders.ts';

export interface FolderSweepOptions {
  readonly pool: Pool;
  readonly root: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long result files are kept: as long as the console shows their deliveries. */
  readonly resultDays?: number | undefined;
}

const REST_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Erases what systems have handed in as files when it has been kept for long enough. Any number of nodes may do it. */
export function startFolderSweep(options: FolderSweepOptions): Worker {
  const { clock, log } = options;
  return startWorker({
    name: 'drop folder sweep',
    idleMs: REST_MS,
    log,
    clock,
    runOnce: async (signal) => {
      await sweepFolders(options, signal);
      return 0;
    },
  });
}

/**
 * Goes through every system's folders under the root, also those of systems that have no drop folder any more. What lies in `in` and
 * `working` is left alone. @returns how many deliveries and files were erased.
 */
export async function sweepFolders(options: FolderSweepOptions, signal?: AbortSignal): Promise<number> {
  const { pool, log, resultDays = FILE_DELIVERY_DAYS } = options;
  const systems = await selectSystemsWithWayIn(pool, 'dropFolder', 'invoices');
  const days = new Map(systems.map(({ loginName, waysIn }) => [loginName, folderSettings(waysIn)?.keepFilesDays]));
  const root = await realpath(options.root);
  let erased = 0;
  for (const system of await readdir(root, { withFileTypes: true })) {
    if (!system.isDirectory() || !LOGIN_NAME.test(system.name)) continue;
    const folders = foldersOf(root, system.name);
    const keepFilesDays = days.get(system.name) ?? KEEP_FILES_DAYS;
    const kept: Readonly<Record<Exclude<OpenFolder, 'in'>, number>> = {
      done: keepFilesDays,
      failed: keepFilesDays,
      results: resultDays,
    };
    for (const [name, keepDays] of Object.entries(kept) as [keyof typeof kept, number][]) {
      if (signal?.aborted) return erased;
      try {
        erased += await eraseOld(folders[name], options.clock.now().getTime() - keepDays * DAY_MS);
      } catch (err) {
        // One folder that we may not write to must not keep the others' personal data.
        log.error({ system: system.name, folder: name, err }, 'what has been kept for long enough was not erased');
      }
    }
  }
  if (erased > 0) log.info({ erased }, 'handed-in files were kept for long enough and erased');
  return erased;
}

/** By when it was last written to, which is when the answer was put there. A link is erased itself, never what it points to. */
async function eraseOld(folder: string, beforeMs: number): Promise<number> {
  // A folder that has been exchanged for a link leads somewhere else.
  if ((await realpath(folder).catch(ifGone)) !== folder) return 0;
  let erased = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stat = await lstat(path).catch(ifGone);
    if (stat === undefined || stat.mtimeMs >= beforeMs) continue;
    await rm(path, { recursive: true, force: true });
    erased += 1;
  }
  return erased;
}
