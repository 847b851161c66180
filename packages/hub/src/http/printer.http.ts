import type { Clock, Pool } from '@brevduva/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ContentStore } from '../content.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { selectPrinterFacts } from '../sql/printers.ts';
import { countPrintJobs } from '../sql/printJobs.ts';
import { decodeIpp, encodeIpp, type IppMessage, IppSyntaxError } from '../waysIn/printer/ippMessage.ts';
import { ippAnswer } from '../waysIn/printer/ippRequest.ts';
import { DOCUMENT_BYTES_MAX } from '../waysIn/printer/printDocument.ts';
import { answerIpp } from '../waysIn/printer/printer.ts';
import type { PrinterFacts } from '../waysIn/printer/printerAttributes.ts';
import { createPrintJobs } from '../waysIn/printer/printJobs.ts';
import { BASIC_CHALLENGE, callerOf } from './systemAccess.http.ts';

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

/**
 * A printer for every business system that has one, at `/print/<login name>`: IPP 1.1 and 2.0 (RFC 8010, RFC 8011) over HTTP with the
 * system's credential as password. A printer that is another's, or does not exist, is not found.
 */
export async function registerPrinterRoutes(app: FastifyInstance, options: PrinterRoutesOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.addContentTypeParser(IPP, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { printer: string }; Body: Buffer }>(
      '/print/:printer',
      {
        config: { access: 'apiKey', challenge: BASIC_CHALLENGE },
        bodyLimit: DOCUMENT_BYTES_MAX + ATTRIBUTES_BYTES_MAX,
      },
      async (request, reply) => {
        const system = callerOf(request);
        if (system.waysIn.printer === undefined || request.params.printer !== system.loginName) {
          return reply.callNotFound();
        }
        return reply.type(IPP).send(encodeIpp(await answer(request.body, system, request, options)));
      },
    );
  });
}

async function answer(
  body: Buffer,
  system: BusinessSystem,
  request: FastifyRequest,
  options: PrinterRoutesOptions,
): Promise<IppMessage> {
  let read: ReturnType<typeof decodeIpp>;
  try {
    read = decodeIpp(body);
  } catch (error) {
    if (!(error instanceof IppSyntaxError)) throw error;
    return ippAnswer({ version: { major: 1, minor: 1 }, requestId: requestIdOf(body) }, 'badRequest');
  }
  const { pool, content, clock, onPrinted } = options;
  const printer = await printerFacts(system, request, options);
  const jobs = createPrintJobs({ pool, content, onComplete: onPrinted }, system);
  return answerIpp(read.message, read.document, { printer, jobs, clock });
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
  const scheme = request.protocol === 'https' ? 'ipps' : 'ipp';
  return {
    ...facts,
    id: system.id,
    name: system.name,
    uri: `${scheme}://${request.host}/print/${system.loginName}`,
    moreInfoUrl: `${publicUrl}/`,
    isAcceptingJobs: true,
    jobsQueued: queued,
    isWorking,
  };
}

const REQUEST_ID_AT = 4;

/** So that the client knows which of its requests was not understood. */
function requestIdOf(body: Buffer): number {
  return body.length >= REQUEST_ID_AT + 4 ? body.readInt32BE(REQUEST_ID_AT) : 0;
}
