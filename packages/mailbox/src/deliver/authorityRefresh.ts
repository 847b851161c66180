import { type Clock, type Log, startWorker } from '@brevduva/base';
import { SoapCallError } from '@brevduva/protocol';
import type { FarClient } from '../farClient.ts';
import {
  type AuthorityLists,
  beginDueQuestion,
  beginQuestion,
  readCopyAgeMs,
  replaceCopy,
} from '../sql/authorityCopy.ts';
import type { Pool } from '../sql/pool.ts';

/** Keeps the operator's copy of the register owner's senders and dispatchers up to date. */
export interface AuthorityRefresh {
  /**
   * Asks the register now, because a delivery names somebody who is not in the copy. Those who come while a question waits
   * for its turn share it. When the register does not answer, the copy stays as it is.
   */
  now(): Promise<void>;
  /** A question under way ends with the client: close that first. */
  stop(): Promise<void>;
}

export interface AuthorityRefreshOptions {
  pool: Pool;
  far: Pick<FarClient, 'getSenders' | 'getDispatchers'>;
  /** How old the copy may become before one of the nodes asks again. */
  everyMs: number;
  clock: Clock;
  log: Log;
}

/** How often a node looks whether the copy is old; after a register that was down, how soon it is asked again. */
const LOOK_MS_MAX = 30_000;
/** A stranger's deliveries make each node ask no more often than this. */
export const QUESTION_GAP_MS = 1000;

/** Asks at once, then every `everyMs`, on one of the nodes. */
export function startAuthorityRefresh(options: AuthorityRefreshOptions): AuthorityRefresh {
  const { pool, everyMs, clock, log } = options;
  const stopping = new AbortController();
  const lookMs = Math.min(everyMs, LOOK_MS_MAX);
  let isFirst = true;
  let lastAskedMs = Number.NEGATIVE_INFINITY;
  let waiting: Promise<void> | undefined;

  async function ask(question: number): Promise<void> {
    try {
      await refresh(options, question);
    } catch (err) {
      if (!(err instanceof SoapCallError)) throw err;
      if (stopping.signal.aborted) return;
      log.warn(
        { kind: err.kind, ageMs: await readCopyAgeMs(pool) },
        'register does not answer, the copy of its lists stays',
      );
    }
  }
  async function askInTurn(): Promise<void> {
    await clock.sleep(Math.max(0, lastAskedMs + QUESTION_GAP_MS - clock.now().getTime()), stopping.signal);
    // Before anything is waited for: who comes from now on shares the next question, and that one has to wait.
    waiting = undefined;
    lastAskedMs = clock.now().getTime();
    if (!stopping.signal.aborted) await ask(await beginQuestion(pool));
  }
  const worker = startWorker({
    name: 'authority refresh',
    ...{ clock, log, idleMs: lookMs },
    async runOnce() {
      const question = isFirst ? await beginQuestion(pool) : await beginDueQuestion(pool, { everyMs, againMs: lookMs });
      isFirst = false;
      if (question !== undefined) await ask(question);
      return 0;
    },
  });
  return {
    now() {
      waiting ??= askInTurn();
      return waiting;
    },
    async stop() {
      stopping.abort();
      await Promise.all([worker.stop(), waiting]);
    },
  };
}

async function refresh({ pool, far, clock, log }: AuthorityRefreshOptions, question: number): Promise<void> {
  const [senders, dispatchers] = await Promise.all([far.getSenders({}), far.getDispatchers({})]);
  const lists = listsOf(senders.return, dispatchers.return);
  const isNewest = await replaceCopy(pool, question, lists, clock.now());
  const counts = { senders: lists.senders.length, dispatchers: lists.dispatchers.length };
  log.info({ question, isNewest, ...counts }, 'lists of the register taken over');
}

type Answer<K extends 'getSenders' | 'getDispatchers'> = Awaited<ReturnType<FarClient[K]>>['return'];

/** Named twice, the last counts: one statement cannot touch the same row twice. */
function listsOf(senders: Answer<'getSenders'>, dispatchers: Answer<'getDispatchers'>): AuthorityLists {
  const dispatcherOf = new Map(dispatchers.map((one) => [one.Id, one]));
  return {
    senders: [...new Map(senders.map(({ Id, Name }) => [Id, { organizationNumber: Id, name: Name }])).values()],
    dispatchers: [...dispatcherOf.values()].map(({ Id, Name }) => ({ organizationNumber: Id, name: Name })),
    pairs: [...dispatcherOf.values()].flatMap(({ Id, Senders }) =>
      Senders.map((sender) => ({ dispatcher: Id, sender })),
    ),
  };
}
