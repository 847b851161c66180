import { parseObject, problemToError, sdkError } from './brevduvaError.ts';

export const ATTEMPTS_MAX = 5;
export const RETRY_FIRST_DELAY_MS = 250;
export const RETRY_DELAY_MAX_MS = 10_000;
export const ANSWER_TIMEOUT_MS = 60_000;

/** Statuses by which a server or a proxy before it says "not now". Repeating is safe: every hand-in carries its key. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface HttpSettings {
  readonly url: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly sleep: (delayMs: number, signal?: AbortSignal) => Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A form, or JSON as text. */
  readonly body?: FormData | string;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly body: Record<string, unknown>;
  readonly replayed: boolean;
}

type Attempt = { response: Response; text: string } | { failure: unknown };

/**
 * One call, repeated with back-off (at most ATTEMPTS_MAX times) while the network fails or the hub says "not now".
 * The idempotency key is the same in every try. Throws BrevduvaError; an abort by the caller is thrown as it came.
 */
export async function callHub(settings: HttpSettings, request: HttpRequest): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await tryOnce(settings, request);
    request.signal?.throwIfAborted();
    if (attempt === ATTEMPTS_MAX || !isRetryable(result)) return toAnswer(result, request.idempotencyKey);
    await settings.sleep(retryDelayMs(attempt, result), request.signal);
  }
}

/** Sleeps; an abort ends the wait at once with the signal's reason. */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function tryOnce(settings: HttpSettings, request: HttpRequest): Promise<Attempt> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await settings.fetch(settings.url.replace(/\/+$/, '') + request.path, {
      method: request.method,
      headers: headersFor(settings.apiKey, request),
      // A redirect would carry the letter to somewhere nobody configured.
      redirect: 'manual',
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
      ...(request.body ? { body: request.body } : {}),
    });
    return { response, text: await response.text() };
  } catch (failure) {
    return { failure };
  }
}

function headersFor(apiKey: string, { idempotencyKey, body }: HttpRequest): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    authorization: `Bearer ${apiKey}`,
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

function isRetryable(result: Attempt): boolean {
  return 'failure' in result || RETRYABLE_STATUSES.has(result.response.status);
}

/** What the server asked for (`retry-after`), else twice as long each time with a quarter of chance, so clients spread. */
function retryDelayMs(attempt: number, result: Attempt): number {
  const asked = 'response' in result ? retryAfterMs(result.response.headers.get('retry-after')) : undefined;
  const own = RETRY_FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + Math.random() / 4);
  return Math.min(asked ?? own, RETRY_DELAY_MAX_MS);
}

function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function toAnswer(result: Attempt, idempotencyKey: string | undefined): HttpAnswer {
  if ('failure' in result) throw sdkError('SDK_UNREACHABLE', { cause: result.failure, idempotencyKey });
  const { response, text } = result;
  if (!response.ok) throw problemToError(response.status, text, idempotencyKey);
  const body = parseObject(text);
  if (body === undefined) throw sdkError('SDK_BAD_ANSWER', { status: response.status, idempotencyKey });
  return { body, replayed: response.headers.get('idempotent-replay') === 'true' };
}
