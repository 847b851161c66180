import { type Fault, sdkError } from './brevduvaError.ts';
import { callHub, type HttpSettings } from './http.ts';
import type { Contact, NewAttachment, NewInvoice, NewLetter, PostalAddress } from './letter.ts';
import { letterBody, pdfForm } from './letterForm.ts';

/** What all recipients of a mailing get. Nothing is sent before it is committed. */
export interface NewMailing {
  /** What it is called in the organisation. */
  readonly name: string;
  readonly flow: string;
  /** Subject and text may hold placeholders, `{Skola}`; a brace that is to stay is written twice, `{{`. */
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** Code of a template of the organisation, in place of subject and text; without any of them the flow's own, if it has one. */
  readonly template?: string | undefined;
  readonly attachments?: readonly NewAttachment[] | undefined;
  readonly language?: string | undefined;
  /** ISO 8601 with a time zone; nothing is sent earlier. */
  readonly notBefore?: string | undefined;
  /** ISO 8601 with a time zone; what has not been sent by then is not sent. */
  readonly expiresAt?: string | undefined;
  /** In place of the flow's own choice of channel. */
  readonly channelPolicy?: 'digitalFirst' | 'digitalOnly' | 'paperOnly' | undefined;
  /** As with a letter: the same key with the same content never gives a second mailing. */
  readonly idempotencyKey?: string | undefined;
}

