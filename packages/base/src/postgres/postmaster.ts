import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const POLL_MS = 25;
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 10_000;

export interface PostmasterFile {
  pid: number;
  port: number;
  isReady: boolean;
}

/** What the server says about itself in `postmaster.pid`; undefined when there is no such file. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | undefined> {
  try {
    const lines = (await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined;
    throw err;
  }
}

/**
 * The file of a server that runs on this folder now. A number that since belongs to another program (after a reboot
 * or in a new container the same numbers come again) is removed, since PostgreSQL itself would refuse to start.
 */
export async function findRunning(clusterDir: string): Promise<PostmasterFile | undefined> {
  const file = await readPostmasterFile(clusterDir);
  if (file === undefined || !isAlive(file.pid)) return undefined;
  if (await isPostmasterOf(file.pid, clusterDir)) return file;
  await rm(join(clusterDir, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Stops a server: "fast" (rolls back, writes a checkpoint), and if that takes too long "immediate". */
export async function stopPostmaster(pid: number): Promise<boolean> {
  signal(pid, 'SIGINT');
  if (await isGoneWithin(pid, FAST_STOP_MS)) return true;
  signal(pid, 'SIGQUIT');
  return isGoneWithin(pid, IMMEDIATE_STOP_MS);
}

export function isAlive(pid: number): boolean {
  return signal(pid, 0) && !isZombie(pid);
}

/** In a container without init nobody takes note of an orphan's death: it stays listed for ever, but is dead. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (err) {
    if (err instanceof Error && 'code' in err) return true; // gone between the two questions
    throw err;
  }
}

/** Sends a signal; false when there is no such process any more. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false; // 0 and negative numbers would hit whole groups
  try {
    process.kill(pid, name);
    return true;
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'ESRCH') return false;
    if (err instanceof Error && 'code' in err && err.code === 'EPERM') return true;
    throw err;
  }
}

async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < ms; waitedMs += POLL_MS) {
    if (!isAlive(pid)) return true;
    await wait(POLL_MS);
  }
  return false;
}

/** The server's working directory is its data folder. */
async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  try {
    if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(clusterDir));
    const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'comm=']);
    return stdout.includes('postgres');
  } catch (err) {
    // Gone meanwhile, or of a user whose processes we may not look at: then it is not the one that we started.
    if (err instanceof Error && 'code' in err) return false;
    throw err;
  }
}
