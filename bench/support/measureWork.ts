import { treeCpuMs, treeMemoryMiB } from './processTree.ts';

export interface WorkFigures {
  readonly seconds: number;
  /** User and system, of this process. */
  readonly ownCpuSeconds: number;
  /** Of the processes that it has started, but for the database; those that have ended included. Undefined without /proc. */
  readonly workersCpuSeconds: number | undefined;
  /** Undefined where there is none, or no /proc. */
  readonly databaseCpuSeconds: number | undefined;
  /** The most that this process and those that it has started had together, the database left out. */
  readonly peakMiB: number;
}

/** A look costs some milliseconds. */
const LOOK_MS = 500;
const MS_PER_SECOND = 1_000;

/** @param databasePid of the database's first process, where this process has started one */
export async function measureWork(work: () => Promise<void>, databasePid?: number): Promise<WorkFigures> {
  let peakMiB = 0;
  const look = () => {
    peakMiB = Math.max(peakMiB, treeMemoryMiB(process.pid, databasePid) ?? 0);
  };
  const databaseCpu = () => (databasePid === undefined ? undefined : treeCpuMs(databasePid));
  const looking = setInterval(look, LOOK_MS);
  const [ownBefore, othersBefore, databaseBefore] = [process.cpuUsage(), othersCpu(), databaseCpu()];
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / MS_PER_SECOND;
  look();
  clearInterval(looking);
  const own = process.cpuUsage(ownBefore);
  const database = difference(databaseCpu(), databaseBefore);
  const others = difference(othersCpu(), othersBefore);
  return {
    seconds,
    ownCpuSeconds: (own.user + own.system) / 1e6,
    workersCpuSeconds: others === undefined ? undefined : others - (database ?? 0),
    databaseCpuSeconds: database,
    peakMiB,
  };
}

function othersCpu(): number | undefined {
  return treeCpuMs(process.pid, { withRoot: false });
}

function difference(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : (after - before) / MS_PER_SECOND;
}
