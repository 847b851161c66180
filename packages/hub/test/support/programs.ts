import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Runs a program to its end; what it wrote, to either stream, in the order in which it came. */
export async function runProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; output: string }> {
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

/**
 * Which of a test's programs are missing. Says so loudly, with the Debian packages to install; the test is then skipped, but in CI
 * that is a failure.
 */
export function missingPrograms(programs: Readonly<Record<string, string>>): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const missing = Object.keys(programs).filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((name) => programs[name]))].join(' ');
  const text = `PROGRAM SAKNAS: ${missing.join(', ')}. På Debian: sudo apt-get install ${packages}`;
  if (process.env['CI'] === 'true') throw new Error(text);
  process.stderr.write(`${text}\n`);
  return text;
}
