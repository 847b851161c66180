import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@brevduva/base/testing';
import { runProgram } from './programs.ts';

/** Debian's CUPS as an ordinary process with a folder and a port of its own; nothing of the machine's own printing is touched. */
export async function startCups() {
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-cups-'));
  const port = await freePort();
  await writeSettings(dir, port);
  const server = spawn('cupsd', ['-f', '-c', join(dir, 'cupsd.conf'), '-s', join(dir, 'cups-files.conf')], {
    stdio: 'ignore',
  });
  const host = `127.0.0.1:${port}`;
  const run = (program: string, ...words: string[]) => runProgram(program, words, { CUPS_SERVER: host });
  await untilUp(server, host);
  return {
    run,
    /** A line for each job of every queue, the ended ones too. */
    jobs: async () => (await run('lpstat', '-W', 'all', '-o')).output.split('\n').filter((line) => line !== ''),
    /** What CUPS itself says that it did, for the message of a test that fails. */
    log: () => readFile(join(dir, 'log/error'), 'utf8'),
    async close() {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const TRIES_MAX = 100;

async function untilUp(server: ChildProcess, host: string): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (server.exitCode !== null) throw new Error(`cupsd ended with ${server.exitCode}`);
    const { status } = await runProgram('lpstat', ['-h', host, '-r']);
    if (status === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('cupsd does not answer');
}

async function writeSettings(dir: string, port: number): Promise<void> {
  for (const folder of ['spool/tmp', 'cache', 'state', 'log']) await mkdir(join(dir, folder), { recursive: true });
  await writeFile(
    join(dir, 'cups-files.conf'),
    `ServerRoot ${dir}
RequestRoot ${dir}/spool
TempDir ${dir}/spool/tmp
CacheDir ${dir}/cache
StateDir ${dir}/state
AccessLog ${dir}/log/access
ErrorLog ${dir}/log/error
PageLog ${dir}/log/page
`,
  );
  // Anyone may do anything: it listens to this computer alone, for as long as the test.
  await writeFile(
    join(dir, 'cupsd.conf'),
    `LogLevel debug
Listen 127.0.0.1:${port}
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
`,
  );
}
