import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import {
  createWorkerPool,
  WorkerPoolError,
  type WorkerPoolErrorKind,
  type WorkerPoolOptions,
} from '../src/pdf/workerPool.ts';
import type { SampleJob } from './pdfWorkerSample.ts';

const OPTIONS: WorkerPoolOptions = {
  script: new URL('./pdfWorkerSample.ts', import.meta.url),
  workersMax: 1,
  jobTimeMs: 700,
  heapMegabytesMax: 64,
  memoryMegabytesMax: 250,
  jobsMax: 4,
  queueMax: 30,
};
const pool = createWorkerPool<SampleJob, string>(OPTIONS);
after(() => pool.close());

async function fails(run: Promise<unknown>, kind: WorkerPoolErrorKind): Promise<void> {
  await assert.rejects(run, (error: unknown) => error instanceof WorkerPoolError && error.kind === kind);
}

describe('a pool of worker processes', () => {
  it('ends a job at its time limit, and answers the next', async () => {
    await fails(pool.run('loop'), 'timeLimit');
    assert.equal(await pool.run('echo'), 'echo');
  });

  it('ends a job at its heap limit and memory limit, and answers the next', async (t) => {
    // With time enough: on a busy machine memory takes long to fill.
    const patient = createWorkerPool<SampleJob, string>({ ...OPTIONS, jobTimeMs: 60_000 });
    t.after(() => patient.close());
    await fails(patient.run('heap'), 'memoryLimit');
    await fails(patient.run('native'), 'memoryLimit');
    assert.equal(await patient.run('echo'), 'echo');
  });

  it('gives a job that ended its worker one more chance, then says so', async () => {
    await fails(pool.run('exit'), 'died');
    await fails(pool.run('throw'), 'threw');
  });

  it('replaces a worker after its jobs, loses none of those waiting', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => pool.run('pid')));
    assert.equal(ids.length, 12);
    assert.ok(new Set(ids).size >= 3, `one process served ${ids.join(' ')}`);
    for (const id of new Set(ids.slice(0, 4))) assert.throws(() => process.kill(Number(id), 0), { code: 'ESRCH' });
  });

  it('refuses when too many wait', async () => {
    const runs = Array.from({ length: 40 }, () => pool.run('echo').catch((error: WorkerPoolError) => error.kind));
    const answers = await Promise.all(runs);
    assert.ok(answers.includes('busy') && answers.includes('echo'), answers.join(' '));
  });

  it('says why a worker cannot start', async () => {
    const broken = createWorkerPool<SampleJob, string>({
      ...OPTIONS,
      script: new URL('./finns-inte.ts', import.meta.url),
    });
    await assert.rejects(broken.run('echo'), /startFailed[\s\S]*finns-inte/);
    await broken.close();
  });

  it('close ends running and waiting jobs and leaves no process', async () => {
    const closing = createWorkerPool<SampleJob, string>(OPTIONS);
    const id = Number(await closing.run('pid'));
    const runs = [fails(closing.run('loop'), 'closed'), fails(closing.run('echo'), 'closed')];
    await closing.close();
    await Promise.all(runs);
    assert.throws(() => process.kill(id, 0), { code: 'ESRCH' });
    await fails(closing.run('echo'), 'closed');
  });
});
