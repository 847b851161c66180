import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LanesReport } from '../bench/lanes.ts';
import type { MailingReport } from '../bench/mailing.ts';
import type { PrintReport } from '../bench/print.ts';
import type { Phase, RunFigures } from '../bench/support/measureRun.ts';
import { samplePdf } from '../bench/support/samplePdf.ts';
import { figureOf } from '../bench/support/summary.ts';
import type { Report } from '../bench/support/table.ts';

/** That the bench works and counts right. What the figures are is never tested: the machine decides that. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'brevduva-bench-test-'));
after(() => rmSync(dir, { recursive: true, force: true }));

function bench(...words: string[]) {
  return run('letters', ...words);
}

function run(script: string, ...words: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', `bench/${script}.ts`, ...words], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

test('the short form delivers every letter once and gives figures that are numbers', { timeout: 120_000 }, () => {
  const file = join(dir, 'report.json');
  const ran = bench('--letters', '20', '--runs', '1', '--warm-up', '2', '--json', file);
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /none lost, none stored twice; sent more than once: 0/);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report & { figures: RunFigures[] };
  assert.equal(report.machine.fsync, 'on');
  const { summary } = report;
  assert.ok(summary.rawSignatureCpuMs.median > 0);
  for (const ratio of Object.values(summary.ratios))
    assert.ok(ratio.median > 0 && ratio.median < 1, String(ratio.median));
  const [run] = report.figures;
  for (const phase of [run?.intake, run?.pipeline, run?.endToEnd]) assertFinite(phase);
});

function assertFinite(phase: Phase | undefined): void {
  assert.ok(phase !== undefined && phase.lettersPerSecond > 0 && phase.hubCpuMs > 0, JSON.stringify(phase));
  for (const value of Object.values(phase)) assert.ok(Number.isFinite(value) && value >= 0, JSON.stringify(phase));
}

for (const through of ['nothing', 'hub'])
  test(`letters become one print batch, through ${through}`, { timeout: 120_000 }, () => {
    const file = join(dir, `print-${through}.json`);
    // The bench fails by itself unless the batch's manifest has every letter.
    const ran = run('print', ...`--letters 12 --through ${through} --json`.split(' '), file);
    assert.equal(ran.status, 0, ran.stderr);
    const { median } = JSON.parse(readFileSync(file, 'utf8')) as PrintReport;
    for (const value of Object.values(median)) assert.ok(Number.isFinite(value) && value >= 0, ran.stdout);
    assert.ok(median.cpuMsPerLetter > 0 && median.fileMegabytes > 0, ran.stdout);
    assert.equal(median.databaseCpuSeconds > 0, through === 'hub');
  });

test('a mailing is committed whole with its PDF stored once, and timed beside the bare rows', {
  timeout: 120_000,
}, () => {
  const file = join(dir, 'mailing.json');
  const ran = run('mailing', ...'--recipients 200 --runs 1 --bytes 5000 --json'.split(' '), file);
  assert.equal(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /every letter committed, the PDF stored once/);
  const report = JSON.parse(readFileSync(file, 'utf8')) as MailingReport;
  assert.ok(report.totalSeconds.median > 0 && report.ratio.median > 0, ran.stdout);
});

test('single letters arrive beside a mailing, and are timed with an idle hub too', { timeout: 120_000 }, () => {
  const file = join(dir, 'lanes.json');
  const ran = run('lanes', ...'--recipients 60 --letters 4 --every 20 --bytes 2000 --json'.split(' '), file);
  assert.equal(ran.status, 0, ran.stderr);
  const { idle, besideMailing } = JSON.parse(readFileSync(file, 'utf8')) as LanesReport;
  for (const { p50Ms, p99Ms, maxMs } of [idle, besideMailing]) assert.ok(0 < p50Ms && p50Ms <= p99Ms && p99Ms <= maxMs);
});

test('the short form of the templates’ bench gives figures that are numbers', () => {
  const ran = run('templates', '--letters', '2', '--rounds', '1', '--json');
  assert.equal(ran.status, 0, ran.stderr);
  const { lettersPerSecondAndCore, ratios, bytes } = JSON.parse(ran.stdout);
  for (const { median } of [lettersPerSecondAndCore, ratios.toEmptyPage, ratios.toTextLetter]) assert.ok(median > 0);
  assert.ok(bytes > 10_000);
});

test('an option that makes no sense is refused before anything starts', () => {
  const ran = bench('--letters', 'many');
  assert.equal(ran.status, 2);
  assert.equal(ran.stderr, '--letters must be a whole number of at least 1, not "many"\n');
});

test('--help says what there is and starts nothing', () => {
  const ran = bench('--help');
  assert.equal(ran.status, 0);
  for (const option of ['--letters', '--bytes', '--runs', '--warm-up', '--json', '--profile']) {
    assert.ok(ran.stdout.includes(option), option);
  }
});

test('a sample PDF has exactly the size asked for', () => {
  for (const size of [1_000, 20_000, 99_999, 500_000]) assert.equal(samplePdf(size, 'Beslut 7').length, size);
});

test('a figure is the middle of the runs and their outermost', () => {
  assert.deepEqual(figureOf([3, 1, 2]), { median: 2, min: 1, max: 3 });
  assert.deepEqual(figureOf([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
});
