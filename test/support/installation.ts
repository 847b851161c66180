import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../../packages/cli/bin/brevduva.mjs', import.meta.url));
const START_MS_MAX = 120_000; // on a machine that has much else to do

/** What `brevduva up --json` prints when everything is up. */
export interface Ready {
  ready: true;
  topology: 'a' | 'b' | 'c' | 'd';
  hub: string;
  console: string;
  companyHub?: string;
  mailboxes: [string, string];
  far: string;
  identityProvider: string;
  paper: string;
  printShop: string;
  messages: string;
  apiKey: string;
  sampleRecipients: Record<'digital' | 'otherOperator' | 'paper' | 'case' | 'optedOut', string>;
  samplePersons: Record<'deceased' | 'protectedIdentity' | 'minor' | 'soleTrader', string>;
  sampleCompanies: Record<
    'together' | 'board' | 'eachAlone' | 'housing' | 'unclear' | 'association',
    { id: string; signatories: readonly string[] }
  >;
}

export interface CliResult {
  code: number | null;
  out: string;
  err: string;
}

/** The whole thing as a user starts it: `brevduva up` in a process and a folder of its own. */
export async function createInstallation() {
  const folder = await mkdtemp(join(tmpdir(), 'brevduva-up-'));
  const portBase = await findPorts();
  let child: ChildProcess | undefined;

  /** Runs a command against this installation and waits for its end. */
  async function cli(...argv: string[]): Promise<CliResult> {
    const run = spawnCli(folder, argv);
    return { ...(await run.ended), out: run.out() };
  }
  async function start(...more: string[]): Promise<Ready> {
    const started = spawnCli(folder, ['up', '--json', '--port-base', String(portBase), ...more]);
    child = started.child;
    return readyLine(started);
  }
  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
  async function remove(): Promise<void> {
    await stop('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
  return { folder, portBase, cli, start, stop, remove };
}

export type Installation = Awaited<ReturnType<typeof createInstallation>>;

/** Waits until something is so; half a minute at most. */
export async function until(test: () => Promise<boolean>, what = 'it never came to that'): Promise<void> {
  for (let tries = 0; !(await test()); tries += 1) {
    assert.ok(tries < 300, what);
    await sleep(100);
  }
}

/** Whether anyone answers on a web address. */
export async function answers(url: string): Promise<boolean> {
  return fetch(new URL('/health', url)).then(
    () => true,
    () => false,
  );
}

type Spawned = ReturnType<typeof spawnCli>;

function spawnCli(folder: string, argv: readonly string[]) {
  const { BREVDUVA_TEST_PG: _pg, BREVDUVA_URL: _url, ...inherited } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...argv, '--data', folder], { env: inherited });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk.toString('utf8');
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, err: output.err }));
  return { child, ended, out: () => output.out };
}

async function readyLine({ ended, out }: Spawned): Promise<Ready> {
  const isLate = sleep(START_MS_MAX, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`not ready in ${START_MS_MAX} ms`)),
  );
  const hasDied = ended.then(({ code, err }) => Promise.reject(new Error(`ended with ${code}: ${err}`)));
  const isReady = (async () => {
    while (!out().includes('\n')) await sleep(20);
  })();
  await Promise.race([isReady, hasDied, isLate]);
  // Whichever lost the race is no error any more.
  hasDied.catch(() => undefined);
  isLate.catch(() => undefined);
  return JSON.parse(out()) as Ready;
}

/** Ports of one installation, and room between those of test processes that start at the same time. */
const PORTS = 24;
const SPACING = 40;

/** Enough free ports in a row. */
async function findPorts(): Promise<number> {
  for (let base = 21_000 + (process.pid % 250) * SPACING; ; base += SPACING) {
    if (await portsAreFree(base)) return base;
  }
}

/** Whether nobody listens on the ports from the base. */
export async function portsAreFree(base: number): Promise<boolean> {
  const probes = await Promise.allSettled(Array.from({ length: PORTS }, (_, index) => probe(base + index)));
  return probes.every((one) => one.status === 'fulfilled');
}

async function probe(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
