/** Where time comes from. Passed in everywhere, so that a test can move it. */
export interface Clock {
  now(): Date;
  /** Waits `ms`; an aborted `signal` ends the wait early, without an error. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ManualClock extends Clock {
  /** Moves time forward and wakes every sleeper whose time has come. */
  advance(ms: number): void;
  set(now: Date): void;
  /** How many sleepers wait now: lets a test see that the code under test has come to rest. */
  sleepers(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** A clock that stands still until it is told to move. */
export function createManualClock(start: Date | string): ManualClock {
  let nowMs = new Date(start).getTime();
  const waiting = new Set<{ untilMs: number; wake: () => void }>();
  const wakeDue = () => {
    for (const sleeper of [...waiting].filter((each) => each.untilMs <= nowMs)) sleeper.wake();
  };
  return {
    now: () => new Date(nowMs),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve();
        const wake = () => {
          waiting.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { untilMs: nowMs + ms, wake };
        waiting.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    advance(ms) {
      nowMs += ms;
      wakeDue();
    },
    set(now) {
      nowMs = now.getTime();
      wakeDue();
    },
    sleepers: () => waiting.size,
  };
}
