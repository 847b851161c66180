/** Of one way to ask, in one run. */
export interface Timing {
  readonly idsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** CPU of one question: of the bench itself, of FaR, and of PostgreSQL where its process is known. */
  readonly benchCpuMs: number;
  readonly farCpuMs: number;
  readonly postgresCpuMs?: number;
}

/** CPU so far, in milliseconds. */
export interface CpuReading {
  readonly bench: number;
  readonly far: number;
  readonly postgres: number | undefined;
}

/**
 * Does `work` for 0 … count - 1, `concurrency` at a time: each of so many workers begins its next when its last has ended.
 *
 * @param idsEach how many ids one piece of work asks for
 */
export async function measure(
  {
    count,
    concurrency,
    idsEach,
    readCpu,
  }: { count: number; concurrency: number; idsEach: number; readCpu: () => Promise<CpuReading> },
  work: (index: number, worker: number) => Promise<void>,
): Promise<Timing> {
  const durationsMs: number[] = [];
  let next = 0;
  const cpuBefore = await readCpu();
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async (_, worker) => {
      for (let index = next++; index < count; index = next++) {
        const beganMs = performance.now();
        await work(index, worker);
        durationsMs.push(performance.now() - beganMs);
      }
    }),
  );
  const elapsedMs = performance.now() - startedMs;
  const cpu = perQuestion(cpuBefore, await readCpu(), count);
  const sorted = durationsMs.sort((a, b) => a - b);
  return {
    idsPerSecond: (count * idsEach * 1000) / elapsedMs,
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    ...cpu,
  };
}

/** @param sorted the smallest first */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function perQuestion(before: CpuReading, after: CpuReading, count: number) {
  const postgres =
    before.postgres === undefined || after.postgres === undefined ? undefined : after.postgres - before.postgres;
  return {
    benchCpuMs: (after.bench - before.bench) / count,
    farCpuMs: (after.far - before.far) / count,
    ...(postgres === undefined ? {} : { postgresCpuMs: postgres / count }),
  };
}
