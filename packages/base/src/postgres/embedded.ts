import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type AppError, appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Log } from '../log.ts';
import { type OwnerLock, takeOwnerLock } from '../sql/ownerLock.ts';
import { sqlErrorCode } from '../sql/sqlError.ts';
import { type Account, findAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import {
  checkVersion,
  createCluster,
  findClusterDir,
  isDiskFull,
  processOptions,
  readPassword,
  SUPERUSER,
} from './cluster.ts';
import { findRunning, isAlive, readPostmasterFile, signal, stopPostmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /** Made when missing; holds the cluster, its password and its log. */
  dataDir: string;
  /** On 127.0.0.1; 0 picks a free one. */
  port: number;
  /** False only for tests whose data may be lost with the machine's power. */
  fsync?: boolean;
  log?: Log;
}

export interface EmbeddedPostgres {
  /** Connection string of the superuser, to the database `postgres`. */
  adminUrl: string;
  pid: number;
  /** Stops the server cleanly: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<void>;
}

/** Recovery after a crash of the machine reads the whole write-ahead log since the last checkpoint. */
const START_MS_MAX = 120_000;
const ORPHAN_ANSWER_MS_MAX = 60_000;
const POLL_MS = 25;
const LOG_BYTES_MAX = 10_000_000;
const CONNECTIONS_MAX = 200;
/** Children of a killed server let go of its memory only when they notice; until then no new one starts. */
const START_TRIES_MAX = 8;
const START_RETRY_DELAY_MS = 400;

/**
 * Starts a PostgreSQL of our own on a folder: creates it the first time, continues it later. A server that lives on
 * after its owner was killed is found and stopped first. Throws BASE_PORT_TAKEN, BASE_DATA_FOLDER_VERSION,
 * BASE_DATA_FOLDER_IN_USE (its owner lives), BASE_DATA_FOLDER_UNREACHABLE, BASE_DATA_FOLDER_FOREIGN, BASE_DISK_FULL,
 * BASE_POSTGRES_USER, BASE_POSTGRES_MISSING, BASE_POSTGRES_START.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const account = await findAccount();
  const clusterDir = await findClusterDir(dataDir, account);
  const binaries = await findBinaries(account);
  await checkVersion(dataDir, clusterDir, binaries);
  const password = await readPassword(dataDir, clusterDir);
  const fsync = options.fsync ?? true;
  const urlAt = (port: number) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;

  await stopOrphan(clusterDir, dataDir, urlAt, options.log);
  await createCluster(clusterDir, password, { account, binaries, fsync });
  const port = await findFreePort(options.port);
  const server: Server = { dataDir, clusterDir, account, binaries, port, fsync };
  const child = await startPatiently(server);
  const adminUrl = urlAt(port);
  return own(child, adminUrl, server, options.log);
}

interface Server {
  dataDir: string;
  clusterDir: string;
  account: Account;
  binaries: Binaries;
  port: number;
  fsync: boolean;
}

async function own(child: Started, adminUrl: string, server: Server, log: Log | undefined): Promise<EmbeddedPostgres> {
  const lock = await lockOrStop(child, adminUrl, server);
  // process.exit and an uncaught error leave no time to wait; the server then finishes its stop by itself.
  const stopAtExit = () => signal(child.pid, 'SIGINT');
  process.on('exit', stopAtExit);
  let isStopping = false;
  child.process.on('exit', (code, by) => {
    process.off('exit', stopAtExit);
    if (!isStopping) log?.error({ code, signal: by, file: logFile(server) }, 'the database server ended by itself');
  });
  const stop = async () => {
    isStopping = true;
    await lock.release();
    await stopPostmaster(child.pid);
  };
  let stopped: Promise<void> | undefined;
  return {
    adminUrl,
    pid: child.pid,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function lockOrStop(child: Started, adminUrl: string, server: Server): Promise<OwnerLock> {
  try {
    const lock = await takeOwnerLock(adminUrl);
    if (lock !== undefined) return lock;
  } catch (err) {
    await stopPostmaster(child.pid);
    throw sqlErrorCode(err) === '28P01' ? foreign(server.dataDir) : err;
  }
  // Another start at the same instant took this server for an orphan.
  throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_IN_USE', { values: { folder: server.dataDir } });
}

/** Ends the server of an owner that was killed; one whose owner lives is left alone. */
async function stopOrphan(
  clusterDir: string,
  dataDir: string,
  urlAt: (port: number) => string,
  log: Log | undefined,
): Promise<void> {
  const inUse = () => appError(BASE_ERRORS, 'BASE_DATA_FOLDER_IN_USE', { values: { folder: dataDir } });
  for (let waitedMs = 0; waitedMs < ORPHAN_ANSWER_MS_MAX; waitedMs += POLL_MS) {
    const running = await findRunning(clusterDir);
    if (running === undefined) return;
    const owner = running.isReady ? await askOwner(urlAt(running.port), dataDir) : 'unknown';
    if (owner === 'alive') throw inUse();
    if (owner === 'dead') {
      log?.warn({ pid: running.pid }, 'stopping a database server whose owner was killed');
      if (await stopPostmaster(running.pid)) return;
      throw inUse();
    }
    await wait(POLL_MS); // it starts, recovers or stops just now
  }
  throw inUse();
}

async function askOwner(adminUrl: string, dataDir: string): Promise<'alive' | 'dead' | 'unknown'> {
  try {
    const lock = await takeOwnerLock(adminUrl);
    await lock?.release();
    return lock === undefined ? 'alive' : 'dead';
  } catch (err) {
    if (sqlErrorCode(err) === '28P01') throw foreign(dataDir);
    return 'unknown';
  }
}

function foreign(dataDir: string): AppError {
  return appError(BASE_ERRORS, 'BASE_DATA_FOLDER_FOREIGN', { values: { folder: dataDir } });
}

interface Started {
  process: ChildProcess;
  pid: number;
}

async function startPatiently(server: Server): Promise<Started> {
  const leftovers = await readPostmasterFile(server.clusterDir);
  for (let tries = 1; ; tries += 1) {
    const started = spawnServer(server);
    if (await isReadyInTime(started, server.clusterDir)) return started;
    if (leftovers === undefined || tries === START_TRIES_MAX) throw await explain(server);
    await wait(START_RETRY_DELAY_MS);
  }
}

function spawnServer(server: Server): Started {
  const file = openSync(logFile(server), isLogTooLong(server) ? 'w' : 'a', 0o600);
  try {
    const child = spawn(server.binaries.postgres, serverArguments(server), {
      ...processOptions(server.account),
      // A group of its own: Ctrl-C in the terminal reaches us, who stop everyone in order, and not the database first.
      detached: true,
      stdio: ['ignore', file, file],
    });
    child.unref();
    return { process: child, pid: child.pid ?? 0 };
  } finally {
    closeSync(file);
  }
}

function serverArguments({ clusterDir, port, fsync }: Server): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(CONNECTIONS_MAX),
    timezone: 'UTC',
    // Details and statements of failed queries hold personal numbers.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return ['-D', clusterDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function isReadyInTime(started: Started, clusterDir: string): Promise<boolean> {
  let hasEnded = false;
  started.process.on('error', () => {
    hasEnded = true; // could not be run at all: no pid
  });
  started.process.on('exit', () => {
    hasEnded = true;
  });
  for (let waitedMs = 0; waitedMs < START_MS_MAX; waitedMs += POLL_MS) {
    if (hasEnded) return false;
    const file = await readPostmasterFile(clusterDir);
    if (file?.pid === started.pid && file.isReady) return true;
    await wait(POLL_MS);
  }
  if (isAlive(started.pid)) await stopPostmaster(started.pid);
  return false;
}

async function explain(server: Server): Promise<AppError> {
  if (await isDiskFull(server.clusterDir)) return appError(BASE_ERRORS, 'BASE_DISK_FULL');
  return appError(BASE_ERRORS, 'BASE_POSTGRES_START', { values: { file: logFile(server) } });
}

/** Binds the port for an instant, to name the fault before the server would only write it to its log. */
async function findFreePort(wanted: number): Promise<number> {
  const probe = createServer();
  try {
    probe.listen({ host: '127.0.0.1', port: wanted, exclusive: true });
    await once(probe, 'listening');
  } catch (err) {
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { cause: err, values: { port: wanted } });
  }
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return address !== null && typeof address === 'object' ? address.port : wanted;
}

function logFile(server: Server): string {
  return join(server.dataDir, 'postgres.log');
}

function isLogTooLong(server: Server): boolean {
  return (statSync(logFile(server), { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES_MAX;
}
