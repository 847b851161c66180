import { serveJobs } from '../src/pdf/worker/serveJobs.ts';

export type SampleJob = 'echo' | 'loop' | 'heap' | 'native' | 'throw' | 'exit' | 'pid';

const kept: unknown[] = [];

/** Misbehaves as told, for the pool's own test. */
serveJobs<SampleJob, string>(async (job) => {
  if (job === 'throw') throw new Error('som beställt');
  if (job === 'exit') process.exit(3);
  while (job === 'loop');
  while (job === 'heap') kept.push(new Array(100_000).fill(1.5));
  while (job === 'native') kept.push(Buffer.alloc(1_000_000, 1));
  return job === 'pid' ? String(process.pid) : job;
});