export interface MailingRecipient {
  readonly recipient: string;
  readonly reference?: string | undefined;
  readonly address?: PostalAddress | undefined;
  readonly contact?: Contact | undefined;
  readonly protectedIdentity?: boolean | undefined;
  readonly invoice?: NewInvoice | undefined;
  /** What the placeholders of the mailing's subject and text, `{Skola}`, become for this recipient; upper and lower case are the same. */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** A letter with content of its own in a mailing: the mailing has the flow. */
export type MailingLetter = Omit<NewLetter, 'flow' | 'idempotencyKey'>;

export interface Mailing {
  readonly id: string;
  readonly name: string;
  readonly status: 'filling' | 'awaitingApproval' | 'committed' | 'cancelled';
  readonly recipients: number;
  /** How many of its letters have each status, once it is committed. */
  readonly letters: Readonly<Record<string, number>>;
  /** The last mailing to exactly the same recipients. */
  readonly sentBefore?: { readonly name: string; readonly at: string };
  readonly links: Readonly<Record<string, string>>;
}

export interface FillResult {
  readonly accepted: number;
  readonly refused: number;
  /** `path` begins with `recipients/<n>/`, n counted from 0 over all that was handed over. */
  readonly faults: readonly Fault[];
}

export interface FillOptions {
  readonly signal?: AbortSignal;
  /**
   * `refuse` (default): a bunch with a fault is refused, and BrevduvaError thrown; bunches before it are in the mailing. `skip`: sound
   * recipients are added and the others told.
   */
  readonly onFault?: 'refuse' | 'skip';
  /** Called after each bunch. */
  readonly onProgress?: (done: {
    readonly handedOver: number;
    readonly accepted: number;
    readonly refused: number;
  }) => void;
  /** Of the whole list; each bunch gets its own from it. Keep it, and an interrupted list goes on where it was. */
  readonly idempotencyKey?: string;
}

/** So many recipients in one call: a megabyte or two. */
export const RECIPIENTS_PER_CALL = 5_000;
const FAULTS_KEPT_MAX = 10_000;

export async function createMailing(
  settings: HttpSettings,
  mailing: NewMailing,
  signal: AbortSignal | undefined,
): Promise<Mailing> {
  const { attachments = [], text, html, idempotencyKey = crypto.randomUUID(), ...rest } = mailing;
  const form = pdfForm('mailing', { ...rest, ...letterBody(text, html) }, attachments);
  return toMailing(
    await callHub(settings, { method: 'POST', path: '/api/v1/mailings', body: form, idempotencyKey, signal }),
  );
}

/** Hands recipients over in bunches, as they come: the whole list is never in memory. */
export async function addRecipients(
  settings: HttpSettings,
  id: string,
  recipients: Iterable<MailingRecipient> | AsyncIterable<MailingRecipient>,
  options: FillOptions,
): Promise<FillResult> {
  const { onFault = 'refuse', onProgress, idempotencyKey = crypto.randomUUID(), signal } = options;
  let [handedOver, accepted, refused] = [0, 0, 0];
  const faults: Fault[] = [];
  const handOver = async (bunch: readonly MailingRecipient[], n: number) => {
    const answer = await callHub(settings, {
      method: 'POST',
      path: `${pathOf(id)}/recipients`,
      body: JSON.stringify({ recipients: bunch, onFault }),
      idempotencyKey: `${idempotencyKey}-${n}`,
      signal,
    });
    const result = answer.body as unknown as FillResult;
    if (typeof result.accepted !== 'number' || !Array.isArray(result.faults)) throw sdkError('SDK_BAD_ANSWER');
    faults.push(...result.faults.slice(0, FAULTS_KEPT_MAX - faults.length).map((fault) => moved(fault, handedOver)));
    handedOver += bunch.length;
    accepted += result.accepted;
    refused += result.refused;
    onProgress?.({ handedOver, accepted, refused });
  };
  let bunch: MailingRecipient[] = [];
  let n = 0;
  for await (const recipient of recipients) {
    bunch.push(recipient);
    if (bunch.length < RECIPIENTS_PER_CALL) continue;
    await handOver(bunch, n++);
    bunch = [];
  }
  if (bunch.length > 0) await handOver(bunch, n);
  return { accepted, refused, faults };
}

export async function addMailingLetter(
  settings: HttpSettings,
  id: string,
  letter: MailingLetter,
  signal: AbortSignal | undefined,
): Promise<{ readonly id: string }> {
  const { attachments = [], text, html, ...rest } = letter;
  const form = pdfForm('letter', { ...rest, ...letterBody(text, html) }, attachments);
  const { body } = await callHub(settings, { method: 'POST', path: `${pathOf(id)}/letters`, body: form, signal });
  if (typeof body['id'] !== 'string') throw sdkError('SDK_BAD_ANSWER');
  return { id: body['id'] };
}

/** `commit` and `cancel`, which may be repeated without harm. */
export async function endMailing(
  settings: HttpSettings,
  id: string,
  end: 'commit' | 'cancel',
  signal: AbortSignal | undefined,
): Promise<Mailing> {
  return toMailing(await callHub(settings, { method: 'POST', path: `${pathOf(id)}/${end}`, signal }));
}

export async function getMailing(
  settings: HttpSettings,
  id: string,
  signal: AbortSignal | undefined,
): Promise<Mailing> {
  return toMailing(await callHub(settings, { method: 'GET', path: pathOf(id), signal }));
}

/** What would become of a list if it were sent now. Costs in öre without VAT. */
export interface Precheck {
  readonly recipients: number;
  /** `address`: on paper, once the postal address has been fetched; `case`: a person would have to act. */
  readonly reach: { readonly digital: number; readonly paper: number; readonly address: number; readonly case: number };
  readonly refused: number;
  readonly faults: readonly Fault[];
  readonly cost: {
    readonly digital: number;
    readonly paper: number;
    readonly total: number;
    readonly ifAllOnPaper: number;
  };
}

export interface PrecheckList {
  readonly flow: string;
  readonly recipients: Iterable<MailingRecipient> | AsyncIterable<MailingRecipient>;
  readonly channelPolicy?: NewMailing['channelPolicy'];
  /** Of each letter on paper. */
  readonly pages?: number;
}

const EMPTY_PRECHECK: Precheck = {
  recipients: 0,
  reach: { digital: 0, paper: 0, address: 0, case: 0 },
  refused: 0,
  faults: [],
  cost: { digital: 0, paper: 0, total: 0, ifAllOnPaper: 0 },
};

/** Asks bunch by bunch; the same number in two bunches counts twice. */
export async function precheck(
  settings: HttpSettings,
  { recipients, ...question }: PrecheckList,
  signal: AbortSignal | undefined,
): Promise<Precheck> {
  let sum = EMPTY_PRECHECK;
  const ask = async (bunch: readonly MailingRecipient[]) => {
    const body = JSON.stringify({ ...question, recipients: bunch });
    const answer = await callHub(settings, { method: 'POST', path: '/api/v1/precheck', body, signal });
    const found = answer.body as unknown as Precheck;
    if (typeof found.reach?.digital !== 'number') throw sdkError('SDK_BAD_ANSWER');
    const faults = found.faults
      .slice(0, FAULTS_KEPT_MAX - sum.faults.length)
      .map((fault) => moved(fault, sum.recipients));
    sum = {
      recipients: sum.recipients + found.recipients,
      reach: added(sum.reach, found.reach),
      refused: sum.refused + found.refused,
      faults: [...sum.faults, ...faults],
      cost: added(sum.cost, found.cost),
    };
  };
  let bunch: MailingRecipient[] = [];
  for await (const recipient of recipients) {
    bunch.push(recipient);
    if (bunch.length < RECIPIENTS_PER_CALL) continue;
    await ask(bunch);
    bunch = [];
  }
  if (bunch.length > 0) await ask(bunch);
  return sum;
}

function added<T extends Readonly<Record<string, number>>>(a: T, b: T): T {
  return Object.fromEntries(Object.keys(a).map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)])) as T;
}

function pathOf(id: string): string {
  return `/api/v1/mailings/${encodeURIComponent(id)}`;
}

function toMailing({ body }: { readonly body: Record<string, unknown> }): Mailing {
  if (typeof body['id'] !== 'string' || typeof body['status'] !== 'string') throw sdkError('SDK_BAD_ANSWER');
  // What there is none of comes as null in JSON, and is left out here.
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as unknown as Mailing;
}

/** The hub counts from the beginning of the bunch. */
function moved(fault: Fault, by: number): Fault {
  const path = fault.path.replace(/^recipients\/(\d+)/, (_, n: string) => `recipients/${Number(n) + by}`);
  return { ...fault, path };
}
