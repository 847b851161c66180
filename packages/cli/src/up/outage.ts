import { type Clock, type Log, startWorker } from '@brevduva/base';
import { type FaultParty, readFaults } from '../dev/faults.ts';

/** How soon `brevduva faults … down` is obeyed. */
const LOOK_INTERVAL_MS = 250;

interface Party {
  close(): Promise<void>;
}

export interface OutageOptions<P extends Party> {
  readonly party: FaultParty;
  readonly start: () => Promise<P>;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A party that can really be down: while its fault `down` is set (for every call, not for a number of them) its ports are closed, so
 * that the others meet a refused connection, as they would if its machine had stopped. Cleared, it starts again where it was.
 *
 * @returns the party as it was first started; its addresses stay the same, whichever life it is in
 */
export async function startWithOutages<P extends Party>(options: OutageOptions<P>): Promise<P> {
  const first = await options.start();
  let running: P | undefined = first;
  const watch = startWorker({
    name: `outage ${options.party}`,
    idleMs: LOOK_INTERVAL_MS,
    clock: options.clock,
    log: options.log,
    async runOnce() {
      const isDown = await isSetDown(options);
      if (isDown && running !== undefined) {
        const stopping = running;
        running = undefined;
        await stopping.close();
        options.log.warn('down, as the fault switch says');
      } else if (!isDown && running === undefined) {
        running = await options.start();
        options.log.warn('up again');
      }
      return 0;
    },
  });
  return {
    ...first,
    async close() {
      await watch.stop();
      await running?.close();
    },
  };
}

async function isSetDown({ folder, party }: Pick<OutageOptions<Party>, 'folder' | 'party'>): Promise<boolean> {
  const faults = await readFaults(folder);
  return faults.some((fault) => fault.party === party && fault.kind === 'down' && fault.calls === undefined);
}
