/** One party in a process of its own, so that its CPU can be told from everyone else's. Orders come from startParty.ts. */
import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { createLog, systemClock } from '@brevduva/base';
import { startFar } from '@brevduva/far';
import { startHub } from '@brevduva/hub';
import { startMailbox } from '@brevduva/mailbox';
import type { SoapEndpointOptions } from '@brevduva/protocol';
import type { Order, PartyFigures, PartyStart, Reply } from './parties.ts';

const HOST = '127.0.0.1';
const NO_LOGIN = { issuer: 'http://127.0.0.1:9', clientId: 'bench', clientSecret: 'bench' };
/** Finer than the default millisecond, since a letter is about that. */
const PROFILE_INTERVAL_MICROS = 200;

const calls: Record<string, number> = {};
const countCalls: NonNullable<SoapEndpointOptions['around']> = (call, next) => {
  calls[call.operation] = (calls[call.operation] ?? 0) + 1;
  return next();
};

let running: { close(): Promise<void> } | undefined;
let profiling: Session | undefined;

async function obey(message: Order): Promise<Reply> {
  switch (message.order) {
    case 'start':
      return { ok: true, url: await start(message.start) };
    case 'figures':
      return { ok: true, figures: figures() };
    case 'startProfile':
      await startProfile();
      return { ok: true };
    case 'stopProfile':
      await stopProfile(message.file);
      return { ok: true };
    case 'stop':
      await running?.close();
      return { ok: true };
  }
}

async function start(options: PartyStart): Promise<string> {
  const common = {
    databaseUrl: options.databaseUrl,
    clock: systemClock,
    log: createLog({ service: options.party, level: 'warn', destination: process.stderr }),
  };
  const anyPort = { host: HOST, port: 0 };
  if (options.party === 'hub') {
    const { keys, sender, ...rest } = options;
    const senders = [{ organizationNumber: sender, ...keys }];
    const web = { ...anyPort, publicUrl: 'http://localhost' };
    const hub = await startHub({ ...common, ...rest, web, oidc: NO_LOGIN, dispatcher: keys, senders });
    running = hub;
    return hub.webUrl;
  }
  const soap = { ...anyPort, tls: options.tls };
  const shared = { ...common, web: anyPort, around: countCalls };
  const { contentKey, operator } = options.party === 'operator' ? options : {};
  const started =
    operator === undefined || contentKey === undefined
      ? await startFar({ ...shared, soap })
      : await startMailbox({
          ...shared,
          operator,
          contentKey,
          oidc: NO_LOGIN,
          soap: { ...soap, trust: [options.tls.ca] },
        });
  running = started;
  return started.soapUrl;
}

function figures(): PartyFigures {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, calls };
}

async function startProfile(): Promise<void> {
  profiling = new Session();
  profiling.connect();
  await profiling.post('Profiler.enable');
  await profiling.post('Profiler.setSamplingInterval', { interval: PROFILE_INTERVAL_MICROS });
  await profiling.post('Profiler.start');
}

async function stopProfile(file: string): Promise<void> {
  if (profiling === undefined) throw new Error('no profile is being taken');
  const { profile } = await profiling.post('Profiler.stop');
  profiling.disconnect();
  profiling = undefined;
  await writeFile(file, JSON.stringify(profile));
}

process.on('message', (message) => {
  const order = message as Order;
  obey(order)
    .catch(
      (error: unknown): Reply => ({ ok: false, error: error instanceof Error ? (error.stack ?? '') : String(error) }),
    )
    .then((reply) => process.send?.(reply, () => (order.order === 'stop' ? process.exit() : undefined)));
});
// A party must not outlive the bench.
process.on('disconnect', () => process.exit());
