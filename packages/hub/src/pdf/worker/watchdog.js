// Runs beside a job that may block its thread for ever; see serveJobs.ts.
// JavaScript, because a worker thread of Node 20 does not inherit the loader that reads TypeScript.
import { parentPort, workerData } from 'node:worker_threads';

const LOOK_MS = 50;
const BYTES_PER_MEGABYTE = 1024 * 1024;

setInterval(() => {
  if (process.ppid !== workerData.parentId) process.kill(process.pid, 'SIGKILL');
  // One of the signals that workerPool.ts reads as "memory limit".
  if (process.memoryUsage.rss() > workerData.memoryMegabytesMax * BYTES_PER_MEGABYTE)
    process.kill(process.pid, 'SIGUSR2');
}, LOOK_MS);

parentPort?.postMessage('looking');
