import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';

let server: Promise<string> | undefined;

/**
 * The admin address of the server for tests: BREVDUVA_TEST_PG when the test runner started one for all files, or else
 * one started for this process, without fsync, which ends with the process however that ends.
 */
export function testServerUrl(): Promise<string> {
  server ??= start();
  return server;
}

async function start(): Promise<string> {
  const shared = process.env['BREVDUVA_TEST_PG'];
  if (shared !== undefined && shared !== '') return shared;
  const dataDir = mkdtempSync(join(tmpdir(), 'brevduva-test-'));
  const { adminUrl, pid } = await startEmbeddedPostgres({ dataDir, port: 0, fsync: false });
  leaveToReaper(pid, dataDir);
  return adminUrl;
}

/**
 * A small process that waits for our end: its standard input closes when we are gone, killed or not, and then it stops
 * the server and removes the folder. In a container without init a dead server stays listed as a zombie.
 */
const REAPER = `cat >/dev/null
kill -QUIT "$1" 2>/dev/null
tries=0
while kill -0 "$1" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$1/status" && [ "$tries" -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
if [ -f "$2/cluster-path" ]; then rm -rf "$(cat "$2/cluster-path")"; fi
rm -rf "$2"`;

function leaveToReaper(pid: number, dataDir: string): void {
  const reaper = spawn('/bin/sh', ['-c', REAPER, 'sh', String(pid), dataDir], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper.unref();
  if (reaper.stdin instanceof Socket) reaper.stdin.unref();
}
