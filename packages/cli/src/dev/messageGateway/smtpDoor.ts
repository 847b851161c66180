import { once } from 'node:events';
import { appError, BASE_ERRORS, type Log } from '@brevduva/base';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { SetFault } from '../faults.ts';
import type { MessageStore, SentMail } from './messageStore.ts';

export interface SmtpDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly store: MessageStore;
  takeFault(): Promise<SetFault | undefined>;
  /** The port of this machine where bounces to a domain are received. Bounces to any other go nowhere. */
  bouncePort(domain: string): number | undefined;
  readonly log: Log;
}

export interface SmtpDoor {
  readonly port: number;
  close(): Promise<void>;
}

const MAIL_BYTES_MAX = 2_000_000;
const CLOSE_TIMEOUT_MS = 500;

/** A mail server that takes everything, sends nothing on, and fails as it is told. */
export async function openSmtpDoor(options: SmtpDoorOptions): Promise<SmtpDoor> {
  const server = new SMTPServer({
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    size: MAIL_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    logger: false,
    onData(stream, session, done) {
      take(stream, session, options).then(
        (isAnswered) => (isAnswered ? done(null, 'Kept, and sent to nobody') : undefined),
        (error) => done(error),
      );
    },
  });
  const listening = server.listen(options.port, options.host);
  try {
    await once(listening, 'listening');
  } catch (cause) {
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { cause, values: { port: options.port } });
  }
  server.on('error', (err) => options.log.debug({ reason: err.message }, 'a mail connection broke'));
  const address = listening.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Whether the sender gets an answer. */
async function take(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  options: SmtpDoorOptions,
): Promise<boolean> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const fault = await options.takeFault();
  if (fault?.kind === 'refuse-now') throw refusal(451, '4.3.0 Not now (fault)');
  if (fault?.kind === 'refuse-for-good') throw refusal(550, '5.1.1 No such mailbox (fault)');
  const mail = await keep(Buffer.concat(chunks), session, options.store);
  if (fault?.kind === 'accept-then-silence') return false;
  if (fault?.kind === 'fails-later') await bounce(mail, options);
  return true;
}

async function keep(raw: Buffer, { envelope }: SMTPServerSession, store: MessageStore): Promise<SentMail> {
  const parsed = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true });
  const headers = raw.subarray(0, Math.max(0, raw.indexOf('\r\n\r\n'))).toString('utf8');
  return store.addMail({
    from: parsed.from?.text ?? '',
    to: envelope.rcptTo.map((each) => each.address).join(', '),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    hasHtml: parsed.html !== false,
    headers,
    dkim: dkimOf(headers),
    envelopeFrom: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
  });
}

function dkimOf(headers: string): SentMail['dkim'] {
  const signature = /^DKIM-Signature:((?:.*\r\n[ \t])*.*)/im.exec(headers)?.[1];
  if (signature === undefined) return undefined;
  const tag = (name: string) => new RegExp(`[;\\s]${name}=([^;\\s]+)`).exec(signature)?.[1] ?? '';
  return { domain: tag('d'), selector: tag('s') };
}

/** What another mail server sends when it finds out later that there is no such mailbox (RFC 3464). */
async function bounce(mail: SentMail, { host, bouncePort, log }: SmtpDoorOptions): Promise<void> {
  const port = bouncePort(mail.envelopeFrom.slice(mail.envelopeFrom.lastIndexOf('@') + 1));
  if (port === undefined) return void mail.reports.push('Studsen hade ingen att gå till');
  const server = createTransport({ host, port, ignoreTLS: true });
  try {
    await server.sendMail({ envelope: { from: '', to: mail.envelopeFrom }, raw: bounceOf(mail) });
    mail.reports.push('Studsade: adressen finns inte (5.1.1)');
  } catch (error) {
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'the bounce was not taken');
    mail.reports.push('Studsen togs inte emot');
  } finally {
    server.close();
  }
}

function bounceOf({ to }: SentMail): string {
  return [
    'From: MAILER-DAEMON@localhost',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    '',
    '--report',
    'Content-Type: text/plain',
    '',
    'There is no such mailbox.',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; localhost',
    '',
    `Final-Recipient: rfc822; ${to}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such mailbox',
    '',
    '--report--',
    '',
  ].join('\r\n');
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
