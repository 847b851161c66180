import type { Clock, Log } from '@brevduva/base';
import {
  type CallRecord,
  type ContractFault,
  contractFault,
  createSoapEndpoint,
  recipientService as recipientContract,
  type SoapEndpoint,
  type SoapEndpointOptions,
  type SoapHandlers,
  type SoapReply,
  type SoapRequest,
  soapReply,
} from '@brevduva/protocol';
import { createRecipientService, RECIPIENT_IDS_MAX, type RecipientService } from './recipientService.ts';
import type { Pool } from './sql/pool.ts';
import { insertRequest } from './sql/requestLog.ts';

export interface RecipientEndpointOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  callerMustServeSender: boolean;
  around?: SoapEndpointOptions['around'];
}

export interface RecipientEndpoint {
  /** Answers one request and writes it in the request log, before the answer leaves. */
  answer: SoapEndpoint;
  /** For a request that the HTTP server did not read to its end. */
  refuseTooLarge: SoapEndpoint;
}

/** 1000 ids with the longest prefixes are below 100 kB; the signatures of `register` will need the rest. */
export const REQUEST_BYTES_MAX = 8_388_608;

/** Recipient v3 as SOAP, without HTTP: `isReachable` and `isRegistered` answer, the other operations give a fault. */
export function createRecipientEndpoint(options: RecipientEndpointOptions): RecipientEndpoint {
  const service = createRecipientService(options);
  return {
    answer: (request) => {
      if (hasTooManyIds(request.body)) return answerLogged(options, asking(request), () => refuseAll(tooManyIds()));
      return answerLogged(options, request, (asked) => handlers(service, asked));
    },
    refuseTooLarge: (request) => answerLogged(options, asking(request), () => refuseAll(tooLarge())),
  };
}

type Handlers = SoapHandlers<typeof recipientContract>;

/** What a call asked for, as far as it came; the log keeps the number of ids, not the ids. */
interface Asked {
  sender?: string;
  idCount: number;
}

/** An endpoint for each request costs a microsecond, and what is known of a call stays in that call. */
async function answerLogged(
  { around, ...options }: RecipientEndpointOptions,
  request: SoapRequest,
  handlersFor: (asked: Asked) => Handlers,
): Promise<SoapReply> {
  const receivedAt = options.clock.now();
  const asked: Asked = { idCount: 0 };
  const records: CallRecord[] = [];
  const endpoint = createSoapEndpoint(recipientContract, handlersFor(asked), {
    requestBytesMax: REQUEST_BYTES_MAX,
    onCall: (record) => records.push(record),
    ...(around === undefined ? {} : { around }),
  });
  const reply = await endpoint(request);
  for (const record of records) await logCall(options, record, asked, receivedAt);
  return reply;
}

function handlers(service: RecipientService, asked: Asked): Handlers {
  return {
    isReachable: (request, call) => {
      asked.sender = request.senderOrgNr;
      asked.idCount = request.recipientId.length;
      return service.isReachable(request, call.caller);
    },
    isRegistered: (request, call) => {
      asked.idCount = request.recipientId.length;
      return service.isRegistered(request, call.caller);
    },
  };
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
const RECIPIENT_ID_TAG = /<(?:[\w.-]+:)?recipientId[\s/>]/g;
const NO_ORGANIZATION = '160000000000';

const tooManyIds = () => contractFault('MAX_EXCEEDED', `at most ${RECIPIENT_IDS_MAX} recipientId`);
const tooLarge = () => contractFault('MAX_EXCEEDED', `at most ${REQUEST_BYTES_MAX} bytes`);

function withoutPerson(number: string | undefined): string | null {
  return number !== undefined && ORGANIZATION.test(number) ? number : null;
}

/**
 * Counted before anything is parsed, for two reasons: no one makes us build a document of 100 000 ids, and the schema,
 * which also allows 1000, would call it invalid input (5001) where the contract has a code of its own (5005).
 */
function hasTooManyIds(body: Buffer): boolean {
  let count = 0;
  for (const _ of body.toString('latin1').matchAll(RECIPIENT_ID_TAG)) {
    count += 1;
    if (count > RECIPIENT_IDS_MAX) return true;
  }
  return false;
}

/** Only the endpoint writes faults; a request refused unread is put to it as the smallest question there is. */
function asking({ peerCertificateDer }: SoapRequest): SoapRequest {
  const { isReachable } = recipientContract.operations;
  const question = soapReply(
    { ...isReachable, response: isReachable.request },
    { senderOrgNr: NO_ORGANIZATION, recipientId: [] },
  );
  if (!('body' in question)) throw new TypeError('a written message has a body');
  return { body: question.body, ...(peerCertificateDer === undefined ? {} : { peerCertificateDer }) };
}

function refuseAll(fault: ContractFault): Handlers {
  return { isReachable: () => Promise.reject(fault) };
}
