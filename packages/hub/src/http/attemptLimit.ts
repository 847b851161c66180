import type { Clock } from '@brevduva/base';

/**
 * Limits how often one address may present what opens nothing. A secret that has opened lately is always looked at, so that nobody
 * behind the same proxy is locked out by a neighbour. Each node counts for itself: the secrets cannot be guessed anyway (256 random
 * bits); what this saves is the database and the log.
 */
export interface AttemptLimit {
  /** Seconds until the address may try again; undefined when it may now. `secretKey` names the secret without being it. */
  waitSeconds(address: string, secretKey: string): number | undefined;
  failed(address: string): void;
  succeeded(secretKey: string): void;
}

export const FAILURES_MAX = 60;
const WINDOW_MS = 60_000;
/** Of each; the oldest are forgotten first. */
const REMEMBERED_MAX = 10_000;

export function createAttemptLimit(clock: Clock): AttemptLimit {
  const windows = new Map<string, { startedAtMs: number; failures: number }>();
  const good = new Map<string, true>();
  const nowMs = () => clock.now().getTime();
  const windowOf = (address: string) => {
    const window = windows.get(address);
    return window !== undefined && nowMs() - window.startedAtMs < WINDOW_MS ? window : undefined;
  };
  return {
    waitSeconds(address, secretKey) {
      const window = windowOf(address);
      if (window === undefined || window.failures < FAILURES_MAX || good.has(secretKey)) return undefined;
      return Math.max(1, Math.ceil((window.startedAtMs + WINDOW_MS - nowMs()) / 1000));
    },
    failed(address) {
      const window = windowOf(address) ?? { startedAtMs: nowMs(), failures: 0 };
      window.failures += 1;
      remember(windows, address, window);
    },
    succeeded: (secretKey) => remember(good, secretKey, true),
  };
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > REMEMBERED_MAX && oldest !== undefined) map.delete(oldest);
}
