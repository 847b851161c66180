import { putAt, textsAt } from './fieldPath.ts';
import type { HttpSmsGateway } from './httpSmsSettings.ts';
import { foreignText, type SendOutcome } from './sendOutcome.ts';
import { checkSmsFrom, checkSmsMessage } from './smsMessage.ts';
import type { SmsMessage, SmsSender } from './smsSender.ts';

export interface HttpSmsSenderOptions {
  readonly gateway: HttpSmsGateway;
  /** Who is shown as sender: at most eleven letters and digits, or a number. */
  readonly from: string;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const ANSWER_BYTES_MAX = 64 * 1024;
const RETRY_AFTER_MS_MAX = 3_600_000;

/**
 * Sends SMS through a gateway that takes a POST over HTTP. The gateway joins and splits the parts itself, and picks the alphabet.
 * Its reports come to `readHttpSmsStatus`.
 * @throws BASE_MESSAGING_SETTINGS for a sender that no phone can show
 */
export function createHttpSmsSender(options: HttpSmsSenderOptions): SmsSender {
  checkSmsFrom(options.from);
  const stopping = new AbortController();
  return {
    async send(message) {
      checkSmsMessage(message);
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)]);
      try {
        const response = await fetch(options.gateway.url, { ...requestOf(message, options), signal });
        const answer = await readAnswer(response);
        return outcomeOf(response, answer, options.gateway, message);
      } catch (error) {
        return brokenOff(error, message);
      }
    },
    async close() {
      stopping.abort();
    },
  };
}

function requestOf(message: SmsMessage, { gateway, from }: HttpSmsSenderOptions): RequestInit {
  const values: Readonly<Record<string, string>> = {
    to: gateway.numberForm === 'bare' ? message.to.slice(1) : message.to,
    text: message.text,
    from,
    id: message.id,
    statusUrl: gateway.status?.url ?? '',
  };
  const fields = Object.entries(gateway.fields).map(([name, template]) => [name, fill(template, values)] as const);
  const isJson = gateway.body === 'json';
  return {
    method: 'POST',
    // A redirect would carry number and text to somebody else.
    redirect: 'manual',
    headers: {
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...authorization(gateway),
    },
    body: isJson ? JSON.stringify(nested(fields)) : new URLSearchParams(Object.fromEntries(fields)).toString(),
  };
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function nested(fields: readonly (readonly [string, string])[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of fields) putAt(body, name, value);
  return body;
}

function authorization({ auth }: HttpSmsGateway): Record<string, string> {
  if (auth === undefined) return {};
  if (auth.kind === 'header') return { [auth.name]: auth.value };
  return { authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}` };
}

/** The answer as JSON; `undefined` when it is none, or too large to be one. */
async function readAnswer(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * 2xx with an id is accepted; 2xx without one is unknown, since something took it and we cannot ask what became of it.
 * 4xx is a judgement, but not 401, 403, 407 (our key), 408, 425, 429 (the moment). 502 and 504 come from a proxy that may
 * have passed the message on.
 */
function outcomeOf(response: Response, answer: unknown, gateway: HttpSmsGateway, message: SmsMessage): SendOutcome {
  const ownCode = gateway.answer.errorCode === undefined ? undefined : textsAt(answer, gateway.answer.errorCode)[0];
  const code =
    ownCode === undefined ? `HTTP ${response.status}` : foreignText(`HTTP ${response.status} ${ownCode}`, message.to);
  const text = `the gateway answered ${code}`;
  const isPassing = ownCode !== undefined && gateway.passingErrors?.includes(ownCode) === true;
  const isRecipient = ownCode !== undefined && gateway.recipientErrors?.includes(ownCode) === true;
  if (isRecipient) return { kind: 'refusedForGood', code, text, about: 'recipient' };
  if (isPassing) return { kind: 'tryLater', code, text, ...retryAfter(response) };
  if (response.ok) {
    const messageIds = textsAt(answer, gateway.answer.ids);
    return messageIds.length > 0 ? { kind: 'accepted', messageIds } : { kind: 'unknown', code, text };
  }
  if (response.status === 502 || response.status === 504) return { kind: 'unknown', code, text };
  if (isJudgement(response.status)) return { kind: 'refusedForGood', code, text, about: 'message' };
  return { kind: 'tryLater', code, text, ...retryAfter(response) };
}

const NOT_A_JUDGEMENT = [401, 403, 404, 405, 407, 408, 425, 429];

function isJudgement(status: number): boolean {
  return status >= 400 && status < 500 && !NOT_A_JUDGEMENT.includes(status);
}

function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, RETRY_AFTER_MS_MAX) } : {};
}

/** The connection was never made: nothing can have left. */
const BEFORE_SENDING = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

function brokenOff(error: unknown, message: SmsMessage): SendOutcome {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error ? codeOf(cause) : 'ERROR';
  const text = foreignText(cause instanceof Error ? cause.message : String(cause), message.to);
  const isBefore = BEFORE_SENDING.includes(code) || code.startsWith('ERR_TLS') || /CERT|SELF_SIGNED/.test(code);
  return { kind: isBefore ? 'tryLater' : 'unknown', code, text };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
