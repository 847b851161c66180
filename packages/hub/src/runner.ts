import type { Pool } from '@brevduva/base';
import { type Log, newId, startWorker, type Worker } from '@brevduva/base';
import type { SoapClient } from '@brevduva/protocol';
import { claimSet, lanesAt } from './claimSet.ts';
import type { ClaimedLetter, Lane } from './letter.ts';
import { type Cell, cellOf, PIPELINE, type StageRow } from './pipeline.ts';
import { createRightOfWay, type RightOfWay } from './rightOfWay.ts';
import { writeBack } from './sql/writeBack.ts';
import { groupBy } from './stages/groupBy.ts';
import type { StageContext, StageResult } from './stages/stage.ts';
import type { StageName } from './states.ts';
import { timeInTheWay } from './timing.ts';
import { transition } from './transition.ts';

/** A new letter wakes the stages of its own node; other nodes find it at the latest after this. */
const IDLE_MS = 500;
/** Sets of one stage under way at once on one node: while one waits for the network, another computes. */
const SETS_AT_ONCE: Readonly<Record<string, number>> = { deliver: 2, confirm: 2 };

export interface RunnerOptions {
  readonly pool: Pool;
  readonly node: string;
  readonly context: StageContext;
  /** For the workers of interactive letters: connections of their own, which a mailing's deliveries do not fill. */
  readonly expressSoap?: SoapClient;
  /** One for all workers of the node. */
  readonly rightOfWay?: RightOfWay;
  readonly log: Log;
  /** Development only: called at every point where a process may die, so that a test can let it. */
  readonly crashPoint?: (name: string) => void;
  /** Letters have come there and are due now. */
  readonly onMoved?: (where: Place) => void;
}

export interface Runner {
  /** Something new may be due, in the stage and lane where they are known: look at once. */
  wake(where?: Place): void;
  /** Lets the sets under way finish. */
  stop(): Promise<void>;
}

/**
 * Runs the pipeline on this node: per stage, claim a set, work on it with no database connection held, write every result back.
 * Any number of nodes may run against one database; a letter is taken by one at a time and a stale result is fenced off.
 */
export function startRunner(options: RunnerOptions): Runner {
  const crews = new Map<StageName, Crew>();
  const onMoved = ({ stage, lane }: Place) => crews.get(stage)?.wake(lane);
  const rightOfWay = createRightOfWay(options.context.clock);
  for (const row of PIPELINE) crews.set(row.stage, startCrew(row, { ...options, onMoved, rightOfWay }));
  const all = [...crews.values()];
  return {
    wake: (where) => {
      for (const crew of where ? [crews.get(where.stage)] : all) crew?.wake(where?.lane);
    },
    stop: async () => {
      await Promise.all(all.map((crew) => crew.stop()));
    },
  };
}

/** Where letters are due. */
export interface Place {
  readonly stage: StageName;
  readonly lane: Lane;
}

/** The workers of one stage. */
interface Crew {
  /** Wakes one who takes letters of the lane; where it is unknown, one of each kind. */
  wake(lane: Lane | undefined): void;
  stop(): Promise<void>;
}

/**
 * A stage has workers for all lanes, and one that takes interactive letters and nothing else: while the others are busy with a mailing's
 * sets, a caseworker's letter finds it free.
 */
function startCrew(row: StageRow, options: RunnerOptions): Crew {
  const shared = startSquad(row, `${row.stage}`, SETS_AT_ONCE[row.stage] ?? 1, lanesAt, options);
  const { context, expressSoap = context.soap } = options;
  const unhindered = { ...options, context: { ...context, soap: expressSoap } };
  const express = startSquad(row, `${row.stage}-express`, 1, () => ['interactive'], unhindered);
  return {
    wake: (lane) => {
      if (lane !== undefined && lane !== 'interactive') return shared.wakeOne();
      express.wakeOne();
      // Whoever is busy with interactive letters leaves the rest of them to the others.
      if (lane === undefined || express.isBusy()) shared.wakeOne();
    },
    stop: async () => {
      await Promise.all([shared.stop(), express.stop()]);
    },
  };
}

