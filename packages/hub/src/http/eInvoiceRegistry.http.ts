import {
  EINVOICE_QUESTIONS_MAX,
  type EInvoiceAnswer,
  type EInvoiceQuestion,
  type EInvoiceRegistry,
  type EInvoiceWish,
} from '../eInvoice/eInvoiceRegistry.ts';
import { readEInvoiceAddress } from '../eInvoice/readEInvoiceAddress.ts';
import { createJsonCaller, type JsonCallerOptions } from './jsonCaller.http.ts';

export type EInvoiceRegistryOptions = Omit<JsonCallerOptions, 'answerBytesMax'>;

const JSON_HEADERS = { 'content-type': 'application/json' };

/**
 * Asks over HTTP: `POST` of creditor, flow and invoices, answered by a wish for each, in the same order (docs/e-invoice.md). The bank or
 * VAN that a municipality has an agreement with, or its integration platform, gives this small interface, so that no letter depends on the
 * form of one provider's register.
 */
export function createHttpEInvoiceRegistry(options: EInvoiceRegistryOptions): EInvoiceRegistry & { close(): void } {
  const caller = createJsonCaller(options);
  return {
    async find({ organizationNumber, flow }, questions) {
      if (questions.length > EINVOICE_QUESTIONS_MAX) throw new RangeError(`at most ${EINVOICE_QUESTIONS_MAX} invoices`);
      const body = Buffer.from(JSON.stringify({ creditor: organizationNumber, flow, invoices: questions }));
      try {
        const { status, json } = await caller.call({ method: 'POST', headers: JSON_HEADERS, body });
        return status === 200 ? readAnswer(json, questions) : { kind: 'unavailable', reason: `status ${status}` };
      } catch (error) {
        // Whatever failed between us and the registry, the letters wait; the message names no person.
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
    close: () => caller.close(),
  };
}

/** An answer that leaves an invoice out, or says something we do not understand, is no answer for any: nothing is guessed. */
function readAnswer(json: unknown, questions: readonly EInvoiceQuestion[]): EInvoiceAnswer {
  const given = typeof json === 'object' && json !== null && 'invoices' in json ? json.invoices : undefined;
  if (!Array.isArray(given) || given.length !== questions.length) {
    return { kind: 'unavailable', reason: 'the answer has not as many invoices as the question' };
  }
  const wishes: EInvoiceWish[] = [];
  for (const [n, each] of given.entries()) {
    const wish = readWish(each, questions[n]?.recipient);
    if (wish === undefined) return { kind: 'unavailable', reason: 'the answer is not understood' };
    wishes.push(wish);
  }
  return { kind: 'answered', wishes };
}

/** The recipient stands in the answer again: an answer in another order must not send one person's invoice to another. */
function readWish(value: unknown, recipient: string | undefined): EInvoiceWish | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { recipient: answered, wanted, endpoint, name } = value as Readonly<Record<string, unknown>>;
  if (answered !== recipient) return undefined;
  if (wanted === false) return { kind: 'notWanted' };
  const address = wanted === true ? readEInvoiceAddress(endpoint, name) : undefined;
  return address && { kind: 'wanted', address };
}
