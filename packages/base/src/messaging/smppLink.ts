import type { Fields } from 'smpp';
import { errorDelayMs } from '../startWorker.ts';
import { bindSmpp, type SmppAnswer, type SmppBinding } from './smppBinding.ts';
import { SMPP_LIMITS, type SmppLimits, type SmppLinkOptions } from './smppSettings.ts';
import { SMPP_STATUS } from './smppStatus.ts';

export interface SmppLink {
  /** Waits for a binding and a place in the window, sends, and waits for the answer. */
  request(command: string, fields: Fields): Promise<SmppAnswer>;
  close(): Promise<void>;
}

/**
 * Keeps one connection to an SMS centre bound, as sender and receiver, for as long as it is open: reports come on it also
 * when nothing is sent. A connection that breaks, is refused or falls silent is closed and made anew, with growing pauses.
 */
export function openSmppLink(options: SmppLinkOptions): SmppLink {
  const limits: SmppLimits = { ...SMPP_LIMITS, ...options.limits };
  const stopping = new AbortController();
  const changes = new EventTarget();
  let binding: SmppBinding | undefined;
  let underWay = 0;
  const change = (next: SmppBinding | undefined) => {
    binding = next;
    changes.dispatchEvent(new Event('change'));
  };
  const ended = keepBound(options, limits, stopping.signal, change);
  const isReady = () => binding !== undefined && underWay < limits.windowMax;
  return {
    async request(command, fields) {
      const isInTime = await waitUntil(isReady, changes, limits.connectTimeoutMs, stopping.signal);
      if (!isInTime || binding === undefined) return { kind: 'notSent' };
      underWay += 1;
      try {
        return await binding.request(command, fields);
      } finally {
        underWay -= 1;
        changes.dispatchEvent(new Event('change'));
      }
    },
    async close() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepBound(
  options: SmppLinkOptions,
  limits: SmppLimits,
  signal: AbortSignal,
  change: (binding: SmppBinding | undefined) => void,
): Promise<void> {
  let failuresInRow = 0;
  while (!signal.aborted) {
    const binding = await bindSmpp(options, limits);
    failuresInRow = binding === undefined ? failuresInRow + 1 : 1;
    if (binding !== undefined) {
      change(binding);
      await watch(binding, limits, options, signal);
      change(undefined);
    }
    await options.clock.sleep(errorDelayMs(failuresInRow), signal);
  }
}

/** Asks now and then whether the other side is there; ends when the connection has. */
async function watch(
  binding: SmppBinding,
  limits: SmppLimits,
  { clock, log }: SmppLinkOptions,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  void binding.closed.then(() => over.abort());
  const either = AbortSignal.any([over.signal, signal]);
  while (!either.aborted) {
    await clock.sleep(limits.enquireLinkMs, either);
    if (either.aborted) break;
    const answer = await binding.request('enquire_link', {});
    if (answer.kind === 'answer' && answer.pdu.command_status === SMPP_STATUS.ok) continue;
    log.warn({ reason: answer.kind }, 'the SMS centre is silent');
    binding.destroy();
  }
  if (!over.signal.aborted && signal.aborted) await binding.end();
  await binding.closed;
}

/** Waits until it is so, at most `timeoutMs`; whether it is. */
function waitUntil(
  isSo: () => boolean,
  changes: EventTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (isSo()) give(true);
    };
    const giveUp = () => give(false);
    const timer = setTimeout(giveUp, timeoutMs);
    const give = (result: boolean) => {
      clearTimeout(timer);
      changes.removeEventListener('change', look);
      signal.removeEventListener('abort', giveUp);
      resolve(result);
    };
    changes.addEventListener('change', look);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    else look();
  });
}
