import { maskPersonalNumbers } from '@brevduva/base';
import type { EInvoiceSender, SendAnswer, StatusAnswer } from '../eInvoice/eInvoiceSender.ts';
import { createJsonCaller, type JsonAnswer, JsonCallError, type JsonCallerOptions } from './jsonCaller.http.ts';

export type EInvoiceSenderOptions = Omit<JsonCallerOptions, 'answerBytesMax'>;

const ANSWER_TIMEOUT_MS = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024;
const REASON_CHARACTERS_MAX = 300;
/** Statuses by which the access point says that it has taken nothing: wrong key, no such address, too much, closed for now. */
const NOT_TAKEN: readonly number[] = [400, 401, 403, 404, 405, 413, 415, 429, 503];

/**
 * Hands invoices to an access point over HTTP (docs/e-invoice.md): `POST` of the UBL with the letter's id as `Idempotency-Key`, answered by
 * `{ "status": "accepted" | "rejected", … }`; `GET` of the same address with the id after it tells what became of it.
 */
export function createHttpEInvoiceSender(options: EInvoiceSenderOptions): EInvoiceSender & { close(): void } {
  const limits = { answerTimeoutMs: ANSWER_TIMEOUT_MS, answerBytesMax: ANSWER_BYTES_MAX };
  const caller = createJsonCaller({ ...limits, ...options, url: options.url.replace(/\/$/, '') });
  return {
    async send({ letterId, xml, receiver }) {
      const headers = { 'content-type': 'application/xml', 'idempotency-key': letterId, 'x-receiver': receiver };
      try {
        return sendAnswer(await caller.call({ method: 'POST', headers, body: xml }));
      } catch (error) {
        if (!(error instanceof JsonCallError)) throw error;
        return { kind: error.kind === 'notSent' ? 'notTaken' : 'unknown', reason: error.kind };
      }
    },
    async status(letterId) {
      try {
        return statusAnswer(await caller.call({ method: 'GET', path: `/${letterId}` }));
      } catch (error) {
        if (!(error instanceof JsonCallError)) throw error;
        return { kind: 'unavailable', reason: error.kind };
      }
    },
    close: () => caller.close(),
  };
}

/** What is not said in so many words, by status and by JSON, is not known. */
function sendAnswer({ status, json }: JsonAnswer): SendAnswer {
  const { status: word, reason, reference } = fieldsOf(json);
  if (status >= 200 && status < 300 && word === 'accepted')
    return { kind: 'accepted', reference: plainText(reference) };
  if (status === 422 && word === 'rejected') return { kind: 'rejected', reason: plainText(reason) ?? '' };
  return { kind: NOT_TAKEN.includes(status) ? 'notTaken' : 'unknown', reason: `HTTP ${status}` };
}

function statusAnswer({ status, json }: JsonAnswer): StatusAnswer {
  const { status: word, reason, reference } = fieldsOf(json);
  if (status !== 200) return { kind: 'unavailable', reason: `HTTP ${status}` };
  if (word === 'delivered') return { kind: 'delivered', reference: plainText(reference) };
  if (word === 'rejected') return { kind: 'rejected', reason: plainText(reason) ?? '' };
  return word === 'accepted' ? { kind: 'pending' } : { kind: 'unavailable', reason: 'badAnswer' };
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
}

/** Words from outside, for the letter's story: short, on one line, without anybody's number. */
function plainText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return maskPersonalNumbers(line).slice(0, REASON_CHARACTERS_MAX);
}
