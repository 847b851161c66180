import type { Pool } from '@brevduva/base';
import { type Log, newId, startWorker, type Worker } from '@brevduva/base';
import type { ClaimedLetter } from './letter.ts';
import { type Cell, cellOf, PIPELINE, type StageRow } from './pipeline.ts';
import { claimLetters } from './sql/claim.ts';
import { writeBack } from './sql/writeBack.ts';
import { groupBy } from './stages/groupBy.ts';
import type { StageContext, StageResult } from './stages/stage.ts';
import type { StageName } from './states.ts';
import { timeInTheWay } from './timing.ts';
import { transition } from './transition.ts';

/** A new letter wakes the stages of its own node; other nodes find it at the latest after this. */
const IDLE_MS = 500;
/** Sets of one stage under way at once on one node: while one waits for the network, another computes. */
const SETS_AT_ONCE: Readonly<Record<string, number>> = { deliver: 4 };

export interface RunnerOptions {
  readonly pool: Pool;
  readonly node: string;
  readonly context: StageContext;
  readonly log: Log;
  /** Development only: called at every point where a process may die, so that a test can let it. */
  readonly crashPoint?: (name: string) => void;
  /** Letters have come to the stage and are due now. */
  readonly onMoved?: (stage: StageName) => void;
  /** A claim was full, so more is due. */
  readonly onMore?: () => void;
}

export interface Runner {
  /** Something new may be due: look at once. */
  wake(): void;
  /** Lets the sets under way finish. */
  stop(): Promise<void>;
}

/**
 * Runs the pipeline on this node: per stage, claim a set, work on it with no database connection held, write every result back.
 * Any number of nodes may run against one database; a letter is taken by one at a time and a stale result is fenced off.
 */
export function startRunner(options: RunnerOptions): Runner {
  const crews = new Map<StageName, Crew>();
  const wakeOne = (stage: StageName) => crews.get(stage)?.wakeOne();
  for (const row of PIPELINE) crews.set(row.stage, startCrew(row, { ...options, onMoved: wakeOne }));
  const all = [...crews.values()];
  return {
    wake: () => {
      for (const crew of all) crew.wakeOne();
    },
    stop: async () => {
      await Promise.all(all.map((crew) => crew.stop()));
    },
  };
}

/** The workers of one stage. */
interface Crew {
  wakeOne(): void;
  stop(): Promise<void>;
}

/**
 * A claim costs the database much more than nothing even when nothing is due, so only as many workers look as there is work: a letter
 * that comes wakes one, a full set means that more is due and wakes the next, and a set that is not full is followed by a rest.
 */
