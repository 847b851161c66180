import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createPaperFolder, PAPER_STEPS, type PaperFolder, PaperFolderError } from '../src/paper/handOver.ts';
import { sampleJob } from './paperSamples.ts';

const root = mkdtempSync(join(tmpdir(), 'brevduva-paper-'));
after(() => rmSync(root, { recursive: true }));
const NOW = new Date('2026-08-01T10:00:00Z');
const clock = { now: () => NOW };
let folders = 0;

async function freshFolder(): Promise<{ dir: string; folder: PaperFolder }> {
  folders += 1;
  const dir = join(root, `mapp-${folders}`);
  return { dir, folder: await createPaperFolder({ dir, clock }) };
}

function jobs(dir: string): string[] {
  return [...readdirSync(dir), ...readdirSync(join(dir, 'done'))].filter((name) => name !== 'done' && name !== '.work');
}

const CHILD = fileURLToPath(new URL('./paperHandOverChild.ts', import.meta.url));

function runChild(dir: string, step: string): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, ['--import', 'tsx', CHILD, dir, step]);
}

describe('handing a letter to the print shop', () => {
  it('publishes the PDF and a manifest that proves it, and nothing of the recipient', async () => {
    const { dir, folder } = await freshFolder();
    const job = sampleJob('0198-abc');
    const carriesMore = { ...job, manifest: { ...job.manifest, recipient: '191212121212' } };
    assert.equal(await folder.handOver(carriesMore), 'handedOver');
    assert.deepEqual(readdirSync(join(dir, '0198-abc')).sort(), ['letter.pdf', 'manifest.json']);
    assert.deepEqual(readFileSync(join(dir, '0198-abc', 'letter.pdf')), job.pdf);
    assert.deepEqual(JSON.parse(readFileSync(join(dir, '0198-abc', 'manifest.json'), 'utf8')), {
      version: 1,
      letterId: '0198-abc',
      ...job.manifest,
      sha256: createHash('sha256').update(job.pdf).digest('hex'),
      createdAt: '2026-08-01T10:00:00.000Z',
    });
    assert.deepEqual(readdirSync(join(dir, '.work')), []);
  });

  it('twice, or at the same instant, gives one job', async () => {
    const { dir, folder } = await freshFolder();
    const answers = await Promise.all(Array.from({ length: 8 }, () => folder.handOver(sampleJob('brev-1'))));
    assert.deepEqual(answers.sort(), [...Array(7).fill('alreadyHandedOver'), 'handedOver']);
    assert.equal(await folder.handOver(sampleJob('brev-1')), 'alreadyHandedOver');
    assert.deepEqual(jobs(dir), ['brev-1']);
  });

  it('never again after the shop has moved it to done', async () => {
    const { dir, folder } = await freshFolder();
    await folder.handOver(sampleJob('brev-1'));
    assert.equal((await folder.find('brev-1'))?.place, 'waiting');
    renameSync(join(dir, 'brev-1'), join(dir, 'done', 'brev-1'));
    assert.equal((await folder.find('brev-1'))?.place, 'done');
    assert.equal(await folder.handOver(sampleJob('brev-1')), 'alreadyHandedOver');
    assert.deepEqual(jobs(dir), ['brev-1']);
    assert.equal(await folder.find('brev-2'), undefined);
  });

  for (const id of ['../ut', '.work', 'done', 'a/b', '', 'å']) {
    it(`refuses the letter id "${id}"`, async () => {
      const { folder } = await freshFolder();
      await assert.rejects(folder.handOver(sampleJob(id)), {
        name: 'PaperFolderError',
        retryable: false,
        message: /duger inte som mappnamn/,
      });
    });
  }
});

describe('killed between two steps (scenario 9)', () => {
  for (const step of PAPER_STEPS) {
    it(`after ${step}: the replay leaves exactly one whole job`, () => {
      const dir = join(root, `killed-${step}`);
      assert.equal(runChild(dir, step).signal, 'SIGKILL');
      assert.deepEqual(jobs(dir), step === 'published' ? ['brev-1'] : []);
      assert.equal(String(runChild(dir, 'none').stdout), step === 'published' ? 'alreadyHandedOver' : 'handedOver');
      assert.deepEqual(jobs(dir), ['brev-1']);
      const manifest = JSON.parse(readFileSync(join(dir, 'brev-1', 'manifest.json'), 'utf8'));
      const pdf = readFileSync(join(dir, 'brev-1', 'letter.pdf'));
      assert.equal(manifest.sha256, createHash('sha256').update(pdf).digest('hex'));
    });
  }

  it('a start sweeps old work, leaves what another node may be writing', async () => {
    const { dir } = await freshFolder();
    for (const name of ['gammal', 'ny']) mkdirSync(join(dir, '.work', name));
    const old = new Date(NOW.getTime() - 61 * 60 * 1000);
    utimesSync(join(dir, '.work', 'gammal'), old, old);
    utimesSync(join(dir, '.work', 'ny'), NOW, NOW);
    await createPaperFolder({ dir, clock });
    assert.deepEqual(readdirSync(join(dir, '.work')), ['ny']);
  });
});

describe('a folder in trouble', () => {
  it('says what to do and lets the letter wait', async () => {
    const file = join(root, 'fil');
    writeFileSync(file, '');
    await assert.rejects(createPaperFolder({ dir: file, clock }), (error: unknown) => {
      assert.ok(error instanceof PaperFolderError);
      assert.match(error.message, /Utskriftsmappen .*fil .*\((?:ENOTDIR|EEXIST)\)/);
      return error.retryable;
    });
    const { dir, folder } = await freshFolder();
    rmSync(dir, { recursive: true });
    await assert.rejects(folder.handOver(sampleJob('brev-1')), {
      retryable: true,
      message: /finns inte\. Skapa eller montera den \(ENOENT\)/,
    });
  });

  it('disk full: nothing is handed over, nothing is left', (context) => {
    const dir = join(root, 'full');
    mkdirSync(dir);
    const script = `mount -t tmpfs -o size=256k tmpfs "$1" && "$0" --import tsx "$2" "$1" none 1000000 && ls -A "$1" "$1/.work"`;
    const run = spawnSync('unshare', ['-rm', 'sh', '-c', script, process.execPath, dir, CHILD], { encoding: 'utf8' });
    if (run.error !== undefined || /unshare|mount/.test(run.stderr)) {
      const notice = `DISK FULL NOT TESTED: no private mount here (${run.error?.message ?? run.stderr.trim()})`;
      process.stderr.write(`${notice}\n`);
      context.skip(notice);
      return;
    }
    assert.match(run.stdout, /^PaperFolderError: .*är full\. Frigör plats på disken \(ENOSPC\)\./);
    assert.doesNotMatch(run.stdout, /brev-1/);
  });
});
