/**
 * A hub in a process of its own, so that a test can kill it. Usage: hubProcess.ts OPTIONS_FILE [CRASH_POINT]
 * Prints its address as one line of JSON. At the crash point it kills itself with SIGKILL: nothing gets to clean up. Another one may be
 * named while it runs, as `{ crashAt }` over IPC; the answer is the same message.
 */
import { readFileSync } from 'node:fs';
import { createLog, systemClock } from '@brevduva/base';
import { type HubOptions, startHub } from '@brevduva/hub';

const [file = '', crashAtFirst] = process.argv.slice(2);
let crashAt = crashAtFirst;
const stored = JSON.parse(readFileSync(file, 'utf8')) as Omit<HubOptions, 'clock' | 'log' | 'contentKey'> & {
  contentKey: string;
};

const hub = await startHub({
  ...stored,
  contentKey: Buffer.from(stored.contentKey, 'base64'),
  clock: systemClock,
  log: createLog({ service: 'hub', level: 'error', destination: process.stderr }),
  crashPoint: (name) => {
    if (name === crashAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.on('message', (message: { crashAt: string }) => {
  ({ crashAt } = message);
  process.send?.({ crashAt });
});
process.stdout.write(`${JSON.stringify({ url: hub.webUrl })}\n`);
