/** What one organisation has waiting in a lane. */
export interface Queue {
  readonly organisationId: string;
  /** Letters; counted no further than a set is large. */
  readonly due: number;
  /** How much of the lane goes to this organisation beside others, 1–100. */
  readonly weight: number;
}

export interface Share {
  readonly organisationId: string;
  readonly letters: number;
}

/**
 * Shares a set's places out among the organisations of a lane by their weights, as fair queueing does: the n:th letter of a queue is
 * finished at (n − phase) ÷ weight, and the earliest get the places. What one does not need goes to the others, so that no place stays
 * empty while anybody waits.
 *
 * The phases, between 0 and 1, move with the turn. Without them a set that is smaller than the number of organisations would always leave
 * the same ones out; with them each gets what its weight gives, over the turns.
 */
export function shareOut(queues: readonly Queue[], places: number, turn: number): Share[] {
  const letters = queues.map(() => 0);
  for (let place = 0; place < places; place++) {
    const next = nextServed(queues, letters, turn);
    if (next === undefined) break;
    letters[next] = (letters[next] ?? 0) + 1;
  }
  return queues.flatMap(({ organisationId }, index) => {
    const own = letters[index] ?? 0;
    return own === 0 ? [] : [{ organisationId, letters: own }];
  });
}

/** @returns the index of the queue whose next letter is finished first. */
function nextServed(queues: readonly Queue[], letters: readonly number[], turn: number): number | undefined {
  let first: number | undefined;
  let firstFinish = Number.POSITIVE_INFINITY;
  for (const [index, { due, weight }] of queues.entries()) {
    const served = letters[index] ?? 0;
    const finish = (served + 1 - phaseOf(turn, index)) / weight;
    if (served < due && finish < firstFinish) [first, firstFinish] = [index, finish];
  }
  return first;
}

/** Multiples of two irrational numbers lie evenly between 0 and 1 (R2 sequence): over the turns, and among the queues of one turn. */
const TURN_STEP = 0.7548776662466927;
const QUEUE_STEP = 0.5698402909980532;

function phaseOf(turn: number, index: number): number {
  return (turn * TURN_STEP + index * QUEUE_STEP) % 1;
}
