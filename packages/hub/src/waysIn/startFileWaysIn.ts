import type { Clock, Closers, Log, Pool } from '@brevduva/base';
import type { AttemptLimit } from '../http/attemptLimit.ts';
import type { Intake } from '../intake/accept.ts';
import type { Mailings, MailingsOptions } from '../mailing/mailings.ts';
import { releaseFileLeasesOf } from '../sql/fileDeliveries.ts';
import type { SweepTimes } from '../sweep.ts';
import { startDropFolders } from './dropFolder/dropFolderWorker.ts';
import { startFolderSweep } from './dropFolder/sweepFolders.ts';
import { type RunningSftp, type SftpOptions, startSftp } from './sftp/sftpServer.ts';

export interface FileWaysInOptions {
  /** Where the systems' folders are; nodes that share the work share it. */
  readonly dropFolder?: { readonly root: string; readonly lookEveryMs?: number } | undefined;
  /** SFTP in front of those folders. The host key is PEM, and the same on every node. */
  readonly sftp?: Pick<SftpOptions, 'host' | 'port' | 'hostKey' | 'limits'> | undefined;
  /** How long results are kept. */
  readonly keep?: Pick<SweepTimes, 'fileDeliveryDays'> | undefined;
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
  readonly attempts: AttemptLimit;
}

/** Starts what systems hand in files through, as far as this node has it. @returns the port of SFTP. */
export async function startFileWaysIn(
  options: FileWaysInOptions,
  parts: FileWaysInParts,
  closers: Closers,
): Promise<number | undefined> {
  const { dropFolder, sftp, node, clock, log, crashPoint, runsPipeline } = options;
  if (dropFolder === undefined) return undefined;
  if (runsPipeline !== false) {
    await releaseFileLeasesOf(parts.pool, node);
    const worker = startDropFolders({ ...parts, ...dropFolder, node, clock, log, ...(crashPoint && { crashPoint }) });
    closers.add(() => worker.stop());
    const resultDays = options.keep?.fileDeliveryDays;
    const sweep = startFolderSweep({ pool: parts.pool, root: dropFolder.root, clock, log, resultDays });
    closers.add(() => sweep.stop());
  }
  if (sftp === undefined) return undefined;
  const { pool, attempts } = parts;
  const running: RunningSftp = await startSftp({ ...sftp, root: dropFolder.root, pool, attempts, clock, log });
  closers.add(() => running.close());
  return running.port;
}
