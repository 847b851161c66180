import { once } from 'node:events';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Log } from '../log.ts';
import { type BounceAddressOptions, readBounceAddress } from './bounceToken.ts';
import { type DeliveryReport, readDeliveryReport } from './deliveryReport.ts';

export interface BounceListenerOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly bounces: BounceAddressOptions;
  /** Offers STARTTLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Keeps the report. Must have stored it when it resolves: when it rejects, the other server is asked to come again. */
  onReport(messageId: string, report: DeliveryReport): Promise<void>;
  readonly log: Log;
}

export interface BounceListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Bounces carry our headers back (RET=HDRS) and a few lines of explanation. Some servers send the whole message. */
const MAIL_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 20;
const SOCKET_TIMEOUT_MS = 60_000;
const CLOSE_TIMEOUT_MS = 2_000;
const COMMANDS_WITHOUT_MAIL_MAX = 10;

/**
 * Receives what comes back for messages that we sent: an SMTP server that knows only the addresses that `bounceAddress`
 * made, and answers 550 to every other. So it is no way in for spam, relays nothing and needs no login. It is the MX of
 * the bounce domain, or the municipality's mail server passes that domain on to it.
 * @throws BASE_PORT_TAKEN
 */
export async function startBounceListener(options: BounceListenerOptions): Promise<BounceListener> {
  const server = createServer(options);
  const listening = server.listen(options.port, options.host);
  try {
    await once(listening, 'listening');
  } catch (cause) {
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { cause, values: { port: options.port } });
  }
  server.on('error', (err) =>
    options.log.warn({ err: { message: err.message } }, 'bounce listener: a connection failed'),
  );
  const address = listening.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function createServer(options: BounceListenerOptions): SMTPServer {
  const { bounces, tls } = options;
  return new SMTPServer({
    ...(tls === undefined ? { hideSTARTTLS: true } : { ...tls, minVersion: 'TLSv1.2' }),
    disabledCommands: tls === undefined ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    authOptional: true,
    size: MAIL_BYTES_MAX,
    maxClients: CLIENTS_MAX,
    maxRecipients: 1,
    maxAllowedUnauthenticatedCommands: COMMANDS_WITHOUT_MAIL_MAX,
    socketTimeout: SOCKET_TIMEOUT_MS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    disableReverseLookup: true,
    logger: false,
    onRcptTo(address, _session, done) {
      const isOurs = readBounceAddress(address.address, bounces) !== undefined;
      done(isOurs ? null : refusal(550, '5.1.1 No such address here'));
    },
    onData(stream, session, done) {
      const messageId = readBounceAddress(session.envelope.rcptTo[0]?.address ?? '', bounces);
      if (messageId === undefined) return done(refusal(550, '5.1.1 No such address here'));
      receive(stream, messageId, options).then(
        () => done(null, 'Thank you'),
        (error) => done(error),
      );
    },
  });
}

async function receive(stream: SMTPServerDataStream, messageId: string, options: BounceListenerOptions): Promise<void> {
  const mail = await readWhole(stream);
  if (mail === undefined) throw refusal(552, '5.3.4 Too large');
  const report = await read(mail);
  try {
    await options.onReport(messageId, report);
  } catch (err) {
    options.log.error({ messageId, err }, 'a bounce could not be kept; the other server will send it again');
    throw refusal(451, '4.3.0 Not now');
  }
}

/** What cannot be read as mail has come back all the same. */
async function read(mail: Buffer): Promise<DeliveryReport> {
  try {
    return await readDeliveryReport(mail);
  } catch {
    return { action: 'unclear', isAddressBroken: false };
  }
}

/** The stream must be read to its end also when it is too large, or the server waits for ever. */
async function readWhole(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MAIL_BYTES_MAX) chunks.push(chunk as Buffer);
  }
  return bytes > MAIL_BYTES_MAX || stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
