import type { ServiceContract, SoapReply, SoapRequest } from '@brevduva/protocol';
import { SOAP_CONTENT_TYPE } from '@brevduva/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendContractDocument } from './documents.http.ts';
import { REQUEST_BYTES_MAX } from './loggedEndpoint.ts';
import type { ServiceEndpoint } from './recipientEndpoint.ts';

export interface ServedService {
  path: string;
  service: ServiceContract;
  endpoint: ServiceEndpoint;
}

/**
 * The register's services over HTTP with mutual TLS. `Content-Type` and `SOAPAction` decide nothing (FACTS b.1).
 * `soapOrigin` is asked for when a document is served: the port is not known before the server listens.
 */
export function registerSoap(
  app: FastifyInstance,
  { services, soapOrigin }: { services: readonly ServedService[]; soapOrigin: () => string },
): void {
  // Not even a Content-Type that is no type: Fastify would answer 415.
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] = SOAP_CONTENT_TYPE;
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const served of services) registerService(app, served, soapOrigin);
}

function registerService(
  app: FastifyInstance,
  { path, service, endpoint }: ServedService,
  soapOrigin: () => string,
): void {
  app.get(path, { config: { access: 'mtls' } }, async (request, reply) =>
    sendContractDocument(request, reply, { service, soapUrl: `${soapOrigin()}${path}` }),
  );

  app.post<{ Body: Buffer | undefined }>(
    path,
    {
      config: { access: 'mtls' },
      bodyLimit: REQUEST_BYTES_MAX,
      errorHandler: async (err, request, reply) => {
        if (err.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw err;
        return sendSoap(await endpoint.refuseTooLarge(soapRequest(request)), request, reply);
      },
    },
    async (request, reply) => sendSoap(await endpoint.answer(soapRequest(request)), request, reply),
  );
}

function soapRequest({ body, peerCertificateDer }: FastifyRequest): SoapRequest {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return { body: bytes, ...(peerCertificateDer === undefined ? {} : { peerCertificateDer }) };
}

function sendSoap(answer: SoapReply, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if ('hangUp' in answer) {
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
  return reply
    .status(answer.status)
    .header('content-type', SOAP_CONTENT_TYPE)
    .header('cache-control', 'no-store')
    .send(answer.body);
}
