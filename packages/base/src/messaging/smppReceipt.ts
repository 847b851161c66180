import type { PDU } from 'smpp';
import type { SmsStatusReport } from './smsSender.ts';

/** SMPP 3.4 5.2.12: bits 5–2 of esm_class say that a deliver_sm tells of an earlier message. */
const MESSAGE_TYPE_MASK = 0x3c;
const DELIVERY_RECEIPT = 0x04;
const INTERMEDIATE_NOTICE = 0x20;

/** 5.2.28, message_state. */
const STATES: Readonly<Record<number, SmsStatusReport['state']>> = {
  1: 'waiting',
  2: 'delivered',
  3: 'expired',
  4: 'failed',
  5: 'failed',
  6: 'waiting',
  7: 'unknown',
  8: 'failed',
};
/** Appendix B: the same in the receipt's text. */
const WORDS: Readonly<Record<string, SmsStatusReport['state']>> = {
  ENROUTE: 'waiting',
  DELIVRD: 'delivered',
  EXPIRED: 'expired',
  DELETED: 'failed',
  UNDELIV: 'failed',
  ACCEPTD: 'waiting',
  UNKNOWN: 'unknown',
  REJECTD: 'failed',
};
/** 5.2.23: a message id has at most 64 octets. */
const ID_CHARACTERS_MAX = 64;

/**
 * The status report in a deliver_sm or data_sm, by its optional parameters or, as most SMS centres do it, by its text
 * (`id:… stat:DELIVRD err:000`). `undefined` when it is none: somebody answered our SMS.
 */
export function readSmppReceipt(pdu: PDU): SmsStatusReport | undefined {
  const type = numberOf(pdu['esm_class']) & MESSAGE_TYPE_MASK;
  if (type !== DELIVERY_RECEIPT && type !== INTERMEDIATE_NOTICE) return undefined;
  const text = textOf(pdu['short_message']) || textOf(pdu['message_payload']);
  const messageId = textOf(pdu['receipted_message_id']) || fieldOf(text, 'id');
  if (messageId === '' || messageId.length > ID_CHARACTERS_MAX) return undefined;
  const word = fieldOf(text, 'stat').toUpperCase();
  const state = STATES[numberOf(pdu['message_state'])] ?? WORDS[word.slice(0, 7)] ?? 'unknown';
  const code = [word, fieldOf(text, 'err')].filter((each) => each !== '' && each !== '000').join(' ');
  return { messageId, state, ...(code === '' ? {} : { code }) };
}

function fieldOf(text: string, name: string): string {
  return new RegExp(`(?:^|\\s)${name}:([\\w.-]{1,80})`, 'i').exec(text)?.[1] ?? '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.replace(/\0+$/, '');
  if (Buffer.isBuffer(value)) return value.toString('latin1').replace(/\0+$/, '');
  return typeof value === 'object' && value !== null && 'message' in value ? textOf(value.message) : '';
}
