import { setTimeout as sleep } from 'node:timers/promises';
import { handInAll, type LetterRequest, prepareLetters } from './handIn.ts';
import { treeCpuMs } from './processTree.ts';
import { rawSignatureCpuMs } from './rawSignatures.ts';
import { countByState, holdNewLetters, messageIdsAt, releaseLetters } from './sql.ts';
import type { Party } from './startParty.ts';
import type { World } from './world.ts';

/** CPU is milliseconds per letter. Absent parts could not be measured on this machine. */
export interface Phase {
  readonly lettersPerSecond: number;
  /** The hub's own process with all its threads. */
  readonly hubCpuMs: number;
  /** The hub's child processes: PDF inspection, in a process apart because PDFs are hostile. */
  readonly inspectionCpuMs?: number;
  readonly postgresCpuMs?: number;
  readonly operatorsCpuMs: number;
}

export interface RunFigures {
  readonly rawSignatureCpuMs: number;
  /** Letters handed in over REST to a node that does nothing else. */
  readonly intake: Phase;
  /** The same letters from there to the operators' receipts, as a mailing goes: all due at once. */
  readonly pipeline: Phase;
  /** Other letters, handed in while the same node delivers them. */
  readonly endToEnd: Phase;
  /** Times that an operator was sent a letter more than once; it keeps one (FACTS g). */
  readonly resent: number;
}

export interface RunOptions {
  readonly letters: number;
  readonly pdfBytes: number;
  /** Where the profile of the hub's main thread during the pipeline goes. */
  readonly profileFile?: string;
}

/** What a run leaves for the next: every letter that the operators must have, once. */
export type Accepted = Set<string>;

/** @throws Error when a letter is refused, lost, stored twice or does not arrive. */
export async function measureRun(world: World, accepted: Accepted, options: RunOptions): Promise<RunFigures> {
  const letters = prepareLetters(2 * options.letters, options.pdfBytes, world.recipients);
  const [held, direct] = [letters.slice(0, options.letters), letters.slice(options.letters)];
  const before = rawSignatureCpuMs(world.keyPem);

  await holdNewLetters(world.pools.hub);
  const intake = await measurePhase(world, world.intakeNode, held, async () => {
    await takeIn(world.intakeNode, held, accepted);
  });
  if (options.profileFile !== undefined) await world.fullNode.startProfile();
  const pipeline = await measurePhase(world, world.fullNode, held, async () => {
    const released = await releaseLetters(world.pools.hub);
    if (released !== held.length) throw new Error(`${released} letters were held, not ${held.length}`);
    await untilDelivered(world, accepted.size);
  });
  if (options.profileFile !== undefined) await world.fullNode.stopProfile(options.profileFile);
  const endToEnd = await measurePhase(world, world.fullNode, direct, async () => {
    await takeIn(world.fullNode, direct, accepted);
    await untilDelivered(world, accepted.size);
  });

  const rawMs = (before + rawSignatureCpuMs(world.keyPem)) / 2;
  const resent = await checkDelivered(world, accepted);
  return { rawSignatureCpuMs: rawMs, intake, pipeline, endToEnd, resent };
}

async function takeIn(node: Party, letters: readonly LetterRequest[], accepted: Accepted): Promise<void> {
  for (const id of await handInAll(node.url, letters)) accepted.add(id);
}

async function measurePhase(
  world: World,
  hub: Party,
  letters: readonly unknown[],
  work: () => Promise<void>,
): Promise<Phase> {
  const before = await readMeters(world, hub);
  const startedMs = performance.now();
  await work();
  const elapsedMs = performance.now() - startedMs;
  const after = await readMeters(world, hub);
  const each = (name: keyof Meters) => difference(before[name], after[name], letters.length);
  const inspectionCpuMs = each('inspection');
  const postgresCpuMs = each('postgres');
  return {
    lettersPerSecond: (letters.length * 1000) / elapsedMs,
    hubCpuMs: (after.hub - before.hub) / letters.length,
    ...(inspectionCpuMs === undefined ? {} : { inspectionCpuMs }),
    ...(postgresCpuMs === undefined ? {} : { postgresCpuMs }),
    operatorsCpuMs: (after.operators - before.operators) / letters.length,
  };
}

interface Meters {
  readonly hub: number;
  readonly inspection: number | undefined;
  readonly postgres: number | undefined;
  readonly operators: number;
}

async function readMeters(world: World, hub: Party): Promise<Meters> {
  const operators = await Promise.all(world.operators.map((operator) => operator.figures()));
  return {
    hub: (await hub.figures()).cpuMs,
    inspection: treeCpuMs(hub.pid, { withRoot: false }),
    postgres: treeCpuMs(world.postgresPid),
    operators: operators.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  };
}

function difference(before: number | undefined, after: number | undefined, letters: number): number | undefined {
  return before === undefined || after === undefined ? undefined : (after - before) / letters;
}

/** Counting costs the database too, and its CPU is among the figures. */
const POLL_MS = 100;
const STANDSTILL_MS_MAX = 60_000;

async function untilDelivered(world: World, expected: number): Promise<void> {
  let last = 0;
  let progressMs = performance.now();
  for (;;) {
    const states = await countByState(world.pools.hub);
    const delivered = states['delivered'] ?? 0;
    if (delivered === expected) return;
    if (delivered > last) progressMs = performance.now();
    last = delivered;
    if (performance.now() - progressMs > STANDSTILL_MS_MAX) {
      throw new Error(`the letters do not move: ${JSON.stringify(states)}, ${expected} expected`);
    }
    await sleep(POLL_MS);
  }
}

/** Exactly the letters accepted lie with the operators, each once. @returns how many were sent more than once. */
async function checkDelivered(world: World, accepted: Accepted): Promise<number> {
  const stored = [...(await messageIdsAt(world.pools.first)), ...(await messageIdsAt(world.pools.second))];
  const distinct = new Set(stored);
  const lost = [...accepted].filter((id) => !distinct.has(id)).length;
  const twice = stored.length - distinct.size;
  const unknown = [...distinct].filter((id) => !accepted.has(id)).length;
  if (lost + twice + unknown > 0) {
    throw new Error(
      `${accepted.size} letters accepted: ${lost} lost, ${twice} stored twice, ${unknown} never handed in`,
    );
  }
  const figures = await Promise.all(world.operators.map((operator) => operator.figures()));
  return figures.reduce((sum, { calls }) => sum + (calls['deliverSecure'] ?? 0), 0) - accepted.size;
}
