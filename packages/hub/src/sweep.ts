import {
  type Clock,
  inTransaction,
  type Log,
  type Pool,
  type Queryable,
  startWorker,
  type Worker,
} from '@brevduva/base';
import { eraseLetters, eraseMailings, eraseNotices } from './sql/erasure.ts';
import { eraseReports } from './sql/noticeMessages.ts';
import { eraseFlags } from './sql/returnedMail.ts';
import {
  cancelUntouchedMailings,
  eraseFileDeliveries,
  eraseForms,
  eraseHandInCases,
  erasePrintDocuments,
  eraseUploads,
} from './sql/sweeps.ts';

/** How long what only helped to make letters is kept. */
export interface SweepTimes {
  /** An address file that became no mailing; 24 unless given. */
  readonly uploadHours?: number;
  /** The document of a print job that has ended; 30 unless given. */
  readonly printoutDays?: number;
  /** A delivery of files that has been answered, by whose rows the same file is known again; 365 unless given. */
  readonly fileDeliveryDays?: number;
  /** A mailing that is not released, after somebody last did something with it; {@link FILLING_DAYS} unless given. */
  readonly fillingDays?: number;
}

/** A month's letters may be collected in one mailing: each that is added counts anew. */
export const FILLING_DAYS = 30;

const UPLOAD_HOURS = 24;
const PRINTOUT_DAYS = 30;
/** Of a delivery of files, and of the result files that it was answered with. */
export const FILE_DELIVERY_DAYS = 365;
const REST_MS = 3_600_000;

export interface SweepOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly times?: SweepTimes | undefined;
}

/** Erases, set by set, what has been kept for as long as it may: personal data must not stay for ever. Any number of nodes may do it. */
export function startSweeps(options: SweepOptions): Worker {
  const { clock, log } = options;
  return startWorker({ name: 'sweeps', idleMs: REST_MS, log, clock, runOnce: () => sweepOnce(options) });
}

/** One set of each kind. @returns how many rows were erased; 0 when nothing is old enough. */
export async function sweepOnce({ pool, log, times = {} }: SweepOptions): Promise<number> {
  const { uploadHours = UPLOAD_HOURS, printoutDays = PRINTOUT_DAYS, fileDeliveryDays = FILE_DELIVERY_DAYS } = times;
  const { fillingDays = FILLING_DAYS } = times;
  const kinds: Kinds = {
    uploads: (client) => eraseUploads(client, uploadHours),
    printDocuments: (client) => erasePrintDocuments(client, printoutDays),
    handInCases: (client) => eraseHandInCases(client),
    mailings: (client) => cancelUntouchedMailings(client, fillingDays),
    fileDeliveries: (client) => eraseFileDeliveries(client, fileDeliveryDays),
    forms: (client) => eraseForms(client),
    letters: (client) => eraseLetters(client),
    noticeReports: eraseReports,
    flaggedAddresses: eraseFlags,
  };
  const erased = await eraseSets(pool, log, kinds);
  // What letters shared goes with the last of them: looked for when no letter is left to erase.
  return erased > 0 ? erased : eraseSets(pool, log, { releasedMailings: eraseMailings, notices: eraseNotices });
}

type Kinds = Readonly<Record<string, (client: Queryable) => Promise<number>>>;

/** One set of each kind, each in a transaction of its own. */
async function eraseSets(pool: Pool, log: Log, kinds: Kinds): Promise<number> {
  let total = 0;
  for (const [kind, erase] of Object.entries(kinds)) {
    const erased = await inTransaction(pool, erase);
    if (erased > 0) log.info({ kind, erased }, 'kept for long enough and erased');
    total += erased;
  }
  return total;
}
