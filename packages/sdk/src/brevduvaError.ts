import { ERRORS, type SdkErrorCode } from './errors.ts';

/** One thing that is wrong, and where in the letter. */
export interface Fault {
  readonly code: string;
  readonly path: string;
  readonly text: string;
}

/**
 * What every refused or failed call throws.
 * `status` is the HTTP status (0 when no answer came), `code` a stable code from docs/errors.md, `faults` everything
 * the hub found wrong at once.
 */
export class BrevduvaError extends Error {
  readonly status: number;
  readonly code: string;
  readonly faults: readonly Fault[];
  /** The key the letter was handed in with: send again with it and nothing is sent twice. */
  readonly idempotencyKey: string | undefined;

  constructor(fields: {
    status: number;
    code: string;
    text: string;
    faults?: readonly Fault[];
    idempotencyKey?: string | undefined;
    cause?: unknown;
  }) {
    super(fields.text, fields.cause === undefined ? {} : { cause: fields.cause });
    this.name = 'BrevduvaError';
    this.status = fields.status;
    this.code = fields.code;
    this.faults = fields.faults ?? [];
    this.idempotencyKey = fields.idempotencyKey;
  }
}

/** An error of the SDK itself, by its code. */
export function sdkError(
  code: SdkErrorCode,
  more: { status?: number; faults?: readonly Fault[]; idempotencyKey?: string | undefined; cause?: unknown } = {},
): BrevduvaError {
  return new BrevduvaError({ status: ERRORS[code].status, code, text: ERRORS[code].text, ...more });
}

/** Reads an RFC 9457 answer; anything else becomes SDK_BAD_ANSWER with the answer's status. */
export function problemToError(status: number, body: string, idempotencyKey: string | undefined): BrevduvaError {
  const problem = parseObject(body);
  if (problem === undefined || typeof problem['code'] !== 'string') {
    return sdkError('SDK_BAD_ANSWER', { status, idempotencyKey });
  }
  const text = [problem['detail'], problem['title'], problem['code']].find(
    (one) => typeof one === 'string' && one !== '',
  );
  return new BrevduvaError({
    status,
    code: problem['code'],
    text: String(text),
    faults: Array.isArray(problem['faults']) ? problem['faults'].map(toFault) : [],
    idempotencyKey,
  });
}

/** A JSON object, or undefined for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON: a proxy's HTML page, say. The caller turns undefined into SDK_BAD_ANSWER.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toFault(value: unknown): Fault {
  const fields = isObject(value) ? value : {};
  return { code: asText(fields['code']), path: asText(fields['path']), text: asText(fields['text']) };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
