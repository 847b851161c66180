import { appError, type Clock, createWebServer, type Log, type TlsOptions } from '@brevduva/base';
import {
  type CallRecord,
  contractFault,
  createSoapEndpoint,
  ENVELOPE_BYTES_MAX,
  SOAP_CONTENT_TYPE,
  type SoapEndpoint,
  type SoapEndpointOptions,
  type SoapHandlers,
  serviceService,
  wsdlFor,
  xsdNamed,
} from '@brevduva/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import { FORWARD_BODY_BYTES_MAX } from './forwardChecks.ts';
import { registerReadStatus } from './readStatus.http.ts';
import { receiveDelivery } from './receive.ts';
import { type ForwardDependencies, receiveForward } from './receiveForward.ts';
import { receiveNotice } from './receiveNotice.ts';

/** Where every operator answers (FACTS j). */
export const SERVICE_PATH = '/service/v3';

/** Read so far, so that a request that is too large is still answered by the contract's own fault 5005. */
const BODY_BYTES_MAX = 8 * ENVELOPE_BYTES_MAX;

/** A forwarded letter is a whole letter, with the words of the one who forwards it around it: base64 takes a third more. */
const FORWARD_BYTES_MAX = ENVELOPE_BYTES_MAX + 2 * FORWARD_BODY_BYTES_MAX;

export interface SoapServerOptions extends ForwardDependencies {
  tls: TlsOptions;
  /** Development faults: delays, drops or changes an answer. */
  around?: SoapEndpointOptions['around'];
  /** Public address of the service, for the WSDL; known when the server listens. */
  serviceUrl(): string;
}

/** The operator's SOAP service over mutual TLS, not yet listening. */
export function createSoapServer(options: SoapServerOptions): FastifyInstance {
  const { clock, log, tls } = options;
  const app = createWebServer({ name: 'mailbox-soap', clock, log, tls, bodyBytesMax: BODY_BYTES_MAX });
  // Neither SOAPAction nor Content-Type decides anything (FACTS b.1), not even one that is no type: Fastify would answer 415.
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] = SOAP_CONTENT_TYPE;
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const endpoint = createEndpoint(options);
  app.post(SERVICE_PATH, { config: { access: 'mtls' } }, (request, reply) => answer(endpoint, request, reply));
  app.get(SERVICE_PATH, { config: { access: 'mtls' } }, (request, reply) => describe(options, request, reply));
  if (options.operator.tellsReadStatus) registerReadStatus(app, options);
  return app;
}

function createEndpoint(options: SoapServerOptions): SoapEndpoint {
  const { around, log } = options;
  return createSoapEndpoint(serviceService, handlers(options), {
    requestBytesMax: FORWARD_BYTES_MAX,
    onCall: (record) => logCall(log, record),
    ...(around === undefined ? {} : { around }),
  });
}

function handlers(options: SoapServerOptions): Required<SoapHandlers<typeof serviceService>> {
  return {
    deliverSecure: {
      fromSource: async ({ source, requestBytes, caller, callId }) => {
        refuseTooLarge(requestBytes);
        const result = await receiveDelivery(options, { source, request: requestBytes, caller, callId });
        await waitAsConfigured(options);
        return { return: result };
      },
    },
    notify: async ({ notify }, { requestBytes, caller, callId }) => {
      refuseTooLarge(requestBytes);
      const result = await receiveNotice(options, { notice: notify, request: requestBytes, caller, callId });
      await waitAsConfigured(options);
      return { return: result };
    },
    deliverForward: async ({ forwardMessage }, { source, caller, callId }) => {
      const result = await receiveForward(options, { forward: forwardMessage, source, caller, callId });
      await waitAsConfigured(options);
      return { return: result };
    },
  };
}

/** Before a signature is looked at, as the endpoint itself does with what is too large for every operation. */
function refuseTooLarge({ length }: Buffer): void {
  if (length <= ENVELOPE_BYTES_MAX) return;
  throw contractFault('MAX_EXCEEDED', `the envelope is ${length} bytes, more than ${ENVELOPE_BYTES_MAX}`);
}

/** A slow operator: the letter is committed, the dispatcher waits for its answer. */
async function waitAsConfigured({ operator, clock }: { operator: { delayMs: number }; clock: Clock }): Promise<void> {
  if (operator.delayMs > 0) await clock.sleep(operator.delayMs);
}

function logCall(log: Log, { error, ...record }: CallRecord): void {
  if (error === undefined) log.info(record, 'service called');
  else log.error({ ...record, err: error }, 'service failed');
}

async function answer(endpoint: SoapEndpoint, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { peerCertificateDer } = request;
  const answered = await endpoint({ body, ...(peerCertificateDer === undefined ? {} : { peerCertificateDer }) });
  if ('hangUp' in answered) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return reply.status(answered.status).type(SOAP_CONTENT_TYPE).send(answered.body);
}

type DescribeRequest = FastifyRequest<{ Querystring: { wsdl?: string; xsd?: string } }>;

/** `?wsdl` and `?xsd=name`, from the same description that the requests are judged by. */
async function describe(
  options: SoapServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { wsdl, xsd } = (request as DescribeRequest).query;
  const document = wsdl !== undefined ? wsdlFor(serviceService, options.serviceUrl()) : xsdNamed(String(xsd ?? ''));
  if (document === undefined) throw appError(ERRORS, 'MAILBOX_SCHEMA_NOT_FOUND');
  return reply.type(SOAP_CONTENT_TYPE).send(document);
}
