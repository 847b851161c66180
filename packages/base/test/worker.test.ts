import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createLog, createManualClock, startWorker } from '../src/index.ts';
import { errorDelayMs } from '../src/startWorker.ts';

const START = '2026-11-23T08:00:00Z';

function collectLog() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { log: createLog({ service: 'test', level: 'info', destination }), lines };
}

async function settle() {
  for (let each = 0; each < 10; each += 1) await turn();
}

describe('a worker', () => {
  it('runs at once again while it handled something, then rests until its time has come', async () => {
    const clock = createManualClock(START);
    const due = [3, 2, 0, 0];
    let runs = 0;
    const runOnce = async () => due[runs++] ?? 0;
    const worker = startWorker({ name: 'w', runOnce, idleMs: 1_000, log: collectLog().log, clock });
    await settle();
    assert.equal(runs, 3);
    clock.advance(999);
    await settle();
    assert.equal(runs, 3);
    clock.advance(1);
    await settle();
    assert.equal(runs, 4);
    await worker.stop();
  });

  it('wakes from its rest, and does not miss a wake that comes while it works', async () => {
    const clock = createManualClock(START);
    let runs = 0;
    let finish: (handled: number) => void = () => undefined;
    const runOnce = () => {
      runs += 1;
      return new Promise<number>((resolve) => {
        finish = resolve;
      });
    };
    const worker = startWorker({ name: 'w', runOnce, idleMs: 60_000, log: collectLog().log, clock });
    await settle();
    worker.wake(); // in the middle of the first run
    finish(0);
    await settle();
    assert.equal(runs, 2);
    finish(0);
    await settle();
    assert.equal(runs, 2);
    worker.wake(); // in its rest
    await settle();
    assert.equal(runs, 3);
    finish(0);
    await worker.stop();
  });

  it('logs an error, backs off longer each time, and goes on', async () => {
    const clock = createManualClock(START);
    const { log, lines } = collectLog();
    let runs = 0;
    const runOnce = async () => {
      runs += 1;
      if (runs <= 2) throw new Error('199001011234 is broken');
      return 0;
    };
    const worker = startWorker({ name: 'letters', runOnce, idleMs: 1_000, log, clock });
    await settle();
    assert.equal(runs, 1);
    worker.wake();
    await settle();
    assert.equal(runs, 1, 'a wake does not shorten the pause after an error');
    clock.advance(errorDelayMs(1));
    await settle();
    clock.advance(errorDelayMs(2) - 1);
    await settle();
    assert.equal(runs, 2);
    clock.advance(1);
    await settle();
    assert.equal(runs, 3);
    assert.deepEqual(
      lines.map((line) => [line['level'], line['worker'], line['errorsInRow'], line['retryDelayMs']]),
      [
        ['error', 'letters', 1, 250],
        ['error', 'letters', 2, 500],
      ],
    );
    assert.doesNotMatch(JSON.stringify(lines), /199001011234/);
    await worker.stop();
  });

  it('waits, when stopped, for the work that runs, and tells it to end', async () => {
    let isDone = false;
    const runOnce = async (signal: AbortSignal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await settle();
      isDone = true;
      throw new Error('aborted'); // no fault: it was asked to
    };
    const { log, lines } = collectLog();
    const worker = startWorker({ name: 'w', runOnce, idleMs: 1, log, clock: createManualClock(START) });
    await settle();
    await worker.stop();
    assert.equal(isDone, true);
    assert.deepEqual(lines, []);
  });

  it('pauses half a minute at most', () => {
    assert.deepEqual([1, 2, 3, 8, 50].map(errorDelayMs), [250, 500, 1_000, 30_000, 30_000]);
  });
});
