import type { Queryable } from '@brevduva/base';
import { type ClaimedLetter, LANES, type Lane } from './letter.ts';
import { shareOut } from './shareOut.ts';
import { claimLetters, selectDueQueues } from './sql/claim.ts';
import type { StageName } from './states.ts';

export interface SetWanted {
  readonly stage: StageName;
  readonly limit: number;
  readonly leaseMs: number;
  readonly leaseId: string;
  readonly node: string;
  /** Lanes in the order in which they are looked into; see lanesAt. */
  readonly lanes: readonly Lane[];
  /** Counts this worker's sets. */
  readonly turn: number;
}

export interface ClaimedSet {
  readonly letters: readonly ClaimedLetter[];
  /** More than was taken is due in these lanes. */
  readonly isMore: boolean;
}

/**
 * Claims a set of due letters of one lane: the first of the lanes that has any. A set is as slow as its slowest letter, so letters of
 * two lanes never share one. Within the lane the places are shared out among the organisations (shareOut.ts).
 */
export async function claimSet(db: Queryable, { lanes, turn, limit, ...claim }: SetWanted): Promise<ClaimedSet> {
  const lastLane = Math.max(...lanes.map((lane) => LANES[lane]));
  // One more than the set holds tells whether anything is left.
  const queues = await selectDueQueues(db, { stage: claim.stage, lastLane, limit: limit + 1 });
  const due = queues.reduce((sum, queue) => sum + queue.due, 0);
  for (const lane of lanes.map((name) => LANES[name])) {
    const waiting = queues.filter((queue) => queue.lane === lane);
    if (waiting.length === 0) continue;
    const letters = await claimLetters(db, { ...claim, lane, shares: shareOut(waiting, limit, turn) });
    if (letters.length > 0) return { letters, isMore: due > letters.length };
    // Another worker was faster. Who is due in the next lane must not wait for it.
  }
  return { letters: [], isMore: false };
}

/**
 * The lanes in the order of a worker's turn. The faster goes first, but every eighth set is the normal lane's and every sixteenth the bulk
 * lane's, if it has any: so no lane stands still, whatever comes in a faster one. An interactive letter does not wait for those sets
 * either, since each stage has a worker that takes nothing else (runner.ts).
 */
export function lanesAt(turn: number): readonly Lane[] {
  if (turn % 16 === 15) return ['bulk', 'interactive', 'normal'];
  if (turn % 8 === 7) return ['normal', 'interactive', 'bulk'];
  return ['interactive', 'normal', 'bulk'];
}
