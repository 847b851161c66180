import { Worker } from 'node:worker_threads';
import type { WorkerReply } from '../workerPool.ts';

/**
 * The inside of a worker process: answers one job after the other for the parent of {@link file://../workerPool.ts}.
 * A watchdog thread ends the process at its memory limit or when the parent is gone, also in the middle of a job.
 */
export function serveJobs<Job, Answer>(handle: (job: Job) => Promise<Answer>): void {
  // Ctrl-C reaches the whole process group; the parent decides when its workers end.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message) => {
    handle((message as { job: Job }).job).then(
      (answer) => reply<Answer>({ answer }),
      (error: unknown) =>
        reply<Answer>({ threw: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  // No job before the watchdog looks: a job that blocks this thread would keep it from ever starting.
  startWatchdog(Number(process.argv[2])).once('message', () => reply<Answer>({ ready: true }));
}

function reply<Answer>(message: WorkerReply<Answer>): void {
  process.send?.(message);
}

function startWatchdog(memoryMegabytesMax: number): Worker {
  const workerData = { memoryMegabytesMax, parentId: process.ppid };
  return new Worker(new URL('./watchdog.js', import.meta.url), { workerData });
}
