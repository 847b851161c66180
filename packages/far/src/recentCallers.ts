import type { Clock } from '@brevduva/base';

/**
 * Certificates that were let in a moment ago. It is no permission, and never the reason why anything is answered: the look-up
 * itself asks again whether the caller is let in. It only spares a caller who asks all the time the first of two
 * round trips, which is there to keep strangers from having large requests read.
 */
export interface RecentCallers {
  has(fingerprint: Buffer | null): boolean;
  add(fingerprint: Buffer | null): void;
}

const KEPT_MS = 10_000;
const CALLERS_MAX = 1_000;

export function createRecentCallers(clock: Clock): RecentCallers {
  const untilMs = new Map<string, number>();
  const keyOf = (fingerprint: Buffer) => fingerprint.toString('latin1');
  return {
    has: (fingerprint) => fingerprint !== null && (untilMs.get(keyOf(fingerprint)) ?? 0) > clock.now().getTime(),
    add(fingerprint) {
      if (fingerprint === null) return;
      if (untilMs.size >= CALLERS_MAX) untilMs.clear();
      untilMs.set(keyOf(fingerprint), clock.now().getTime() + KEPT_MS);
    },
  };
}
