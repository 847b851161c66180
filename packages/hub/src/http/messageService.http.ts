import type { Clock, Log } from '@brevduva/base';
import { appError } from '@brevduva/base';
import {
  contractFault,
  createSoapEndpoint,
  ENVELOPE_BYTES_MAX,
  messageService,
  SOAP_CONTENT_TYPE,
  type SoapEndpoint,
  type SoapReply,
  soapFaultReply,
  type TrustStore,
  wsdlFor,
  xsdNamed,
} from '@brevduva/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { certificateHash } from '../organisation/credential.ts';
import { recognise } from '../organisation/recognise.ts';
import { checkDistributionStatus, type DistributeOptions, distributeSecure } from '../waysIn/message/distribute.ts';

/** Where the dispatcher answers (FACTS j). */
export const MESSAGE_PATH = '/Message/v3';

export interface MessageServiceOptions extends Omit<DistributeOptions, 'now'> {
  readonly trust: TrustStore;
  readonly clock: Clock;
  readonly log: Log;
  /** As callers reach the listener, for the WSDL; asked when it listens. */
  readonly origin: () => string;
}

/** Read so far, so that a request that is too large is still answered by the contract's own fault 5005. */
const BODY_BYTES_MAX = 4 * ENVELOPE_BYTES_MAX;

/**
 * Message v3 (FACTS b.6) over mutual TLS: the dispatcher's side, for senders who sign by themselves. Which system calls is decided by
 * its certificate, before the body is read, as at every other way in.
 */
export async function registerMessageService(app: FastifyInstance, options: MessageServiceOptions): Promise<void> {
  await app.register(async (scope) => {
    // Neither SOAPAction nor Content-Type decides anything (FACTS b.1).
    scope.addHook('onRequest', async (request) => {
      request.headers['content-type'] = SOAP_CONTENT_TYPE;
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(MESSAGE_PATH, { config: { access: 'mtls' }, bodyLimit: BODY_BYTES_MAX }, (request, reply) =>
      answer(request, reply, options),
    );
    scope.get(MESSAGE_PATH, { config: { access: 'mtls' } }, (request, reply) => describe(request, reply, options));
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  options: MessageServiceOptions,
): Promise<FastifyReply> {
  const answered = await answerCall(request, options);
  if ('hangUp' in answered) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return reply.status(answered.status).type(SOAP_CONTENT_TYPE).send(answered.body);
}

/** A caller whose certificate is no system's is refused in the contract's words, before anything of the request is read. */
async function answerCall(request: FastifyRequest, options: MessageServiceOptions): Promise<SoapReply> {
  const { peerCertificateDer } = request;
  const hash = peerCertificateDer && certificateHash(peerCertificateDer);
  const found = hash && (await recognise(options.pool, { kind: 'certificate', hash }));
  if (found?.ok !== true || peerCertificateDer === undefined) {
    const refused = found?.ok === false ? { reason: found.reason, system: found.system?.loginName } : {};
    request.log.warn(refused, 'certificate refused');
    return soapFaultReply(contractFault('ACCESS_DENIED', 'the certificate is no known system of ours'));
  }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return endpointFor(found.system, options)({ body, peerCertificateDer });
}

/** An endpoint for each request costs a microsecond, and it knows which system calls. */
function endpointFor(system: BusinessSystem, options: MessageServiceOptions): SoapEndpoint {
  const { clock, log } = options;
  return createSoapEndpoint(
    messageService,
    {
      distributeSecure: {
        fromSource: async (call) => ({
          return: await distributeSecure(call, system, { ...options, now: clock.now() }),
        }),
      },
      checkDistributionStatus: async (question) => ({
        return: await checkDistributionStatus(question, system, options),
      }),
    },
    {
      requestBytesMax: ENVELOPE_BYTES_MAX,
      onCall: ({ error, ...record }) => {
        if (error === undefined) log.info(record, 'message service called');
        else log.error({ ...record, err: error }, 'message service failed');
      },
    },
  );
}

async function describe(
  request: FastifyRequest,
  reply: FastifyReply,
  { origin }: MessageServiceOptions,
): Promise<FastifyReply> {
  const { wsdl, xsd } = request.query as { wsdl?: string; xsd?: string };
  const address = `${origin()}${MESSAGE_PATH}`;
  const document = wsdl === undefined ? xsdNamed(String(xsd ?? '')) : wsdlFor(messageService, address);
  if (document === undefined) throw appError(HUB_ERRORS, 'HUB_SCHEMA_NOT_FOUND');
  return reply.type(SOAP_CONTENT_TYPE).send(document);
}
