/**
 * How long calls took is kept as counts of calls per class of duration, since percentiles cannot be added up but counts
 * can. A class ends at its bound (milliseconds, whole); what is longer than the last one is in a class of its own. Each
 * bound is 1.5 to 2.5 times the one before, so a percentile read out of them is right within about a third.
 */
export const DURATION_BOUNDS_MS = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 150, 300, 600, 1200, 3000] as const;

/** Calls per class, one more than there are bounds. */
export type DurationCounts = readonly number[];

/**
 * The duration (ms) that the given share of the calls did not exceed; undefined without calls. Within a class the calls
 * are taken to be spread evenly; beyond the last bound it is that bound, and the truth may be anything above.
 */
export function durationPercentile(counts: DurationCounts, share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const wanted = total * share;
  let passed = 0;
  for (const [index, count] of counts.entries()) {
    if (passed + count >= wanted && count > 0) return withinClass(index, (wanted - passed) / count);
    passed += count;
  }
  return DURATION_BOUNDS_MS.at(-1);
}

function withinClass(index: number, share: number): number {
  const from = index === 0 ? 0 : (DURATION_BOUNDS_MS[index - 1] ?? 0);
  const to = DURATION_BOUNDS_MS[index] ?? from;
  return from + (to - from) * share;
}
