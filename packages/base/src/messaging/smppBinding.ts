import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Fields, PDU, Session } from 'smpp';
import type { Log } from '../log.ts';
import { readSmppReceipt } from './smppReceipt.ts';
import type { SmppLimits, SmppLinkOptions } from './smppSettings.ts';
import { SMPP_STATUS, smppCode } from './smppStatus.ts';
import type { OnSmsStatus } from './smsSender.ts';

/** `notSent` is certain; after `noAnswer` nobody knows. */
export type SmppAnswer =
  | { readonly kind: 'answer'; readonly pdu: PDU }
  | { readonly kind: 'notSent' }
  | { readonly kind: 'noAnswer' };

/** One bound connection. */
export interface SmppBinding {
  request(command: string, fields: Fields): Promise<SmppAnswer>;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
  /** Says farewell (unbind), and closes. */
  end(): Promise<void>;
  /** Closes at once. */
  destroy(): void;
}

const INTERFACE_VERSION = 0x34;

/** Connects and binds as transceiver; `undefined`, with a line in the log, when that does not succeed. */
export async function bindSmpp(options: SmppLinkOptions, limits: SmppLimits): Promise<SmppBinding | undefined> {
  const socket = await connect(options, limits);
  if (socket === undefined) return undefined;
  const binding = wrap(new Session({ socket }), socket, options, limits);
  const answer = await binding.request('bind_transceiver', {
    system_id: options.systemId,
    password: options.password,
    system_type: options.systemType ?? '',
    interface_version: INTERFACE_VERSION,
  });
  if (answer.kind === 'answer' && answer.pdu.command_status === SMPP_STATUS.ok) return binding;
  const code = answer.kind === 'answer' ? smppCode(answer.pdu.command_status) : answer.kind;
  options.log.warn({ code }, 'the SMS centre did not let us bind');
  binding.destroy();
  await binding.closed;
  return undefined;
}

function connect(options: SmppLinkOptions, limits: SmppLimits): Promise<Socket | undefined> {
  const { host, port, tls, caPem } = options;
  return new Promise((resolve) => {
    const socket =
      tls === 'tls'
        ? connectTls({ host, port, minVersion: 'TLSv1.2', ...(caPem === undefined ? {} : { ca: caPem }) })
        : connectTcp({ host, port });
    const give = (result: Socket | undefined, reason?: string) => {
      clearTimeout(timer);
      socket.off('error', onError);
      if (result === undefined) {
        socket.on('error', () => undefined).destroy();
        options.log.warn({ reason }, 'no connection with the SMS centre');
      }
      resolve(result);
    };
    const onError = (err: Error) => give(undefined, err.message);
    const timer = setTimeout(() => give(undefined, 'no answer'), limits.connectTimeoutMs);
    socket.once('error', onError).once(tls === 'tls' ? 'secureConnect' : 'connect', () => give(socket));
  });
}

/**
 * `smpp` stops reading, and says nothing, when a PDU claims to be shorter than its own head, and after any PDU that it
 * cannot read; it refuses lengths over 16 KiB. So every error closes the connection here, and silence is found by
 * enquire_link. Answers are matched here and not by `smpp`, which would keep a callback for ever when none comes.
 */
function wrap(session: Session, socket: Socket, { onStatus, log }: SmppLinkOptions, limits: SmppLimits): SmppBinding {
  const waiting = new Map<number, (answer: SmppAnswer) => void>();
  let sequence = 0;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const settle of [...waiting.values()]) settle({ kind: 'noAnswer' });
      resolve();
    });
  });
  session.on('error', (err: Error) => {
    log.warn({ reason: err.message }, 'the connection with the SMS centre broke');
    socket.destroy();
  });
  session.on('pdu', (pdu: PDU) => {
    if (pdu.isResponse()) waiting.get(pdu.sequence_number)?.({ kind: 'answer', pdu });
    else void answerTo(pdu, session, socket, onStatus, log);
  });
  const request = (command: string, fields: Fields): Promise<SmppAnswer> => {
    sequence = (sequence % 0x7fffffff) + 1;
    const pdu = new PDU(command, { ...fields, sequence_number: sequence });
    return new Promise((resolve) => {
      const settle = (answer: SmppAnswer) => {
        clearTimeout(timer);
        waiting.delete(pdu.sequence_number);
        resolve(answer);
      };
      const timer = setTimeout(() => settle({ kind: 'noAnswer' }), limits.answerTimeoutMs);
      waiting.set(pdu.sequence_number, settle);
      if (!session.send(pdu)) settle({ kind: 'notSent' });
    });
  };
  return {
    request,
    closed,
    async end() {
      await request('unbind', {});
      socket.destroy();
      await closed;
    },
    destroy: () => void socket.destroy(),
  };
}

async function answerTo(pdu: PDU, session: Session, socket: Socket, onStatus: OnSmsStatus, log: Log): Promise<void> {
  if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm') {
    session.send(pdu.response({ command_status: await keepReceipt(pdu, onStatus, log) }));
  } else {
    session.send(pdu.response());
    if (pdu.command === 'unbind') socket.end();
  }
}

/** An SMS from a person is thanked for and dropped: nobody here reads answers. */
async function keepReceipt(pdu: PDU, onStatus: OnSmsStatus, log: Log): Promise<number> {
  const report = readSmppReceipt(pdu);
  if (report === undefined) return SMPP_STATUS.ok;
  try {
    await onStatus(report);
    return SMPP_STATUS.ok;
  } catch (err) {
    log.error({ messageId: report.messageId, err }, 'a status report could not be kept; the SMS centre will repeat it');
    return SMPP_STATUS.temporaryApplicationError;
  }
}
