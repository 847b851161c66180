import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * A few child processes that do work which must not harm the hub: reading PDFs from outside, and Typst, whose
 * memory grows for as long as its process lives (tech.md 7). A process rather than a thread, because only a process
 * gives native memory back, can be killed in the middle of a loop, and takes nobody along when it crashes.
 *
 * States of a worker: starting (forked, not yet `ready`) → idle → busy (one job) → idle … → retired. It is retired
 * after `jobsMax` jobs, when it dies, when a job passes `jobTimeMs`, and on close; the next job forks a new one.
 */
export interface WorkerPool<Job, Answer> {
  /** Runs one job. Rejects with {@link WorkerPoolError}. */
  run(job: Job): Promise<Answer>;
  /** Kills the processes; waiting and running jobs reject with `closed`. */
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** The worker's file; it calls `serveJobs`. */
  readonly script: URL;
  readonly workersMax: number;
  /** From the moment the worker takes the job. */
  readonly jobTimeMs: number;
  /** V8 heap of a worker. */
  readonly heapMegabytesMax: number;
  /** Whole resident memory of a worker, also WebAssembly and native; watched inside the worker. */
  readonly memoryMegabytesMax: number;
  /** A worker is replaced after so many jobs. */
  readonly jobsMax: number;
  /** Jobs that may wait; the next is refused as `busy`. */
  readonly queueMax: number;
  /** What the workers' environment has besides. */
  readonly env?: Readonly<Record<string, string>>;
}

export type WorkerPoolErrorKind = 'timeLimit' | 'memoryLimit' | 'died' | 'busy' | 'closed' | 'startFailed' | 'threw';

export class WorkerPoolError extends Error {
  readonly kind: WorkerPoolErrorKind;
  constructor(kind: WorkerPoolErrorKind, message: string) {
    super(message);
    this.name = 'WorkerPoolError';
    this.kind = kind;
  }
}

/** The watchdog's signal, and V8's own at the heap limit. */
const MEMORY_LIMIT_SIGNALS: readonly unknown[] = ['SIGUSR2', 'SIGABRT'];

export type WorkerReply<Answer> = { readonly ready: true } | { readonly answer: Answer } | { readonly threw: string };

const START_TIME_MS = 30_000;
const LAST_WORDS_CHARS_MAX = 2_000;
/** A worker that died for no known reason may have been killed from outside: the job is given one more chance. */
const ATTEMPTS_MAX = 2;

