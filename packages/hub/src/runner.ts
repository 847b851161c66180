import { type Log, newId, startWorker } from '@brevduva/base';
import type { Pool } from 'pg';
import type { ClaimedLetter } from './letter.ts';
import { type Cell, cellOf, PIPELINE, type StageRow } from './pipeline.ts';
import { claimLetters } from './sql/claim.ts';
import { writeBack } from './sql/writeBack.ts';
import { groupBy } from './stages/groupBy.ts';
import type { StageContext, StageResult } from './stages/stage.ts';
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
  const workers = PIPELINE.flatMap((row) =>
    Array.from({ length: SETS_AT_ONCE[row.stage] ?? 1 }, (_, n) =>
      startWorker({
        name: `${row.stage}-${n + 1}`,
        idleMs: IDLE_MS,
        log: options.log,
        clock: options.context.clock,
        runOnce: async () => {
          const handled = await runStageOnce(row, options);
          // The next stage's letters are due now: no need to wait for its turn to look.
          if (handled > 0) for (const worker of workers) worker.wake();
          return handled;
        },
      }),
    ),
  );
  return {
    wake: () => {
      for (const worker of workers) worker.wake();
    },
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
  options.crashPoint?.(`${stage}:claimed`);
  for (const group of groupBy(letters, (letter) => letter.channel).values()) {
    const cell = cellOf(row, group[0]?.channel);
    if (cell !== undefined) await workOnSet(cell, group, leaseId, options);
  }
  options.crashPoint?.(`${stage}:written`);
  return letters.length;
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
  if (written.length < steps.length) {
    options.log.warn(
      { stage, lost: steps.length - written.length },
      'some letters had lost their lease; another node has them',
    );
  }
}
