import { randomUUID, X509Certificate } from 'node:crypto';
import type { Clock, Log } from '@brevduva/base';
import {
  type CallRecord,
  type ContractFault,
  createSoapEndpoint,
  organizationOf,
  type ServiceContract,
  type SoapEndpointOptions,
  type SoapHandlers,
  type SoapReply,
  type SoapRequest,
  soapFaultReply,
} from '@brevduva/protocol';
import type { CertificateRule } from './caller.ts';
import { admitCaller, fingerprintOf } from './door.ts';
import type { RecentCallers } from './recentCallers.ts';
import type { RequestLogWriter } from './requestLogWriter.ts';
import type { Pool } from './sql/pool.ts';

/** 1000 ids with the longest prefixes are below 100 kB; the signatures of `register` need the rest. */
export const REQUEST_BYTES_MAX = 8_388_608;
export interface LoggedEndpointOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  requestLog: RequestLogWriter;
  certificateRule: CertificateRule;
  around?: SoapEndpointOptions['around'];
}

/** What a call asked for, as far as it came; the log keeps the number of ids, not the ids. */
export interface Asked {
  sender?: string;
  idCount: number;
}

/** The measured ones, which change nothing: their own statement tells also whether the caller is let in. */
const LOOK_UPS: ReadonlySet<string> = new Set(['isReachable', 'isRegistered']);

/**
 * Answers one request, of a caller who is let in, and writes it in the request log: before the answer leaves, save for answered
 * look-ups. An endpoint for each request costs a microsecond, and what is known of a call stays in that call. `recent`: callers
 * whose look-ups need not be let in apart from the look-up itself.
 */
export async function answerLogged<S extends ServiceContract>(
  contract: S,
  { around, ...options }: LoggedEndpointOptions,
  request: SoapRequest,
  handlersFor: (asked: Asked) => SoapHandlers<S>,
  { requestTagsMax, recent }: { requestTagsMax: number; recent?: RecentCallers },
): Promise<SoapReply> {
  const receivedAt = options.clock.now();
  const asked: Asked = { idCount: 0 };
  const records: CallRecord[] = [];
  const endpoint = createSoapEndpoint(contract, handlersFor(asked), {
    requestBytesMax: REQUEST_BYTES_MAX,
    requestTagsMax,
    admit: async (caller, operation) => {
      const certificate = fingerprintOf(request.peerCertificateDer);
      if (LOOK_UPS.has(operation) && recent?.has(certificate) === true) return;
      await admitCaller(options, caller, request.peerCertificateDer);
      recent?.add(certificate);
    },
    onCall: (record) => records.push(record),
    ...(around === undefined ? {} : { around }),
  });
  const reply = await endpoint(request);
  for (const record of records) await logCall(options, record, asked, receivedAt);
  return reply;
}

/** The answer to a request that the HTTP server did not read to its end, with a CallId that stands in the log. */
export async function refuseLogged(
  options: LoggedEndpointOptions,
  { peerCertificateDer }: SoapRequest,
  fault: ContractFault,
): Promise<SoapReply> {
  const caller = peerCertificateDer && organizationOf(new X509Certificate(peerCertificateDer));
  const { errorCode } = fault;
  const record = {
    callId: randomUUID(),
    durationMs: 0,
    outcome: 'fault',
    errorCode,
    ...(caller && { caller }),
  } as const;
  await logCall(options, record, { idCount: 0 }, options.clock.now());
  return soapFaultReply(fault, { callId: record.callId });
}

async function logCall(
  { requestLog, log }: Pick<LoggedEndpointOptions, 'requestLog' | 'log'>,
  { callId, operation = '', caller, durationMs, outcome, errorCode, error }: CallRecord,
  { sender, idCount }: Asked,
  receivedAt: Date,
): Promise<void> {
  const facts = { callId, operation, caller, idCount, outcome, errorCode, durationMs: Math.round(durationMs) };
  if (error === undefined) log.info(facts, 'call');
  else log.error({ ...facts, err: error }, 'call failed');
  const numbers = { caller: withoutPerson(caller), sender: withoutPerson(sender) };
  const row = {
    callId,
    receivedAt,
    ...numbers,
    operation,
    idCount,
    errorCode: errorCode ?? 0,
    durationMs: facts.durationMs,
  };
  if (outcome === 'answered' && LOOK_UPS.has(operation)) requestLog.writeSoon(row);
  else await requestLog.write(row);
}

/** The third digit of an organisation's number is 2 or more; below, it is a sole trader's personal number after `16`. */
const ORGANIZATION = /^16[0-9]{2}[2-9][0-9]{7}$/;

function withoutPerson(number: string | undefined): string | null {
  return number !== undefined && ORGANIZATION.test(number) ? number : null;
}