export function createWorkerPool<Job, Answer>(options: WorkerPoolOptions): WorkerPool<Job, Answer> {
  const waiting: Task<Job, Answer>[] = [];
  const workers = new Set<Worker<Job, Answer>>();
  let closed = false;

  function dispatch(): void {
    for (const worker of workers) {
      if (worker.state === 'idle') begin(worker, waiting.shift());
    }
    const starting = [...workers].filter((worker) => worker.state === 'starting').length;
    if (!closed && waiting.length > starting && workers.size < options.workersMax) launch();
  }

  function launch(): void {
    const child = forkWorker(options);
    const worker: Worker<Job, Answer> = {
      child,
      state: 'starting',
      jobs: 0,
      task: undefined,
      timer: undefined,
      verdict: undefined,
      lastWords: '',
    };
    workers.add(worker);
    limitTime(worker, START_TIME_MS, 'startFailed');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.lastWords = (worker.lastWords + text).slice(-LAST_WORDS_CHARS_MAX);
    });
    child.on('message', (reply) => receive(worker, reply as WorkerReply<Answer>));
    child.on('error', () => retire(worker, 'startFailed'));
    child.on('exit', (_code, signal) => retire(worker, MEMORY_LIMIT_SIGNALS.includes(signal) ? 'memoryLimit' : 'died'));
  }

  function limitTime(worker: Worker<Job, Answer>, ms: number, verdict: WorkerPoolErrorKind): void {
    clearTimeout(worker.timer);
    worker.timer = setTimeout(() => {
      worker.verdict = verdict;
      worker.child.kill('SIGKILL');
    }, ms);
    worker.timer.unref();
  }

  function begin(worker: Worker<Job, Answer>, task: Task<Job, Answer> | undefined): void {
    if (task === undefined) {
      holdProcess(worker.child, false);
      return;
    }
    worker.state = 'busy';
    worker.task = task;
    worker.jobs += 1;
    holdProcess(worker.child, true);
    limitTime(worker, options.jobTimeMs, 'timeLimit');
    // A failed send means that the process is gone; its exit event settles the task.
    worker.child.send({ job: task.job }, () => undefined);
  }

  function receive(worker: Worker<Job, Answer>, reply: WorkerReply<Answer>): void {
    clearTimeout(worker.timer);
    const task = worker.task;
    worker.task = undefined;
    worker.state = 'idle';
    if (worker.jobs >= options.jobsMax) retire(worker, 'closed');
    if (task !== undefined && 'answer' in reply) task.resolve(reply.answer);
    if (task !== undefined && 'threw' in reply) task.reject(new WorkerPoolError('threw', reply.threw));
    dispatch();
  }

  function retire(worker: Worker<Job, Answer>, cause: WorkerPoolErrorKind): void {
    if (!workers.delete(worker)) return;
    clearTimeout(worker.timer);
    holdProcess(worker.child, false);
    if (worker.child.exitCode === null) worker.child.kill('SIGKILL');
    const verdict = worker.verdict ?? cause;
    if (worker.task !== undefined) giveBack(worker.task, verdict, worker.lastWords);
    if (worker.state === 'starting' && !closed)
      for (const task of waiting.splice(0)) giveBack(task, 'startFailed', worker.lastWords);
    dispatch();
  }

  function giveBack(task: Task<Job, Answer>, verdict: WorkerPoolErrorKind, lastWords = ''): void {
    task.attempts += 1;
    if (!closed && (verdict === 'died' || verdict === 'startFailed') && task.attempts < ATTEMPTS_MAX)
      waiting.unshift(task);
    else task.reject(new WorkerPoolError(verdict, `the worker ended: ${verdict} ${lastWords}`.trimEnd()));
  }

  return {
    run(job) {
      if (closed) return Promise.reject(new WorkerPoolError('closed', 'the pool is closed'));
      if (waiting.length >= options.queueMax) {
        return Promise.reject(new WorkerPoolError('busy', `${options.queueMax} jobs are waiting already`));
      }
      return new Promise<Answer>((resolve, reject) => {
        waiting.push({ job, resolve, reject, attempts: 0 });
        dispatch();
      });
    },
    async close() {
      closed = true;
      for (const task of waiting.splice(0)) giveBack(task, 'closed');
      await Promise.all([...workers].map((worker) => closeWorker(worker, () => retire(worker, 'closed'))));
    },
  };
}

interface Task<Job, Answer> {
  readonly job: Job;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  attempts: number;
}

interface Worker<Job, Answer> {
  readonly child: ChildProcess;
  state: 'starting' | 'idle' | 'busy';
  jobs: number;
  task: Task<Job, Answer> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Set before we kill it ourselves, so that the exit is read rightly. */
  verdict: WorkerPoolErrorKind | undefined;
  /** The end of its stderr: says why a worker cannot start. */
  lastWords: string;
}

function forkWorker(options: WorkerPoolOptions): ChildProcess {
  return fork(options.script, [String(options.memoryMegabytesMax)], {
    serialization: 'advanced',
    execArgv: [...loaderArguments(process.execArgv), `--max-old-space-size=${options.heapMegabytesMax}`],
    // No secret of the hub's environment reaches a process that reads hostile files.
    env: { ...pick(process.env, ['NODE_OPTIONS', 'TMPDIR', 'TZ', 'PATH']), ...options.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** An idle worker shall not keep the hub's process alive; a busy one shall. */
function holdProcess(child: ChildProcess, hold: boolean): void {
  const action = hold ? 'ref' : 'unref';
  child[action]();
  child.channel?.[action]();
  if (child.stderr instanceof Socket) child.stderr[action]();
}

async function closeWorker<Job, Answer>(worker: Worker<Job, Answer>, retire: () => void): Promise<void> {
  const gone = worker.child.exitCode !== null || worker.child.signalCode !== null;
  const exit = gone ? Promise.resolve() : new Promise<void>((resolve) => worker.child.once('exit', () => resolve()));
  retire();
  worker.child.ref();
  await exit;
}

const LOADER_OPTIONS = ['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C'];

/** Only what is needed to read TypeScript is inherited: never `--test`, `--inspect`, `--watch` or `--eval`. */
function loaderArguments(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((argument, index) => {
    if (LOADER_OPTIONS.some((option) => argument.startsWith(`${option}=`))) return [argument];
    const value = execArgv[index + 1];
    return LOADER_OPTIONS.includes(argument) && value !== undefined ? [argument, value] : [];
  });
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
