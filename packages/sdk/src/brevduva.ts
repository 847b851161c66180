import { sdkError } from './brevduvaError.ts';
import { callHub, type HttpSettings, sleep } from './http.ts';
import type { Letter, LetterAccepted, NewLetter } from './letter.ts';
import { letterBody, pdfForm } from './letterForm.ts';
import {
  addMailingLetter,
  addRecipients,
  createMailing,
  endMailing,
  type FillOptions,
  type FillResult,
  getMailing,
  type Mailing,
  type MailingLetter,
  type MailingRecipient,
  type NewMailing,
  type Precheck,
  type PrecheckList,
  precheck,
} from './mailing.ts';

export const WAIT_TIMEOUT_MS = 120_000;
/** The status of a letter that goes no further until a person has acted. */
const NEEDS_PERSON = 'case';
const POLL_FIRST_MS = 200;
const POLL_MAX_MS = 5_000;

export interface BrevduvaOptions {
  /** Where the hub answers, e.g. `https://brev.example.se`. */
  readonly url: string;
  readonly apiKey: string;
  /** Another fetch, e.g. one with a proxy or a client certificate. */
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** A business system's way to send letters. Every method throws BrevduvaError. */
export interface Brevduva {
  /** Hands in one letter. Returned means durable: the hub has stored it. Repeats by itself while the hub can't be reached. */
  sendLetter(letter: NewLetter, options?: CallOptions): Promise<LetterAccepted>;
  /** The letter as it stands now. */
  getLetter(id: string, options?: CallOptions): Promise<Letter>;
  /** Asks until the letter is final or lies with a person (status `case`), at most `timeoutMs` (2 minutes unless said). */
  waitForFinal(id: string, options?: CallOptions & { timeoutMs?: number }): Promise<Letter>;
  /** What would become of a list if it were sent now: reach per channel, and cost. Nothing is sent, and nothing of it kept. */
  precheck(list: PrecheckList, options?: CallOptions): Promise<Precheck>;
  /** Creates a mailing: what all its recipients get. Nothing is sent before `commitMailing`. */
  createMailing(mailing: NewMailing, options?: CallOptions): Promise<Mailing>;
  /** Adds recipients, however many, in bunches. */
  addRecipients(
    id: string,
    recipients: Iterable<MailingRecipient> | AsyncIterable<MailingRecipient>,
    options?: FillOptions,
  ): Promise<FillResult>;
  /** Adds a letter with content of its own. */
  addMailingLetter(id: string, letter: MailingLetter, options?: CallOptions): Promise<{ readonly id: string }>;
  /** Releases the mailing, or asks for approval where its flow wants a second person's (status `awaitingApproval`). */
  commitMailing(id: string, options?: CallOptions): Promise<Mailing>;
  /** Ends a mailing that is not committed; nothing of it is kept. */
  cancelMailing(id: string, options?: CallOptions): Promise<Mailing>;
  getMailing(id: string, options?: CallOptions): Promise<Mailing>;
}

/** Makes a client. Keeps no connection and no state: make one and share it. */
export function createBrevduva(options: BrevduvaOptions): Brevduva {
  const settings: HttpSettings = { url: options.url, apiKey: options.apiKey, fetch: options.fetch ?? fetch, sleep };
  return {
    sendLetter: (letter, { signal } = {}) => sendLetter(settings, letter, signal),
    getLetter: (id, { signal } = {}) => getLetter(settings, id, signal),
    waitForFinal: (id, { signal, timeoutMs = WAIT_TIMEOUT_MS } = {}) => waitForFinal(settings, id, timeoutMs, signal),
    precheck: (list, { signal } = {}) => precheck(settings, list, signal),
    createMailing: (mailing, { signal } = {}) => createMailing(settings, mailing, signal),
    addRecipients: (id, recipients, options = {}) => addRecipients(settings, id, recipients, options),
    addMailingLetter: (id, letter, { signal } = {}) => addMailingLetter(settings, id, letter, signal),
    commitMailing: (id, { signal } = {}) => endMailing(settings, id, 'commit', signal),
    cancelMailing: (id, { signal } = {}) => endMailing(settings, id, 'cancel', signal),
    getMailing: (id, { signal } = {}) => getMailing(settings, id, signal),
  };
}

async function sendLetter(
  settings: HttpSettings,
  letter: NewLetter,
  signal: AbortSignal | undefined,
): Promise<LetterAccepted> {
  const idempotencyKey = letter.idempotencyKey ?? crypto.randomUUID();
  const { attachments = [], text, html, idempotencyKey: _key, ...rest } = letter;
  const form = pdfForm('letter', { ...rest, ...letterBody(text, html) }, attachments);
  const { body, replayed } = await callHub(settings, {
    method: 'POST',
    path: '/api/v1/letters',
    body: form,
    idempotencyKey,
    signal,
  });
  if (typeof body['id'] !== 'string') throw sdkError('SDK_BAD_ANSWER', { idempotencyKey });
  return { ...(body as unknown as LetterAccepted), replayed, idempotencyKey };
}

async function getLetter(settings: HttpSettings, id: string, signal: AbortSignal | undefined): Promise<Letter> {
  const { body } = await callHub(settings, {
    method: 'GET',
    path: `/api/v1/letters/${encodeURIComponent(id)}`,
    signal,
  });
  if (typeof body['id'] !== 'string' || typeof body['final'] !== 'boolean') throw sdkError('SDK_BAD_ANSWER');
  // What there is none of comes as null in JSON, and is left out here.
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as unknown as Letter;
}

async function waitForFinal(
  settings: HttpSettings,
  id: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Letter> {
  const deadline = Date.now() + timeoutMs;
  for (let pollMs = POLL_FIRST_MS; ; pollMs = Math.min(pollMs * 1.5, POLL_MAX_MS)) {
    const letter = await getLetter(settings, id, signal);
    if (letter.final || letter.status === NEEDS_PERSON) return letter;
    if (Date.now() + pollMs > deadline) throw sdkError('SDK_WAIT_ENDED');
    await settings.sleep(pollMs, signal);
  }
}
