import { once } from 'node:events';
import { appError, BASE_ERRORS, type Log, smsLength } from '@brevduva/base';
import { createServer, PDU, type Session } from 'smpp';
import type { SetFault } from '../faults.ts';
import type { MessageStore, SentSms } from './messageStore.ts';

export interface SmppDoorOptions {
  readonly host: string;
  readonly port: number;
  /** What whoever binds must say; eight characters at most, as SMPP has it. */
  readonly password: string;
  readonly store: MessageStore;
  takeFault(): Promise<SetFault | undefined>;
  readonly log: Log;
}

const OK = 0x00;
const NOT_BOUND = 0x04;
const INVALID_DESTINATION = 0x0b;
const INVALID_PASSWORD = 0x0e;
const THROTTLED = 0x58;
const DELIVERY_RECEIPT = 0x04;
const DELIVERED = 2;
const UNDELIVERABLE = 5;
const WAITING_TEXTS_MAX = 100;

/** An SMS centre that takes everything, sends nothing on, and fails as it is told. */
export async function openSmppDoor(options: SmppDoorOptions): Promise<{ close(): Promise<void> }> {
  const sessions = new Set<Session>();
  const server = createServer({}, (session) => {
    sessions.add(session);
    const state: SessionState = { isBound: false, texts: new Map(), lastId: 0 };
    session.on('error', () => session.destroy()).on('close', () => sessions.delete(session));
    session.on('pdu', (pdu: PDU) => {
      void serve(session, pdu, state, options).catch((err) => options.log.warn({ err }, 'an SMPP request failed'));
    });
  });
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { cause, values: { port: options.port } });
  }
  return {
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface SessionState {
  isBound: boolean;
  /** Parts that have come of texts that are not whole. */
  readonly texts: Map<string, string[]>;
  lastId: number;
}

async function serve(session: Session, pdu: PDU, state: SessionState, options: SmppDoorOptions): Promise<void> {
  if (pdu.isResponse()) return;
  if (pdu.command.startsWith('bind_')) {
    state.isBound = pdu['password'] === options.password;
    session.send(pdu.response({ command_status: state.isBound ? OK : INVALID_PASSWORD, system_id: 'brevduva-dev' }));
  } else if (pdu.command === 'submit_sm') {
    await take(session, pdu, state, options);
  } else session.send(pdu.response());
}

async function take(session: Session, pdu: PDU, state: SessionState, options: SmppDoorOptions): Promise<void> {
  if (!state.isBound) return void session.send(pdu.response({ command_status: NOT_BOUND }));
  const fault = await options.takeFault();
  if (fault?.kind === 'refuse-now') return void session.send(pdu.response({ command_status: THROTTLED }));
  if (fault?.kind === 'refuse-for-good')
    return void session.send(pdu.response({ command_status: INVALID_DESTINATION }));
  state.lastId += 1;
  const messageId = `smpp-${state.lastId}`;
  const text = wholeText(pdu, state);
  const sms = text === undefined ? undefined : keep(text, pdu, options.store);
  if (fault?.kind === 'accept-then-silence') return;
  session.send(pdu.response({ message_id: messageId }));
  const hasFailed = fault?.kind === 'fails-later';
  session.send(
    new PDU('deliver_sm', {
      esm_class: DELIVERY_RECEIPT,
      receipted_message_id: messageId,
      message_state: hasFailed ? UNDELIVERABLE : DELIVERED,
      short_message: Buffer.from(`id:${messageId} stat:${hasFailed ? 'UNDELIV err:011' : 'DELIVRD err:000'}`),
    }),
  );
  sms?.reports.push(hasFailed ? 'Rapport: kom inte fram' : 'Rapport: framme');
}

/** The text, when its last part has come. */
function wholeText(pdu: PDU, { texts }: SessionState): string | undefined {
  const { message, udh } = contentOf(pdu['short_message']);
  const [, , , reference, count = 1, number = 1] = udh ?? [];
  if (reference === undefined) return message !== '' ? message : contentOf(pdu['message_payload']).message;
  const key = `${String(pdu['destination_addr'])} ${reference}`;
  const parts = texts.get(key) ?? [];
  parts[number - 1] = message;
  texts.set(key, parts);
  if (texts.size > WAITING_TEXTS_MAX) texts.clear();
  if (Object.keys(parts).length < count) return undefined;
  texts.delete(key);
  return parts.join('');
}

function contentOf(value: unknown): { message: string; udh: Buffer | undefined } {
  if (typeof value !== 'object' || value === null || !('message' in value)) return { message: '', udh: undefined };
  const udh = 'udh' in value && Array.isArray(value.udh) && Buffer.isBuffer(value.udh[0]) ? value.udh[0] : undefined;
  // smpp gives the element without the header's own length before it.
  return { message: String(value.message), udh: udh === undefined ? undefined : Buffer.concat([Buffer.of(0), udh]) };
}

function keep(text: string, pdu: PDU, store: MessageStore): SentSms {
  const to = `+${String(pdu['destination_addr'])}`;
  return store.addSms({ door: 'SMPP', from: String(pdu['source_addr']), to, text, length: smsLength(text) });
}
