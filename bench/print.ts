/**
 * How many one-page letters become one print file a second, with sheet marks and manifest: `taskset -c 0 node --import tsx bench/print.ts
 * --letters 10000`. One worker composes, as in the hub, and this process joins; `--through hub` takes them the whole way through a hub and its
 * database. CPU is told beside the clock, and the memory of all processes together. See docs/performance.md.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from './support/options.ts';

export interface PrintReport {
  readonly letters: number;
  readonly through: string;
  readonly loadBefore: number;
  readonly cores: number;
  readonly runs: readonly PrintRun[];
  /** Of the run in the middle by the clock. */
  readonly median: PrintRun;
}

export interface PrintRun {
  readonly seconds: number;
  readonly lettersPerSecond: number;
  /** Of all processes. */
  readonly cpuSeconds: number;
  readonly cpuMsPerLetter: number;
  readonly ownCpuSeconds: number;
  readonly workersCpuSeconds: number;
  readonly databaseCpuSeconds: number;
  readonly peakMiB: number;
  readonly fileMegabytes: number;
}

/** A program that is loaded takes memory, also where nobody runs it. */
const WAYS = {
  nothing: async () => (await import('./support/joinedBatch.ts')).joinedBatch,
  hub: async () => (await import('./support/hubBatch.ts')).hubBatch,
} as const;

const { values } = parseArgs({
  options: {
    letters: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '1' },
    through: { type: 'string', default: 'nothing' },
    json: { type: 'string' },
  },
});
const letters = wholeNumber('--letters', values.letters, 1);
const way = await (values.through === 'hub' ? WAYS.hub : WAYS.nothing)();
const [loadBefore = 0] = loadavg();
const runs: PrintRun[] = [];
for (let run = wholeNumber('--runs', values.runs, 1); run > 0; run -= 1) runs.push(await oneRun());
const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
if (middle === undefined) throw new Error('no run');
const report: PrintReport = {
  ...{ letters, through: values.through, loadBefore, cores: availableParallelism(), runs },
  median: middle,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report));

async function oneRun(): Promise<PrintRun> {
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-print-'));
  try {
    const figures = await way(letters, folder);
    const { seconds, ownCpuSeconds, workersCpuSeconds = 0, databaseCpuSeconds = 0, peakMiB, fileBytes } = figures;
    const cpuSeconds = ownCpuSeconds + workersCpuSeconds + databaseCpuSeconds;
    return {
      seconds: rounded(seconds),
      lettersPerSecond: Math.round(letters / seconds),
      cpuSeconds: rounded(cpuSeconds),
      cpuMsPerLetter: rounded((cpuSeconds * 1_000) / letters),
      ownCpuSeconds: rounded(ownCpuSeconds),
      workersCpuSeconds: rounded(workersCpuSeconds),
      databaseCpuSeconds: rounded(databaseCpuSeconds),
      peakMiB: Math.round(peakMiB),
      fileMegabytes: rounded(fileBytes / 1e6),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
