import type { Clock, Log } from '@brevduva/base';
import {
  type CallRecord,
  createSoapEndpoint,
  type ServiceContract,
  type SoapEndpointOptions,
  type SoapHandlers,
  type SoapReply,
  type SoapRequest,
} from '@brevduva/protocol';
import type { CertificateRule } from './caller.ts';
import { admitCaller } from './door.ts';
import type { Pool } from './sql/pool.ts';
import { insertRequest } from './sql/requestLog.ts';

/** 1000 ids with the longest prefixes are below 100 kB; the signatures of `register` need the rest. */
export const REQUEST_BYTES_MAX = 8_388_608;

const NONE: ReadonlySet<string> = new Set();

export interface LoggedEndpointOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  certificateRule: CertificateRule;
  around?: SoapEndpointOptions['around'];
}

/** What a call asked for, as far as it came; the log keeps the number of ids, not the ids. */
export interface Asked {
  sender?: string;
  idCount: number;
}

/**
 * Answers one request, of a caller who is let in, and writes it in the request log, before the answer leaves. An endpoint for each request costs a
 * microsecond, and what is known of a call stays in that call. `admitsItself`: operations that ask by themselves whether
 * the caller is let in.
 */
export async function answerLogged<S extends ServiceContract>(
  contract: S,
  { around, ...options }: LoggedEndpointOptions,
  request: SoapRequest,
  handlersFor: (asked: Asked) => SoapHandlers<S>,
  admitsItself: ReadonlySet<string> = NONE,
): Promise<SoapReply> {
  const receivedAt = options.clock.now();
  const asked: Asked = { idCount: 0 };
  const records: CallRecord[] = [];
  const endpoint = createSoapEndpoint(contract, handlersFor(asked), {
    requestBytesMax: REQUEST_BYTES_MAX,
    admit: async (caller, operation) => {
      if (!admitsItself.has(operation)) await admitCaller(options, caller, request.peerCertificateDer);
    },
    onCall: (record) => records.push(record),
    ...(around === undefined ? {} : { around }),
  });
  const reply = await endpoint(request);
  for (const record of records) await logCall(options, record, asked, receivedAt);
  return reply;
}

/**
 * A caller who got its answer keeps it also when the line cannot be written: the register is worth more than its
 * statistics, and the failure stands in the log.
 */
async function logCall(
  { pool, log }: { pool: Pool; log: Log },
  { callId, operation, caller, durationMs, outcome, errorCode, error }: CallRecord,
  { sender, idCount }: Asked,
  receivedAt: Date,
): Promise<void> {
  const facts = { callId, operation, caller, idCount, outcome, errorCode, durationMs: Math.round(durationMs) };
  if (error === undefined) log.info(facts, 'call');
  else log.error({ ...facts, err: error }, 'call failed');
  try {
    await insertRequest(pool, {
      callId,
      receivedAt,
      caller: withoutPerson(caller),
      sender: withoutPerson(sender),
      operation: operation ?? '',
      idCount,
      errorCode: errorCode ?? 0,
      durationMs: facts.durationMs,
    });
  } catch (err) {
    log.error({ err, callId }, 'the call could not be written in the request log');
  }
}

/** The third digit of an organisation's number is 2 or more; below, it is a sole trader's personal number after `16`. */
const ORGANIZATION = /^16[0-9]{2}[2-9][0-9]{7}$/;

function withoutPerson(number: string | undefined): string | null {
  return number !== undefined && ORGANIZATION.test(number) ? number : null;
}
