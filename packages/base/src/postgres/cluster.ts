import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { type Account, isReachable, SYSTEM_FOLDER } from './account.ts';
import type { Binaries } from './binaries.ts';

/** An empty cluster is 39 MB and its first log segment 16 MB; the rest is for the first letters. */
const NEW_CLUSTER_BYTES_MIN = 120_000_000;
/** With less than this left, a server that did not start is taken to have failed for want of space. */
const FREE_BYTES_MIN = 20_000_000;

export const SUPERUSER = 'postgres';

/**
 * The folder that holds the files of PostgreSQL: `cluster` in the data folder. As root, and where the user postgres
 * cannot enter the data folder (a checkout under /root), a folder under /var/lib/brevduva instead, which the file
 * `cluster-path` in the data folder names: whoever removes the data folder starts afresh.
 */
export async function findClusterDir(dataDir: string, account: Account): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const pointer = join(dataDir, 'cluster-path');
    if (existsSync(pointer)) return (await readFile(pointer, 'utf8')).trim();
    if (account.uid === undefined) return join(dataDir, 'cluster');
    await chmod(dataDir, 0o711); // may be entered, not listed
    if (await isReachable(dataDir, account)) return join(dataDir, 'cluster');
    await mkdir(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
    const elsewhere = join(SYSTEM_FOLDER, `cluster-${randomBytes(6).toString('hex')}`);
    await writeFile(pointer, `${elsewhere}\n`);
    return elsewhere;
  } catch (err) {
    throw folderError(err, dataDir);
  }
}

/** The superuser's password: random, made with the data folder, readable by its owner only. */
export async function readPassword(dataDir: string, clusterDir: string): Promise<string> {
  const file = join(dataDir, 'password');
  try {
    if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
    if (existsSync(join(clusterDir, 'PG_VERSION'))) {
      throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_FOREIGN', { values: { folder: dataDir } });
    }
    const password = randomBytes(24).toString('base64url');
    await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
    return password;
  } catch (err) {
    throw folderError(err, dataDir);
  }
}

/** Throws BASE_DATA_FOLDER_VERSION when the files are of another major version than the programs. */
export async function checkVersion(dataDir: string, clusterDir: string, binaries: Binaries): Promise<void> {
  if (!existsSync(join(clusterDir, 'PG_VERSION'))) return;
  const found = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  if (found === binaries.majorVersion) return;
  throw appError(BASE_ERRORS, 'BASE_DATA_FOLDER_VERSION', {
    values: { folder: dataDir, found, wanted: binaries.majorVersion },
  });
}

/**
 * Creates the files of a cluster where there are none. It is made beside its place and moved there when it is whole:
 * a start killed in the middle leaves nothing that looks like a cluster.
 */
export async function createCluster(
  clusterDir: string,
  password: string,
  { account, binaries, fsync }: { account: Account; binaries: Binaries; fsync: boolean },
): Promise<void> {
  if (existsSync(join(clusterDir, 'PG_VERSION'))) return;
  const unfinished = `${clusterDir}.new`;
  const passwordFile = `${clusterDir}.password`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    await giveTo(unfinished, account);
    if ((await freeBytes(unfinished)) < NEW_CLUSTER_BYTES_MIN) throw appError(BASE_ERRORS, 'BASE_DISK_FULL');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(passwordFile, account);
    await promisify(execFile)(
      binaries.initdb,
      initdbArguments(unfinished, passwordFile, fsync),
      processOptions(account),
    );
    await rename(unfinished, clusterDir);
  } catch (err) {
    const isFull = existsSync(unfinished) && (await isDiskFull(unfinished));
    await rm(unfinished, { recursive: true, force: true });
    if (isFull) throw appError(BASE_ERRORS, 'BASE_DISK_FULL', { cause: err });
    throw folderError(err, clusterDir);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** True when a failure to start is one of too little space. */
export async function isDiskFull(folder: string): Promise<boolean> {
  return (await freeBytes(folder)) < FREE_BYTES_MIN;
}

/** The server's own environment: none of ours (PGPORT, PGOPTIONS, …), one language in its log, and no folder of ours. */
export function processOptions(account: Account) {
  return { ...account, cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } };
}

function initdbArguments(folder: string, passwordFile: string, fsync: boolean): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of text on every machine, whatever its C library.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(fsync ? [] : ['--no-sync']),
  ];
}

async function giveTo(path: string, account: Account): Promise<void> {
  if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const FOLDER_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOENT']);

function folderError(err: unknown, folder: string): unknown {
  if (!(err instanceof Error) || !('code' in err)) return err;
  if (err.code === 'ENOSPC' || err.code === 'EDQUOT') return appError(BASE_ERRORS, 'BASE_DISK_FULL', { cause: err });
  if (typeof err.code !== 'string' || !FOLDER_CODES.has(err.code)) return err;
  return appError(BASE_ERRORS, 'BASE_DATA_FOLDER_UNREACHABLE', { cause: err, detail: err.code, values: { folder } });
}
