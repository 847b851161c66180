import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LoadReport } from '../bench/load.ts';
import type { ReachabilityReport } from '../bench/reachability.ts';
import { measure } from '../bench/support/latency.ts';

/** That the register's benches work and count right. What the figures are is never tested: the machine decides that. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'brevduva-bench-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));

function bench(script: string, ...words: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', `bench/${script}.ts`, ...words], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

test('isReachable says what the rows say, and is timed beside them', { timeout: 120_000 }, () => {
  const file = join(dir, 'reachability.json');
  const ran = bench('reachability', ...'--accounts 3000 --ids 100 --runs 1 --questions 5 --json'.split(' '), file);
  assert.equal(ran.status, 0, ran.stderr);
  const report = JSON.parse(readFileSync(file, 'utf8')) as ReachabilityReport;
  assert.equal(report.machine.fsync, 'on');
  assert.deepEqual(Object.keys(report.ratios), ['1', '4', '8']);
  for (const { sql, soap, client } of report.figures) {
    for (const { idsPerSecond, p50Ms, p95Ms, p99Ms } of [sql, soap, client]) {
      assert.ok(idsPerSecond > 0 && p50Ms > 0 && p50Ms <= p95Ms && p95Ms <= p99Ms, JSON.stringify(report.figures));
    }
  }
});

test('a load that is killed on the way ends with every account once', { timeout: 120_000 }, () => {
  const file = join(dir, 'load.json');
  const ran = bench('load', ...'--accounts 3000 --gzip --kill 1 --json'.split(' '), file);
  assert.equal(ran.status, 0, ran.stderr);
  const report = JSON.parse(readFileSync(file, 'utf8')) as LoadReport;
  assert.equal(report.accounts, 3000);
  assert.ok(report.seconds > 0 && report.rowsPerSecond > 0, ran.stdout);
});

test('options that make no sense are refused before anything starts, and --help starts nothing', () => {
  for (const [script, option] of [
    ['reachability', '--ids'],
    ['load', '--accounts'],
  ] as const) {
    const wrong = bench(script, option, 'many');
    assert.equal(wrong.status, 2);
    assert.equal(wrong.stderr, `${option} must be a whole number of at least 1, not "many"\n`);
    const help = bench(script, '--help');
    assert.equal(help.status, 0);
    assert.ok(help.stdout.includes(option) && help.stdout.includes('--json'), help.stdout);
  }
});

test('so many questions are asked as were wanted, and percentiles are of their durations', async () => {
  const asked: number[] = [];
  const cpu = { bench: 0, far: 0, postgres: undefined };
  const timing = await measure({ count: 20, concurrency: 4, idsEach: 10, readCpu: async () => cpu }, async (index) => {
    asked.push(index);
  });
  assert.deepEqual(asked, [...Array(20).keys()]);
  assert.ok(timing.idsPerSecond > 0 && timing.p50Ms <= timing.p99Ms);
});
