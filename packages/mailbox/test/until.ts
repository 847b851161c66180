import assert from 'node:assert/strict';

const WAIT_MS_MAX = 20_000;

/** Waits until something is so. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadlineMs = performance.now() + WAIT_MS_MAX;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadlineMs, 'waited 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
