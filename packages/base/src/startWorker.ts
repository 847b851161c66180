import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { translateSqlError } from './sql/sqlError.ts';

export interface WorkerOptions {
  /** For the log. */
  name: string;
  /** Does what is due and says how much that was. The signal is aborted when the worker is to stop. */
  runOnce(signal: AbortSignal): Promise<number>;
  /** How long to rest when nothing was due. */
  idleMs: number;
  log: Log;
  clock: Clock;
}

export interface Worker {
  /** There may be work: look at once, not when the rest is over. */
  wake(): void;
  /** Asks the running work to end and waits for it. */
  stop(): Promise<void>;
}

const ERROR_DELAY_MS_MIN = 250;
const ERROR_DELAY_MS_MAX = 30_000;

/**
 * Runs `runOnce` for ever: at once again while it handled something, after `idleMs` or `wake()` when it did not. An
 * error is logged and followed by a growing pause (which `wake()` does not shorten: the fault would only be met more
 * often); it never ends the loop.
 */
export function startWorker(options: WorkerOptions): Worker {
  const { name, runOnce, idleMs, log, clock } = options;
  const stopping = new AbortController();
  let nap = new AbortController();
  let isWoken = false;
  let errorsInRow = 0;

  const rest = async () => {
    if (isWoken || stopping.signal.aborted) return;
    nap = new AbortController();
    await clock.sleep(idleMs, nap.signal);
  };
  const backOff = async (err: unknown) => {
    errorsInRow += 1;
    const retryDelayMs = errorDelayMs(errorsInRow);
    log.error(
      { worker: name, err: translateSqlError(err), errorsInRow, retryDelayMs },
      'worker failed, will try again',
    );
    await clock.sleep(retryDelayMs, stopping.signal);
  };
  const step = async () => {
    isWoken = false;
    try {
      const handled = await runOnce(stopping.signal);
      errorsInRow = 0;
      if (handled === 0) await rest();
    } catch (err) {
      // Work that ends because it was asked to is no fault.
      if (!stopping.signal.aborted) await backOff(err);
    }
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await step();
      // A runOnce that never waits would keep timers and sockets from their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const ended = loop();
  return {
    wake() {
      isWoken = true;
      nap.abort();
    },
    async stop() {
      stopping.abort();
      nap.abort();
      await ended;
    },
  };
}

/** Doubles from a quarter of a second to half a minute. */
export function errorDelayMs(errorsInRow: number): number {
  return Math.min(ERROR_DELAY_MS_MAX, ERROR_DELAY_MS_MIN * 2 ** (errorsInRow - 1));
}
