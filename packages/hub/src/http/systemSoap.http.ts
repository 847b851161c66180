import type { Clock, Log, Pool } from '@brevduva/base';
import { appError } from '@brevduva/base';
import {
  contractFault,
  createSoapEndpoint,
  ENVELOPE_BYTES_MAX,
  type ServiceContract,
  SOAP_CONTENT_TYPE,
  type SoapHandlers,
  type SoapReply,
  soapFaultReply,
  wsdlFor,
  xsdNamed,
} from '@brevduva/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { certificateHash } from '../organisation/credential.ts';
import { recognise } from '../organisation/recognise.ts';

export interface SystemSoapOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  /** As callers reach the listener, for the WSDL; asked when it listens. */
  readonly origin: () => string;
}

/** A service of the contract that business systems call. */
export interface SystemService<C extends ServiceContract> {
  readonly contract: C;
  readonly path: string;
  /** What it does for the system that calls. */
  readonly handlersFor: (system: BusinessSystem) => SoapHandlers<C>;
}

/** Read so far, so that a request that is too large is still answered by the contract's own fault 5005. */
const BODY_BYTES_MAX = 4 * ENVELOPE_BYTES_MAX;

/**
 * Mounts a SOAP service on the listener with mutual TLS. Which system calls is decided by its certificate, before the body is read, as at
 * every other way in.
 */
export async function registerSystemSoap<C extends ServiceContract>(
  app: FastifyInstance,
  service: SystemService<C>,
  options: SystemSoapOptions,
): Promise<void> {
  const { path } = service;
  await app.register(async (scope) => {
    // Neither SOAPAction nor Content-Type decides anything (FACTS b.1).
    scope.addHook('onRequest', async (request) => {
      request.headers['content-type'] = SOAP_CONTENT_TYPE;
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(path, { config: { access: 'mtls' }, bodyLimit: BODY_BYTES_MAX }, (request, reply) =>
      answer(request, reply, service, options),
    );
    scope.get(path, { config: { access: 'mtls' } }, (request, reply) => describe(request, reply, service, options));
  });
}

async function answer<C extends ServiceContract>(
  request: FastifyRequest,
  reply: FastifyReply,
  service: SystemService<C>,
  options: SystemSoapOptions,
): Promise<FastifyReply> {
  const answered = await answerCall(request, service, options);
  if ('hangUp' in answered) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return reply.status(answered.status).type(SOAP_CONTENT_TYPE).send(answered.body);
}

/** A caller whose certificate is no system's is refused in the contract's words, before anything of the request is read. */
async function answerCall<C extends ServiceContract>(
  request: FastifyRequest,
  { contract, handlersFor }: SystemService<C>,
  { pool, log }: SystemSoapOptions,
): Promise<SoapReply> {
  const { peerCertificateDer } = request;
  const hash = peerCertificateDer && certificateHash(peerCertificateDer);
  const found = hash && (await recognise(pool, { kind: 'certificate', hash }));
  if (found?.ok !== true || peerCertificateDer === undefined) {
    const refused = found?.ok === false ? { reason: found.reason, system: found.system?.loginName } : {};
    request.log.warn(refused, 'certificate refused');
    return soapFaultReply(contractFault('ACCESS_DENIED', 'the certificate is no known system of ours'));
  }
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  // An endpoint for each request costs a microsecond, and it knows which system calls.
  const endpoint = createSoapEndpoint(contract, handlersFor(found.system), {
    requestBytesMax: ENVELOPE_BYTES_MAX,
    onCall: ({ error, ...record }) => {
      const called = { service: contract.name, ...record };
      if (error === undefined) log.info(called, 'soap service called');
      else log.error({ ...called, err: error }, 'soap service failed');
    },
  });
  return endpoint({ body, peerCertificateDer });
}

async function describe<C extends ServiceContract>(
  request: FastifyRequest,
  reply: FastifyReply,
  { contract, path }: SystemService<C>,
  { origin }: SystemSoapOptions,
): Promise<FastifyReply> {
  const { wsdl, xsd } = request.query as { wsdl?: string; xsd?: string };
  const document = wsdl === undefined ? xsdNamed(String(xsd ?? '')) : wsdlFor(contract, `${origin()}${path}`);
  if (document === undefined) throw appError(HUB_ERRORS, 'HUB_SCHEMA_NOT_FOUND');
  return reply.type(SOAP_CONTENT_TYPE).send(document);
}
