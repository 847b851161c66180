/**
 * How a step of work ended; closed, so that every caller answers every case and nothing ends in silence.
 *
 * - `done`     the step is finished; `value` is what it found.
 * - `retry`    not now. `certainty` says whether the other side may have acted: `notDelivered` means that it certainly
 *              has not, `unknown` that the request left and no answer came. After `unknown` only the same bytes with
 *              the same ids may be sent again, and no other channel may be used.
 * - `reroute`  this channel cannot; another may.
 * - `refuse`   no channel can; the one who handed it in is told.
 * - `manual`   a person must decide; `action` is the next thing for that person to do, in plain Swedish.
 */
export type Outcome<T = undefined> =
  | { kind: 'done'; value: T }
  | { kind: 'retry'; reason: string; certainty: 'notDelivered' | 'unknown'; afterMs?: number }
  | { kind: 'reroute'; reason: string }
  | { kind: 'refuse'; reason: string }
  | { kind: 'manual'; reason: string; action: string };
