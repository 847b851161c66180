import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { appError } from '@brevduva/base';
import { CLI_ERRORS } from './errors.ts';
import type { Terminal } from './terminal.ts';
import { writeFileAtomic } from './writeFileAtomic.ts';

export const DATA_FOLDER_DEFAULT = '.brevduva';

/** What a running installation tells the other commands: `running.json` in the data folder, 0600 for the key's sake. */
export interface RunningInstallation {
  readonly pid: number;
  /** None in a topology without one. */
  readonly hub?: string;
  readonly apiKey?: string;
  /** Where FaR answers business systems that connect by themselves. */
  readonly farUrl?: string;
  /** The register's own connection, for what is loaded straight into it. */
  readonly farDatabaseUrl?: string;
  /** The hub's own connection, for its configuration. */
  readonly hubDatabaseUrl?: string;
}

/** The data folder by `--data`, else BREVDUVA_DATA, else `.brevduva` where the command is run. */
export function dataFolder(option: string | undefined, { env, cwd }: Terminal): string {
  return resolve(cwd, option ?? (env['BREVDUVA_DATA'] || DATA_FOLDER_DEFAULT));
}

/**
 * Where the hub is and the key to it: an explicit `--data` first, then BREVDUVA_URL with BREVDUVA_API_KEY, then the
 * default data folder. Throws CLI_NOT_RUNNING, CLI_TOPOLOGY_NO_HUB.
 */
export async function findHub(
  option: string | undefined,
  terminal: Terminal,
): Promise<{ readonly hub: string; readonly apiKey: string }> {
  const { BREVDUVA_URL: hub, BREVDUVA_API_KEY: apiKey } = terminal.env;
  if (option === undefined && hub && apiKey) return { hub, apiKey };
  const folder = dataFolder(option, terminal);
  const running = await readRunning(folder);
  if (running === undefined) throw appError(CLI_ERRORS, 'CLI_NOT_RUNNING', { values: { folder } });
  if (running.hub === undefined || running.apiKey === undefined) {
    throw appError(CLI_ERRORS, 'CLI_TOPOLOGY_NO_HUB', { values: { folder } });
  }
  return { hub: running.hub, apiKey: running.apiKey };
}

/** Connection string of the register of the installation that runs in the data folder. Throws CLI_NO_REGISTER. */
export async function findFarDatabase(option: string | undefined, terminal: Terminal): Promise<string> {
  const folder = dataFolder(option, terminal);
  const url = (await readRunning(folder))?.farDatabaseUrl;
  if (url === undefined) throw appError(CLI_ERRORS, 'CLI_NO_REGISTER', { values: { folder } });
  return url;
}

/** Connection string of the hub: BREVDUVA_HUB_DATABASE_URL, else of the installation that runs in the data folder. Throws CLI_NO_HUB. */
export async function findHubDatabase(option: string | undefined, terminal: Terminal): Promise<string> {
  const fromEnvironment = terminal.env['BREVDUVA_HUB_DATABASE_URL'];
  if (option === undefined && fromEnvironment) return fromEnvironment;
  const folder = dataFolder(option, terminal);
  const url = (await readRunning(folder))?.hubDatabaseUrl;
  if (url === undefined) throw appError(CLI_ERRORS, 'CLI_NO_HUB', { values: { folder } });
  return url;
}

/** The installation that runs in the folder; undefined when none does, or when the one that did was killed. */
export async function readRunning(folder: string): Promise<RunningInstallation | undefined> {
  const file = runningFile(folder);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause: error });
  });
  if (text === undefined) return undefined;
  const running = parseRunning(text);
  if (running === undefined) throw appError(CLI_ERRORS, 'CLI_STATE_FILE', { values: { file } });
  return isAlive(running.pid) ? running : undefined;
}

export async function writeRunning(folder: string, running: RunningInstallation): Promise<void> {
  await writeFileAtomic(runningFile(folder), `${JSON.stringify(running, null, 2)}\n`);
}

export async function removeRunning(folder: string): Promise<void> {
  await rm(runningFile(folder), { force: true });
}

function runningFile(folder: string): string {
  return join(folder, 'running.json');
}

function parseRunning(text: string): RunningInstallation | undefined {
  try {
    const { pid, ...more } = JSON.parse(text) as Partial<RunningInstallation>;
    const isWhole = typeof pid === 'number' && typeof more.hub === typeof more.apiKey;
    return isWhole ? { pid, ...more } : undefined;
  } catch {
    // Not JSON: the caller names the file.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
