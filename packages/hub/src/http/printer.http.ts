import { type AppError, appError, BASE_ERRORS, type Clock, type Pool } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ContentStore } from '../content.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { selectPrinterFacts } from '../sql/printers.ts';
import { countPrintJobs } from '../sql/printJobs.ts';
import { IPP_OPERATIONS } from '../waysIn/printer/ippCodes.ts';
import { decodeIpp, encodeIpp, type IppMessage, IppSyntaxError } from '../waysIn/printer/ippMessage.ts';
import { ippAnswer } from '../waysIn/printer/ippRequest.ts';
import { DOCUMENT_BYTES_MAX } from '../waysIn/printer/printDocument.ts';
import { answerIpp } from '../waysIn/printer/printer.ts';
import { anyPrinter, type PrinterFacts, printerUuid } from '../waysIn/printer/printerAttributes.ts';
import { createPrintJobs, NO_JOBS } from '../waysIn/printer/printJobs.ts';
import { askForCredential, BASIC_CHALLENGE, callerOf } from './systemAccess.http.ts';

export interface PrinterRoutesOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  readonly clock: Clock;
  /** Where people reach the hub; printers say so to who wants to know more. */
  readonly publicUrl: string;
  /** A print job is complete, and committed. */
  readonly onPrinted: () => void;
}

const IPP = 'application/ipp';
/** Room for the attributes before the document. */
const ATTRIBUTES_BYTES_MAX = 1_048_576;
/** A stranger may ask what printers here can do, and that is a short question. */
const STRANGER_BYTES_MAX = 16_384;

type PrinterRequest = FastifyRequest<{ Params: { printer: string }; Body: Buffer }>;

/**
 * A printer for every business system that has one, at `/print/<login name>`: IPP 1.1 and 2.0 (RFC 8010, RFC 8011) over HTTP with the
 * system's credential as password. A printer that is another's, or does not exist, is not found.
 *
 * Print programs ask what a printer can do before they have anybody's password (CUPS' `lpadmin -m everywhere` gives up when refused).
 * So a stranger gets the answer to that one question: the same for every name, also those that no printer has.
 */
export async function registerPrinterRoutes(app: FastifyInstance, options: PrinterRoutesOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(IPP, (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
      if (Number(request.headers['content-length'] ?? 0) > READ_IN_VAIN_BYTES_MAX) throw tooLarge();
      return request.businessSystem === undefined ? readQuestion(payload) : readPrint(payload);
    });
    scope.post<{ Params: { printer: string }; Body: Buffer }>(
      '/print/:printer',
      { config: { access: 'apiKey', challenge: BASIC_CHALLENGE, admitsStrangers: true }, bodyLimit: PRINT_BYTES_MAX },
      async (request, reply) => {
        if (request.businessSystem === undefined) return answerStranger(request, reply, options);
        const system = callerOf(request);
        if (system.waysIn.printer === undefined || request.params.printer !== system.loginName) {
          return reply.callNotFound();
        }
        return reply.type(IPP).send(encodeIpp(await answer(request, system, options)));
      },
    );
  });
}

const PRINT_BYTES_MAX = DOCUMENT_BYTES_MAX + ATTRIBUTES_BYTES_MAX;

/** A program that is still sending when it is refused sees a broken connection and no reason; so much more is read and let go. */
const READ_IN_VAIN_BYTES_MAX = 1024 * 1024 * 1024;

/** @throws AppError BASE_BODY_TOO_LARGE */
async function readPrint(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const body = await readBody(payload, { keptMax: PRINT_BYTES_MAX, readMax: READ_IN_VAIN_BYTES_MAX });
  if (body === undefined) throw tooLarge();
  return body;
}

/**
 * What a stranger asks; nothing, when it is too long to be a question. Programs send a whole printout before they know that they must
 * log in, so it is heard to its end, or they would never see the challenge.
 */
async function readQuestion(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  return (await readBody(payload, { keptMax: STRANGER_BYTES_MAX, readMax: PRINT_BYTES_MAX })) ?? Buffer.alloc(0);
}

/** The whole body; undefined, and nothing of it kept, when it is larger than `keptMax`. After `readMax` the rest is not waited for. */
async function readBody(
  payload: AsyncIterable<Buffer>,
  { keptMax, readMax }: { keptMax: number; readMax: number },
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of payload) {
    bytes += part.length;
    if (bytes <= keptMax) parts.push(part);
    else parts.length = 0;
    if (bytes > readMax) break;
  }
  return bytes > keptMax ? undefined : Buffer.concat(parts);
}

function tooLarge(): AppError {
  return appError(BASE_ERRORS, 'BASE_BODY_TOO_LARGE');
}

async function answerStranger(
  request: PrinterRequest,
  reply: FastifyReply,
  { clock }: PrinterRoutesOptions,
): Promise<FastifyReply> {
  const read = decoded(request.body);
  if (read?.message.code !== IPP_OPERATIONS.getPrinterAttributes) throw askForCredential(request, reply);
  const printer = anyPrinter(request.params.printer, printerUri(request, request.params.printer));
  const answered = await answerIpp(read.message, read.document, { printer, jobs: NO_JOBS, clock });
  return reply.type(IPP).send(encodeIpp(answered));
}

async function answer(
  request: PrinterRequest,
  system: BusinessSystem,
  options: PrinterRoutesOptions,
): Promise<IppMessage> {
  const { body } = request;
  const read = decoded(body);
  if (read === undefined) {
    return ippAnswer({ version: { major: 1, minor: 1 }, requestId: requestIdOf(body) }, 'badRequest');
  }
  const { pool, content, clock, onPrinted } = options;
  const printer = await printerFacts(system, request, options);
  const jobs = createPrintJobs({ pool, content, onComplete: onPrinted }, system);
  return answerIpp(read.message, read.document, { printer, jobs, clock });
}

/** Undefined when it is no IPP message. */
function decoded(body: Buffer): ReturnType<typeof decodeIpp> | undefined {
  try {
    return decodeIpp(body);
  } catch (error) {
    if (error instanceof IppSyntaxError) return undefined;
    throw error;
  }
}

async function printerFacts(
  system: BusinessSystem,
  request: FastifyRequest,
  { pool, publicUrl }: PrinterRoutesOptions,
): Promise<PrinterFacts> {
  const [facts, { queued, isWorking }] = await Promise.all([
    selectPrinterFacts(pool, system),
    countPrintJobs(pool, system),
  ]);
  return {
    ...facts,
    id: printerUuid(system.loginName),
    name: system.name,
    uri: printerUri(request, system.loginName),
    moreInfoUrl: `${publicUrl}/`,
    isAcceptingJobs: true,
    jobsQueued: queued,
    isWorking,
  };
}

function printerUri(request: FastifyRequest, loginName: string): string {
  return `${request.protocol === 'https' ? 'ipps' : 'ipp'}://${request.host}/print/${encodeURIComponent(loginName)}`;
}

const REQUEST_ID_AT = 4;

/** So that the client knows which of its requests was not understood. */
function requestIdOf(body: Buffer): number {
  return body.length >= REQUEST_ID_AT + 4 ? body.readInt32BE(REQUEST_ID_AT) : 0;
}
