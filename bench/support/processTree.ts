import { readdirSync, readFileSync } from 'node:fs';

/** Of `/proc/PID/stat`: Linux counts in hundredths of a second towards programs, whatever the kernel's own clock. */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ownMs: number;
  /** Of its children that have ended and been waited for. */
  readonly endedMs: number;
}

/**
 * CPU of a process (unless left out) and all its descendants, those that have ended included. Undefined where there is no /proc (macOS).
 * Differences are exact to some ten milliseconds: enough for hundreds of letters.
 */
export function treeCpuMs(rootPid: number, options: { withRoot: boolean } = { withRoot: true }): number | undefined {
  const counted = treeOf(rootPid);
  if (counted === undefined) return undefined;
  const isCounted = (pid: number) => options.withRoot || pid !== rootPid;
  return counted.reduce((sum, { pid, ownMs, endedMs }) => sum + endedMs + (isCounted(pid) ? ownMs : 0), 0);
}

/** The memory that a process and its descendants hold now, in MiB: resident, what they share counted once (Linux: Pss). */
export function treeMemoryMiB(rootPid: number, withoutTreeOf?: number): number | undefined {
  const counted = treeOf(rootPid, withoutTreeOf);
  return counted?.reduce((sum, { pid }) => sum + memoryMiB(pid), 0);
}

/** Undefined where there is no /proc, or no such process. */
export function parentOf(pid: number): number | undefined {
  return readStats()?.find((stat) => stat.pid === pid)?.parent;
}

function memoryMiB(pid: number): number {
  try {
    const [, kib] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

function treeOf(rootPid: number, withoutTreeOf?: number): Stat[] | undefined {
  const stats = readStats();
  if (stats === undefined) return undefined;
  const wanted = new Set([rootPid]);
  for (let grown = true; grown; ) {
    const found = stats.filter(({ pid, parent }) => wanted.has(parent) && !wanted.has(pid) && pid !== withoutTreeOf);
    for (const { pid } of found) wanted.add(pid);
    grown = found.length > 0;
  }
  return stats.filter(({ pid }) => wanted.has(pid));
}

function readStats(): Stat[] | undefined {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readStat);
  } catch {
    return undefined;
  }
}

/** The most memory that a process has held (resident), in MiB. Undefined where there is no /proc. */
export function peakMemoryMiB(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

/** A process may end while the list is read; then it is not in it. */
function readStat(pid: string): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the name in parentheses, which may hold anything; after it: state, parent, …
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
    const [ownMs, endedMs] = [(user + system) * TICK_MS, (endedUser + endedSystem) * TICK_MS];
    return [{ pid: Number(pid), parent: Number(fields[1]), ownMs, endedMs }];
  } catch {
    return [];
  }
}
