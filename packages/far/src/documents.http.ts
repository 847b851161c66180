import { appError } from '@brevduva/base';
import type { ServiceContract } from '@brevduva/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contractDocument } from './contractDocuments.ts';
import { ERRORS } from './errors.ts';

/** Answers `?wsdl` and `?xsd=Name`; any other question by GET is refused with FAR_NO_SUCH_DOCUMENT. */
export function sendContractDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  facts: { service: ServiceContract; soapUrl: string },
): FastifyReply {
  const document = contractDocument(request.query as Record<string, unknown>, facts);
  if (document === undefined) throw appError(ERRORS, 'FAR_NO_SUCH_DOCUMENT');
  return reply.type('text/xml; charset=utf-8').send(document);
}
