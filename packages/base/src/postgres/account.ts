import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';

const run = promisify(execFile);

/** Where a start as root keeps what the user postgres cannot reach elsewhere. */
export const SYSTEM_FOLDER = '/var/lib/brevduva';

const USER = 'postgres';

/** The OS user that the server runs as; undefined ids mean: as ourselves. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as the user postgres, who is created if missing. */
export async function findAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  return (await lookUp()) ?? (await create());
}

/** Asks the system, as that user, whether `path` can be entered or run: file modes alone do not tell (ACL, mounts). */
export async function isReachable(path: string, account: Account): Promise<boolean> {
  if (account.uid === undefined) return true;
  try {
    await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/' });
    return true;
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 1) return false;
    throw err;
  }
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', USER]), run('id', ['-g', USER])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 1) return undefined; // no such user
    throw err;
  }
}

async function create(): Promise<Account> {
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  } catch (err) {
    throw appError(BASE_ERRORS, 'BASE_POSTGRES_USER', { cause: err });
  }
  const account = await lookUp();
  if (account === undefined) throw appError(BASE_ERRORS, 'BASE_POSTGRES_USER');
  return account;
}