interface Squad {
  wakeOne(): void;
  isBusy(): boolean;
  stop(): Promise<void>;
}

/**
 * Workers that are alike. A look costs the database something even when nothing is due, so only as many look as there is work: a letter
 * that comes wakes one, a set that leaves more behind wakes the next, and the last set is followed by a rest.
 */
function startSquad(
  row: StageRow,
  name: string,
  size: number,
  lanes: (turn: number) => readonly Lane[],
  options: RunnerOptions,
): Squad {
  // By number, since a worker's first round begins before startWorker has returned it.
  const resting = new Set<number>();
  const workers: Worker[] = [];
  let turn = 0;
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
  for (let n = 0; n < size; n++) {
    const worker = startWorker({
      name: `${name}-${n + 1}`,
      idleMs: row.restMs ?? IDLE_MS,
      log: options.log,
      clock: options.context.clock,
      runOnce: async () => {
        resting.delete(n);
        isMissed = false;
        const { letters, isMore } = await runStageOnce(row, options, { turn, lanes: lanes(turn++) }, wakeOne);
        if (isMore || isMissed) return Math.max(letters, 1);
        resting.add(n);
        return 0;
      },
    });
    workers.push(worker);
  }
  return {
    wakeOne,
    isBusy: () => resting.size === 0,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/**
 * One claim, one round of work.
 *
 * @param onMore called before the work when the claim has left due letters behind
 * @returns how many letters were taken, and whether more are due.
 */
export async function runStageOnce(
  row: StageRow,
  options: RunnerOptions,
  { turn, lanes }: Turn = { turn: 0, lanes: lanesAt(0) },
  onMore?: () => void,
): Promise<{ letters: number; isMore: boolean }> {
  const leaseId = newId();
  const { pool, node } = options;
  const { stage, claimMax: limit, leaseMs } = row;
  const { letters, isMore } = await claimSet(pool, { stage, limit, leaseMs, leaseId, node, lanes, turn });
  if (letters.length === 0) return { letters: 0, isMore };
  if (isMore) onMore?.();
  options.crashPoint?.(`${stage}:claimed`);
  const isInteractive = letters[0]?.lane === 'interactive';
  const leave = isInteractive ? options.rightOfWay?.enter() : undefined;
  try {
    await workOn(letters, row, leaseId, isInteractive ? options : givingWay(options));
  } finally {
    leave?.();
  }
  options.crashPoint?.(`${stage}:written`);
  return { letters: letters.length, isMore };
}

function givingWay(options: RunnerOptions): RunnerOptions {
  const { rightOfWay, context } = options;
  return rightOfWay === undefined ? options : { ...options, context: { ...context, giveWay: rightOfWay.giveWay } };
}

async function workOn(
  letters: readonly ClaimedLetter[],
  row: StageRow,
  leaseId: string,
  options: RunnerOptions,
): Promise<void> {
  await options.context.giveWay?.();
  const timely = await storeUntimely(letters, leaseId, options);
  for (const group of groupBy(timely, (letter) => letter.channel).values()) {
    const cell = cellOf(row, group[0]?.channel);
    if (cell !== undefined) await workOnSet(cell, group, leaseId, options);
  }
}

interface Turn {
  readonly turn: number;
  readonly lanes: readonly Lane[];
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
  const isWithOperator = letter.stage === 'deliver' && letter.channel !== 'paper';
  const certainty = isWithOperator ? 'unknown' : 'notDelivered';
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
  const due = steps.flatMap(({ next, result }) =>
    next.stage !== undefined && next.dueInMs === 0 ? [{ stage: next.stage, lane: result.letter.lane }] : [],
  );
  const places = new Map(due.map((place) => [`${place.stage} ${place.lane}`, place]));
  for (const reached of places.values()) options.onMoved?.(reached);
  if (written.length < steps.length) {
    options.log.warn(
      { stage, lost: steps.length - written.length },
      'some letters had lost their lease; another node has them',
    );
  }
}
