import type { Clock, Closers, Log, Pool } from '@brevduva/base';
import type { Intake } from '../intake/accept.ts';
import type { Mailings, MailingsOptions } from '../mailing/mailings.ts';
import { releaseFileLeasesOf } from '../sql/fileDeliveries.ts';
import { startDropFolders } from './dropFolder/dropFolderWorker.ts';

export interface FileWaysInOptions {
  /** Where the systems' folders are; nodes that share the work share it. */
  readonly dropFolder?: { readonly root: string; readonly lookEveryMs?: number } | undefined;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly crashPoint?: ((name: string) => void) | undefined;
  /** False on a node that only takes letters in. */
  readonly runsPipeline?: boolean | undefined;
}

export interface FileWaysInParts {
  readonly pool: Pool;
  readonly intake: Intake;
  readonly mailings: Mailings;
  readonly judging: MailingsOptions;
}

/** Starts what systems hand in files through, as far as this node has it. */
export async function startFileWaysIn(
  options: FileWaysInOptions,
  parts: FileWaysInParts,
  closers: Closers,
): Promise<void> {
  const { dropFolder, node, clock, log, crashPoint, runsPipeline } = options;
  if (dropFolder === undefined || runsPipeline === false) return;
  await releaseFileLeasesOf(parts.pool, node);
  const worker = startDropFolders({ ...parts, ...dropFolder, node, clock, log, ...(crashPoint && { crashPoint }) });
  closers.add(() => worker.stop());
}
