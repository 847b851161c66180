import {
  READ_STATUS_DELIVERIES_MAX,
  type ReadStatus,
  type ReadStatusAnswer,
  type ReadStatusSource,
} from '../readStatus.ts';
import { createJsonCaller, type JsonCallerOptions } from './jsonCaller.http.ts';

/** An operator that tells whether letters are opened; docs/read-status.md. */
export interface ReadStatusOperator {
  readonly organizationNumber: string;
  readonly url: string;
}

export interface ReadStatusOptions {
  readonly operators: readonly ReadStatusOperator[];
  /** The dispatcher's, as towards the operator's SOAP service: it is told only of what it has delivered. */
  readonly tls: NonNullable<JsonCallerOptions['tls']>;
  readonly answerTimeoutMs?: number;
}

const HEADERS = { 'content-type': 'application/json' };
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/** Asks over HTTP with the dispatcher's certificate, by the small interface of docs/read-status.md. */
export function createHttpReadStatus(options: ReadStatusOptions): ReadStatusSource & { close(): void } {
  const { tls, answerTimeoutMs } = options;
  const limits = answerTimeoutMs === undefined ? {} : { answerTimeoutMs };
  const callers = new Map(
    options.operators.map(({ organizationNumber, url }) => [
      organizationNumber,
      createJsonCaller({ url, tls, ...limits }),
    ]),
  );
  return {
    async ask(operator, deliveries) {
      if (deliveries.length > READ_STATUS_DELIVERIES_MAX) {
        throw new RangeError(`at most ${READ_STATUS_DELIVERIES_MAX} deliveries`);
      }
      const caller = callers.get(operator);
      if (caller === undefined) return { kind: 'cannotTell' };
      try {
        const body = Buffer.from(JSON.stringify({ deliveries }));
        const { status, json } = await caller.call({ method: 'POST', headers: HEADERS, body });
        return status === 200 ? readAnswer(json, deliveries) : { kind: 'unavailable', reason: `status ${status}` };
      } catch (error) {
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
    close: () => {
      for (const caller of callers.values()) caller.close();
    },
  };
}

/** An answer that leaves a delivery out, or says what we do not understand, is no answer: nothing is printed on a guess. */
function readAnswer(json: unknown, deliveries: readonly string[]): ReadStatusAnswer {
  const given = isObject(json) && isObject(json['deliveries']) ? json['deliveries'] : undefined;
  if (given === undefined) return { kind: 'unavailable', reason: 'the answer has no deliveries' };
  const statuses = new Map<string, ReadStatus>();
  for (const id of deliveries) {
    const status = Object.hasOwn(given, id) ? readStatus(given[id]) : undefined;
    if (status === undefined) return { kind: 'unavailable', reason: 'the answer is not understood' };
    statuses.set(id, status);
  }
  return { kind: 'answered', statuses };
}

function readStatus(value: unknown): ReadStatus | undefined {
  if (!isObject(value)) return undefined;
  const { status, at } = value;
  if (status === 'unread' || status === 'unknown') return { status };
  return status === 'opened' && typeof at === 'string' && TIME.test(at) ? { status, at } : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
