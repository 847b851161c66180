import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, PartyFigures, PartyStart, Reply } from './parties.ts';

/** A party that runs in a process of its own. */
export interface Party {
  readonly pid: number;
  readonly url: string;
  figures(): Promise<PartyFigures>;
  /** CPU profile of its main thread from now until `stopProfile`, which writes it in the form that Chrome's DevTools read. */
  startProfile(): Promise<void>;
  stopProfile(file: string): Promise<void>;
  /** Lets it finish, then ends the process. */
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('./partyProcess.ts', import.meta.url));

/** @throws Error with the party's own words when it cannot start, or ends before it is asked to. */
export async function startParty(start: PartyStart): Promise<Party> {
  const child = fork(SCRIPT, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit').then(([code, signal]): never => {
    throw new Error(`${start.party} ended: ${code ?? signal}`);
  });
  // Whoever waits for a reply is told; nobody may be waiting.
  exited.catch(() => undefined);
  const ask = async (order: Order): Promise<Extract<Reply, { ok: true }>> => {
    const answered = once(child, 'message');
    child.send(order);
    const [reply] = (await Promise.race([answered, exited])) as [Reply];
    if (!reply.ok) throw new Error(`${start.party}: ${reply.error}`);
    return reply;
  };
  const { url = '' } = await ask({ order: 'start', start });
  return {
    pid: child.pid ?? 0,
    url,
    figures: async () => required((await ask({ order: 'figures' })).figures),
    startProfile: async () => void (await ask({ order: 'startProfile' })),
    stopProfile: async (file) => void (await ask({ order: 'stopProfile', file })),
    stop: async () => {
      const ended = once(child, 'exit');
      await ask({ order: 'stop' });
      await ended;
    },
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a party answered without figures');
  return value;
}
