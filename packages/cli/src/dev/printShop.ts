import { join } from 'node:path';
import { type Clock, createClosers, type Log, listen, startWorker } from '@brevduva/base';
import { createPrintoutReader, type PrintoutReader } from '@brevduva/hub';
import { readFaults, type SetFault } from './faults.ts';
import { runPress } from './printShop/press.ts';
import { createShopWeb } from './printShop/shop.http.ts';
import { createShopStore } from './printShop/shopStore.ts';

export interface PrintShopOptions {
  readonly host: string;
  readonly port: number;
  /** The data folder: faults are read there, and what the shop has taken is kept below it. */
  readonly folder: string;
  /** Where customers hand over: `<root>/<organisation number>/<code>/`. */
  readonly roots: readonly string[];
  /** The fault that the next letter meets. */
  readonly takeFault: () => Promise<SetFault | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** Counted from when a batch is taken; {@link PRODUCED_AFTER_MS} and {@link POSTED_AFTER_MS} unless given. */
  readonly producedAfterMs?: number;
  readonly postedAfterMs?: number;
}

/** Under this code organisations configure it. */
export const DEVELOPMENT_SHOP_CODE = 'tryckeriet';

/** Long enough to be seen on the way, short enough to wait for. */
const PRODUCED_AFTER_MS = 2_000;
const POSTED_AFTER_MS = 5_000;
const LOOK_INTERVAL_MS = 500;

/**
 * The development print shop, a party of its own by docs/printshop.md: takes batches from its customers' folders, checks them, shows each
 * sheet as a picture, and tells what became of the letters, or fails to.
 */
export async function startPrintShop(
  options: PrintShopOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { folder, host, port, clock, log } = options;
  const closers = createClosers();
  try {
    const printouts = createPrintoutReader();
    closers.add(() => printouts.close());
    const reader = oneAtATime(printouts);
    const store = await createShopStore(join(folder, 'printshop'));
    const inTurn = createTurns();
    const press = {
      ...{ producedAfterMs: PRODUCED_AFTER_MS, postedAfterMs: POSTED_AFTER_MS, code: DEVELOPMENT_SHOP_CODE },
      ...{ ...options, store, reader, isDown: () => isDown(folder) },
    };
    const runOnce = () => inTurn(() => runPress(press));
    const worker = startWorker({ name: 'development print shop', idleMs: LOOK_INTERVAL_MS, clock, log, runOnce });
    closers.add(() => worker.stop());
    const web = createShopWeb({ folder, store, reader, inTurn, clock, log });
    closers.add(() => web.close());
    const url = await listen(web, { host, port });
    return { url, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

/** Seen without being counted: it is no letter's. */
async function isDown(folder: string): Promise<boolean> {
  const faults = await readFaults(folder);
  return faults.some(({ party, kind }) => party === 'tryckeriet' && kind === 'down');
}

/** A browser asks for all pictures of a page at once; the one process that draws them refuses a long queue. */
function oneAtATime(reader: PrintoutReader): PrintoutReader {
  const inTurn = createTurns();
  return {
    readPrintout: (...question) => inTurn(() => reader.readPrintout(...question)),
    cutPrintout: (...question) => inTurn(() => reader.cutPrintout(...question)),
    picturePage: (...question) => inTurn(() => reader.picturePage(...question)),
    pictureMarked: (...question) => inTurn(() => reader.pictureMarked(...question)),
    close: () => reader.close(),
  };
}

/** Lets each piece of work begin when the one before it has ended, however it ended. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
