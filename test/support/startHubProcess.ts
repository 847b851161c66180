import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Ecosystem } from './ecosystem.ts';

const SCRIPT = fileURLToPath(new URL('./hubProcess.ts', import.meta.url));

/** Writes down how the world's hub, or another in its folder, starts, for processes that are to be killed. @returns the file. */
export async function writeHubOptions(world: Ecosystem, hubOptions = world.hubOptions): Promise<string> {
  const { clock: _clock, log: _log, contentKey, ...options } = hubOptions;
  const file = join(world.world.dir, `hub-${options.node}.json`);
  const text = JSON.stringify({ ...options, contentKey: contentKey.toString('base64') });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** A hub in a process of its own; it kills itself at the crash point, if one is named. */
export async function startHubProcess(
  optionsFile: string,
  crashAt?: string,
): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, optionsFile, ...(crashAt ? [crashAt] : [])], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const lines = createInterface({ input: child.stdout as Readable });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`the hub ended at once: ${code} ${signal}`))),
  ])) as [string];
  return { url: (JSON.parse(line) as { url: string }).url, process: child };
}

/** From now on it kills itself at the point. Naming one costs far less time than a start. */
export async function crashAt(child: ChildProcess, point: string): Promise<void> {
  const armed = new Promise<void>((resolve) => {
    child.on('message', function onMessage(message: { crashAt?: string }) {
      if (message.crashAt !== point) return;
      child.off('message', onMessage);
      resolve();
    });
  });
  child.send({ crashAt: point });
  await armed;
}

/** Ends a hub as a power cut does, if nothing has ended it before. */
export async function killHub(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
