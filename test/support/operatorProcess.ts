/** A mailbox operator in a process of its own, so that a test can kill it. Usage: operatorProcess.ts OPTIONS_FILE */
import { readFileSync } from 'node:fs';
import { createLog, systemClock } from '@brevduva/base';
import { type MailboxOptions, startMailbox } from '@brevduva/mailbox';

const [file = ''] = process.argv.slice(2);
const stored = JSON.parse(readFileSync(file, 'utf8')) as Omit<MailboxOptions, 'clock' | 'log' | 'contentKey'> & {
  contentKey: string;
};

const { webUrl } = await startMailbox({
  ...stored,
  contentKey: Buffer.from(stored.contentKey, 'base64'),
  clock: systemClock,
  log: createLog({ service: 'mailbox', level: 'error', destination: process.stderr }),
});
process.stdout.write(`${JSON.stringify({ webUrl })}\n`);