function startCrew(row: StageRow, options: RunnerOptions): Crew {
  // By number, since a worker's first round begins before startWorker has returned it.
  const resting = new Set<number>();
  const workers: Worker[] = [];
  // Woken while nobody rested: whoever is done first looks again.
  let isMissed = false;
  const wakeOne = () => {
    const [n] = resting;
    if (n === undefined) {
      isMissed = true;
      return;
    }
    resting.delete(n);
    workers[n]?.wake();
  };
  for (let n = 0; n < (SETS_AT_ONCE[row.stage] ?? 1); n++) {
    const worker = startWorker({
      name: `${row.stage}-${n + 1}`,
      idleMs: IDLE_MS,
      log: options.log,
      clock: options.context.clock,
      runOnce: async () => {
        resting.delete(n);
        isMissed = false;
        const taken = await runStageOnce(row, { ...options, onMore: wakeOne });
        if (taken === row.claimMax || isMissed) return Math.max(taken, 1);
        resting.add(n);
        return 0;
      },
    });
    workers.push(worker);
  }
  return {
    wakeOne,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/** One claim, one round of work. @returns how many letters were taken. */
export async function runStageOnce(row: StageRow, options: RunnerOptions): Promise<number> {
  const leaseId = newId();
  const { pool, node } = options;
  const { stage, claimMax: limit, leaseMs } = row;
  const letters = await claimLetters(pool, { stage, limit, leaseMs, leaseId, node });
  if (letters.length === 0) return 0;
  if (letters.length === limit) options.onMore?.();
  options.crashPoint?.(`${stage}:claimed`);
  const timely = await storeUntimely(letters, leaseId, options);
  for (const group of groupBy(timely, (letter) => letter.channel).values()) {
    const cell = cellOf(row, group[0]?.channel);
    if (cell !== undefined) await workOnSet(cell, group, leaseId, options);
  }
  options.crashPoint?.(`${stage}:written`);
  return letters.length;
}

/** Writes back the letters whose time has passed or has not come. @returns the others. */
async function storeUntimely(
  letters: readonly ClaimedLetter[],
  leaseId: string,
  options: RunnerOptions,
): Promise<ClaimedLetter[]> {
  const now = options.context.clock.now();
  const untimely = letters.flatMap((letter): StageResult[] => {
    const outcome = timeInTheWay(letter, now);
    if (outcome === undefined) return [];
    const kind = outcome.kind === 'expired' ? 'expired' : 'waitsForWindow';
    return [{ letter, outcome, events: [{ kind }] }];
  });
  await store(untimely, leaseId, options);
  const stored = new Set(untimely.map(({ letter }) => letter.id));
  return letters.filter(({ id }) => !stored.has(id));
}

async function workOnSet(
  cell: Cell,
  letters: readonly ClaimedLetter[],
  leaseId: string,
  options: RunnerOptions,
): Promise<void> {
  const left = new Map(letters.map((letter) => [letter.id, letter]));
  const report = async (results: readonly StageResult[]) => {
    await store(results, leaseId, options);
    for (const result of results) left.delete(result.letter.id);
  };
  try {
    await cell.work(letters, options.context, report);
  } catch (error) {
    options.log.error({ err: error, letters: left.size }, 'a set failed; its letters are taken one by one');
    await oneByOne(cell, [...left.values()], leaseId, options);
  }
}

/** A poison letter must not block its set: each is tried alone, and the one that fails alone waits alone. */
async function oneByOne(
  cell: Cell,
  letters: readonly ClaimedLetter[],
  leaseId: string,
  options: RunnerOptions,
): Promise<void> {
  for (const letter of letters) {
    let reported = false;
    const report = async (results: readonly StageResult[]) => {
      reported = true;
      await store(results, leaseId, options);
    };
    try {
      await cell.work([letter], options.context, report);
    } catch (error) {
      if (reported) throw error;
      options.log.error({ err: error, letterId: letter.id, stage: letter.stage }, 'a letter failed');
      await store([unexpected(letter)], leaseId, options);
    }
  }
}

/** We do not know how far the work came; on the way out to an operator that means that we do not know the outcome. */
function unexpected(letter: ClaimedLetter): StageResult {
  const certainty = letter.stage === 'deliver' && letter.channel === 'digital' ? 'unknown' : 'notDelivered';
  return {
    letter,
    outcome: { kind: 'retry', reason: 'unexpected', certainty },
    events: letter.attempts === 1 ? [{ kind: 'unexpectedFault', detail: { stage: letter.stage } }] : [],
  };
}

async function store(results: readonly StageResult[], leaseId: string, options: RunnerOptions): Promise<void> {
  if (results.length === 0) return;
  const now = options.context.clock.now();
  const steps = results.map((result) => ({ result, next: transition(result.letter, result.outcome, now) }));
  const stage = results[0]?.letter.stage;
  options.crashPoint?.(`${stage}:worked`);
  const written = await writeBack(options.pool, leaseId, steps);
  const due = steps.flatMap(({ next }) => (next.stage !== undefined && next.dueInMs === 0 ? [next.stage] : []));
  for (const reached of new Set(due)) options.onMoved?.(reached);
  if (written.length < steps.length) {
    options.log.warn(
      { stage, lost: steps.length - written.length },
      'some letters had lost their lease; another node has them',
    );
  }
}
