/**
 * How fast are accounts loaded from a file, and in how much memory? `brevduva accounts load` in a process of its own, into a
 * register of its own; a run of --kill is killed on the way and continued. See docs/performance.md.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { describeMachine, loadNow, type Machine } from './support/machine.ts';
import { say, wholeNumber } from './support/options.ts';
import { treeCpuMs } from './support/processTree.ts';
import { countAccounts } from './support/registerSql.ts';
import { accountFile, type RegisterWorld, startRegisterWorld } from './support/registerWorld.ts';

const HELP = `Usage: node --import tsx bench/load.ts [options]

  --accounts N   accounts in the file (default 1000000)
  --gzip         pack the file
  --kill N       kill the load so many times before it is let to its end (default 0)
  --json FILE    also write the report as JSON
  --help
`;

export interface LoadReport {
  readonly takenAt: string;
  readonly accounts: number;
  readonly fileBytes: number;
  readonly isPacked: boolean;
  readonly kills: number;
  readonly machine: Machine;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Of the load's own process, the highest of its runs; absent where there is no /proc. */
  readonly peakMemoryMiB?: number;
  readonly postgresCpuSeconds?: number;
  /** A second load of the same file, which finds that it is loaded. */
  readonly againSeconds: number;
}

interface Options {
  readonly accounts: number;
  readonly isPacked: boolean;
  readonly kills: number;
  readonly jsonFile: string | undefined;
}

const CLI = fileURLToPath(new URL('../packages/cli/bin/brevduva.ts', import.meta.url));
const POLL_MS = 50;

const options = readOptions();
if (options === undefined) process.stdout.write(HELP);
else await main(options);

async function main(options: Options): Promise<void> {
  const loadBefore = loadNow();
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-bench-load-'));
  const world = await startRegisterWorld(undefined);
  try {
    say('writing the file …');
    const file = join(dir, options.isPacked ? 'accounts.csv.gz' : 'accounts.csv');
    const text = Readable.from(accountFile(options.accounts));
    const target = createWriteStream(file);
    await (options.isPacked ? pipeline(text, createGzip({ level: 1 }), target) : pipeline(text, target));
    const report = await measureLoad(world, file, options, loadBefore);
    process.stdout.write(table(report));
    if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await world.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureLoad(
  world: RegisterWorld,
  file: string,
  { accounts, isPacked, kills }: Options,
  loadBefore: number,
): Promise<LoadReport> {
  const cpuBefore = world.postgresPid === undefined ? undefined : treeCpuMs(world.postgresPid);
  const startedMs = performance.now();
  let peakMemoryMiB = 0;
  for (let run = 0; run <= kills; run += 1) {
    const stored = await countAccounts(world.pool);
    say(run < kills ? 'loading, to be killed …' : 'loading …');
    // killed as soon as something more is stored than when it began
    const mayLive = run < kills ? async () => (await countAccounts(world.pool)) <= stored : async () => true;
    peakMemoryMiB = Math.max(peakMemoryMiB, await runLoad(world, file, mayLive));
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuAfter = world.postgresPid === undefined ? undefined : treeCpuMs(world.postgresPid);
  const loaded = await countAccounts(world.pool);
  if (loaded !== accounts) throw new Error(`${loaded} accounts are there, ${accounts} in the file`);
  const againMs = performance.now();
  await runLoad(world, file, async () => true);
  return {
    ...{ takenAt: new Date().toISOString(), accounts, isPacked, kills },
    fileBytes: (await stat(file)).size,
    machine: await describeMachine(world.pool, loadBefore),
    seconds,
    rowsPerSecond: accounts / seconds,
    ...(peakMemoryMiB > 0 ? { peakMemoryMiB } : {}),
    ...(cpuBefore === undefined || cpuAfter === undefined ? {} : { postgresCpuSeconds: (cpuAfter - cpuBefore) / 1000 }),
    againSeconds: (performance.now() - againMs) / 1000,
  };
}

/** Returns the highest memory of the process in MiB. */
async function runLoad(world: RegisterWorld, file: string, mayLive: () => Promise<boolean>): Promise<number> {
  const words = ['--import', 'tsx', CLI, 'accounts', 'load', file, '--database', world.databaseUrl];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  let memoryMiB = 0;
  let wasKilled = false;
  while (child.exitCode === null && child.signalCode === null) {
    memoryMiB = Math.max(memoryMiB, highestMemoryMiB(child));
    if (!wasKilled && !(await mayLive())) wasKilled = child.kill('SIGKILL');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
  }
  const [code] = await ended;
  if (!wasKilled && code !== 0) throw new Error(`the load ended with ${code}`);
  return memoryMiB;
}

/** 0 where there is no /proc, or the process has just ended. */
function highestMemoryMiB({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function table(report: LoadReport): string {
  const { machine, accounts, fileBytes, isPacked, kills, seconds, rowsPerSecond, peakMemoryMiB, againSeconds } = report;
  return [
    `${accounts} accounts, file of ${(fileBytes / 1e6).toFixed(1)} MB${isPacked ? ', packed' : ''}, killed ${kills} time(s)`,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.system}, load before ${machine.loadBefore.toFixed(2)}, after ${loadNow().toFixed(2)}`,
    `Node ${machine.node}, PostgreSQL ${machine.postgres} (fsync ${machine.fsync}, synchronous_commit ${machine.synchronousCommit})`,
    '',
    `loaded in ${seconds.toFixed(1)} s: ${rowsPerSecond.toFixed(0)} rows/s, start of the process and tidying included`,
    `memory of the load: ${peakMemoryMiB?.toFixed(0) ?? '–'} MiB at most; CPU of PostgreSQL: ${report.postgresCpuSeconds?.toFixed(1) ?? '–'} s`,
    `the same file again: ${againSeconds.toFixed(1)} s`,
    '',
  ].join('\n');
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '1000000' },
      gzip: { type: 'boolean', default: false },
      kill: { type: 'string', default: '0' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    accounts: wholeNumber('--accounts', values.accounts, 1),
    isPacked: values.gzip,
    kills: wholeNumber('--kill', values.kill, 0),
    jsonFile: values.json,
  };
}
