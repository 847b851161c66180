import type { SoapReply } from '@brevduva/protocol';
import {
  type FaultParty,
  faultsVersion,
  readFaults,
  readFaultUse,
  type SetFault,
  SLOW_MS_DEFAULT,
  writeFaultUse,
} from './faults.ts';

type Reply = SoapReply;

/** The endpoint's `around` hook: sees every call, and decides what the caller gets to see. */
export type Around<Call> = (call: Call, next: () => Promise<Reply>) => Promise<Reply>;

export interface FaultSwitchOptions<Call> {
  /** The data folder that `brevduva faults` writes in. */
  readonly folder: string;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** What an operator answers whose mailbox has closed: `Delivered=false`, nothing stored; undefined for other operations. */
  readonly notDelivered: (call: Call) => Promise<Reply> | undefined;
}

export interface FaultSwitch<Call> {
  around(party: FaultParty): Around<Call>;
  /** For parties that are not called over SOAP: the fault that this call meets, which it counts. */
  take(party: FaultParty): Promise<SetFault | undefined>;
}

const WRONG_ANSWER = Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>');

/** Obeys the faults that are set in the data folder; the file is read again only when it has changed. */
export async function createFaultSwitch<Call>(options: FaultSwitchOptions<Call>): Promise<FaultSwitch<Call>> {
  const active = await createActiveFaults(options.folder);
  return {
    take: (party) => active.take(party),
    around: (party) => async (call, next) => {
      const fault = await active.take(party);
      return fault === undefined ? next() : fail(fault, options, call, next);
    },
  };
}

async function fail<Call>(
  fault: SetFault,
  { sleep, notDelivered }: FaultSwitchOptions<Call>,
  call: Call,
  next: () => Promise<Reply>,
): Promise<Reply> {
  switch (fault.kind) {
    case 'slow':
      await sleep(fault.delayMs ?? SLOW_MS_DEFAULT);
      return next();
    case 'down':
      return { hangUp: true };
    case 'accept-then-silence':
      await next();
      return { hangUp: true };
    case 'wrong-answer':
      await next();
      return { status: 200, body: WRONG_ANSWER };
    case 'closes-after-lookup':
      return (await notDelivered(call)) ?? next();
    case 'refuse-now':
    case 'refuse-for-good':
    case 'fails-later':
    case 'loses-letter':
    case 'tells-twice':
    case 'tells-of-unknown':
      // The message gateway's, the bank's and the print shop's own; `brevduva faults` sets them for nobody else.
      return next();
  }
}

/** The set faults with their counts. One writer: the parties of one installation share one of these. */
async function createActiveFaults(folder: string) {
  const used = new Map(Object.entries(await readFaultUse(folder)));
  let version: string | undefined;
  let faults: readonly SetFault[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function refresh(): Promise<void> {
    const found = await faultsVersion(folder);
    if (found === version) return;
    faults = await readFaults(folder);
    version = found;
    for (const id of used.keys()) if (!faults.some((fault) => fault.id === id)) used.delete(id);
  }

  return {
    /** The party's fault for this call, which it counts; undefined when there is none or its calls are used up. */
    async take(party: FaultParty): Promise<SetFault | undefined> {
      await refresh();
      const fault = faults.find((one) => one.party === party);
      if (fault === undefined) return undefined;
      const count = (used.get(fault.id) ?? 0) + 1;
      if (fault.calls !== undefined && count > fault.calls) return undefined;
      used.set(fault.id, count);
      // One after the other: two writers at once could leave the older count.
      writing = writing.then(() => writeFaultUse(folder, used));
      await writing;
      return fault;
    },
  };
}
