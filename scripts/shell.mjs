// What the set-up scripts share: running other programs, and telling people. Plain JavaScript without dependencies, since
// nothing is installed yet when it runs. Everything goes to stderr: stdout belongs to the program that is about to start.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program in the project's folder; whether it went well. Never asks the person anything. */
export function succeeds(program, words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync(program, words, { cwd: ROOT, env, stdio: ['ignore', 2, 2] });
  return error === undefined && status === 0;
}

/** As `succeeds`, but ends everything with the text when it did not go well. */
export function run(program, words, failure) {
  if (!succeeds(program, words)) stop(failure);
}

/** Debian's packages, without those they only recommend; for root alone. */
export function installDebianPackages(packages) {
  return (
    succeeds('apt-get', ['update', '-q']) &&
    succeeds('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages])
  );
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

export function stop(text) {
  say(text);
  process.exit(1);
}
