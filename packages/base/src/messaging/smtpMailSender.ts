import { createPrivateKey } from 'node:crypto';
import { PassThrough, pipeline } from 'node:stream';
import {
  createTransport,
  type NodemailerError,
  type SendMailOptions,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
  type Transporter,
} from 'nodemailer';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { isUuid } from '../id.ts';
import { bounceAddress } from './bounceToken.ts';
import type { MailMessage, MailSender } from './mailSender.ts';
import type { SendOutcome } from './sendOutcome.ts';
import { type DataProgress, smtpOutcome } from './smtpOutcome.ts';
import { SMTP_LIMITS, type SmtpLimits, type SmtpMailSenderOptions } from './smtpSettings.ts';

/** RFC 5322 2.1.1: a line has at most 998 characters; nobody's subject or name needs a quarter of that. */
const HEADER_CHARACTERS_MAX = 250;
const MESSAGES_PER_CONNECTION_MAX = 100;

/**
 * Sends e-mail over SMTP, with connections that are kept. Each message goes to one recipient, signed with DKIM when
 * there is a key, with an envelope sender of its own by which a bounce is known (`bounceAddress`).
 * @throws BASE_MESSAGING_SETTINGS for a DKIM key that cannot be read
 */
export function createSmtpMailSender(options: SmtpMailSenderOptions): MailSender {
  checkDkimKey(options);
  const limits: SmtpLimits = { ...SMTP_LIMITS, ...options.limits };
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const pool = createTransport(poolOptions(options, limits));
  const progress = watchProgress(pool);
  return {
    async send(message) {
      checkMessage(message);
      const { message: bytes } = await composer.sendMail(mailOf(message, options));
      if (!Buffer.isBuffer(bytes)) throw new TypeError('the composer was told to give a buffer');
      if (bytes.length > limits.messageBytesMax) throw invalid(`${bytes.length} bytes`);
      return await hand(bytes, message);
    },
    async close() {
      pool.close();
    },
  };

  async function hand(bytes: Buffer, message: MailMessage): Promise<SendOutcome> {
    try {
      await pool.sendMail({
        raw: bytes,
        envelope: { from: envelopeSender(message, options), to: message.to },
        // RFC 3461: a bounce shall bring our headers back, not the text.
        dsn: { id: message.id, return: 'HDRS', notify: ['FAILURE', 'DELAY'] },
        signal: AbortSignal.timeout(limits.attemptTimeoutMs),
      });
      return { kind: 'accepted', messageIds: [messageIdOf(message, options)] };
    } catch (error) {
      return smtpOutcome(error as NodemailerError, message.to, progress.of(bytes));
    }
  }
}

function poolOptions(options: SmtpMailSenderOptions, limits: SmtpLimits): SMTPPoolOptions & { pool: true } {
  return {
    pool: true,
    host: options.host,
    port: options.port,
    secure: options.tls === 'direct',
    requireTLS: options.tls === 'starttls',
    ignoreTLS: options.tls === 'none',
    tls: { minVersion: 'TLSv1.2', ...(options.caPem === undefined ? {} : { ca: options.caPem }) },
    ...(options.auth === undefined ? {} : { auth: { user: options.auth.user, pass: options.auth.password } }),
    maxConnections: limits.connectionsMax,
    maxMessages: MESSAGES_PER_CONNECTION_MAX,
    connectionTimeout: limits.connectTimeoutMs,
    greetingTimeout: limits.connectTimeoutMs,
    dnsTimeout: limits.connectTimeoutMs,
    socketTimeout: limits.silenceTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * Sees how far each message's bytes came. The last stream before the connection is read only when the server has said
 * 354, and ends just before the final dot is written; nodemailer's own error tells neither.
 */
function watchProgress(pool: Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>): { of(raw: Buffer): DataProgress } {
  const watches = new WeakMap<object, PassThrough>();
  pool.use('stream', (mail, done) => {
    const { raw } = mail.data;
    mail.message.processFunc((input) => {
      const watch = new PassThrough();
      if (Buffer.isBuffer(raw)) watches.set(raw, watch);
      return pipeline(input, watch, () => undefined);
    });
    done();
  });
  return {
    of(raw) {
      const watch = watches.get(raw);
      return { hasBegun: watch?.readableDidRead ?? false, hasEnded: watch?.readableEnded ?? false };
    },
  };
}

function mailOf(message: MailMessage, options: SmtpMailSenderOptions): SendMailOptions {
  const name = message.fromName ?? options.from.name;
  const { dkim } = options;
  return {
    messageId: messageIdOf(message, options),
    from: { address: options.from.address, name: name ?? '' },
    to: { address: message.to, name: '' },
    subject: message.subject,
    text: message.text,
    ...(message.html === undefined ? {} : { html: message.html }),
    ...(message.replyTo === undefined ? {} : { replyTo: { address: message.replyTo, name: '' } }),
    // RFC 3834: keeps holiday answers from coming back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === undefined
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKeyPem } }),
  };
}

function messageIdOf(message: MailMessage, options: SmtpMailSenderOptions): string {
  return `<${message.id}@${options.from.address.slice(options.from.address.lastIndexOf('@') + 1)}>`;
}

function envelopeSender(message: MailMessage, options: SmtpMailSenderOptions): string {
  return options.bounces === undefined ? options.from.address : bounceAddress(message.id, options.bounces);
}

function checkMessage(message: MailMessage): void {
  if (!isUuid(message.id)) throw invalid('the id is no UUID');
  for (const header of [message.subject, message.fromName ?? '']) {
    if (header.length > HEADER_CHARACTERS_MAX) throw invalid(`a header of ${header.length} characters`);
    // A line break would begin a header of the text's own: a second recipient, for instance.
    if ([...header].some((each) => each < ' ' || each === '\u007f' || each === '\u2028' || each === '\u2029')) {
      throw invalid('a control character in a header');
    }
  }
  if (message.subject.trim() === '' || message.text.trim() === '') throw invalid('no subject, or no text');
}

function checkDkimKey({ dkim }: SmtpMailSenderOptions): void {
  if (dkim === undefined) return;
  try {
    createPrivateKey(dkim.privateKeyPem);
  } catch (cause) {
    throw appError(BASE_ERRORS, 'BASE_MESSAGING_SETTINGS', {
      cause,
      values: { fault: 'DKIM-nyckeln går inte att läsa' },
    });
  }
}

function invalid(detail: string): Error {
  return appError(BASE_ERRORS, 'BASE_MAIL_MESSAGE_INVALID', { detail });
}
