import { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { registerGuard } from './access.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's certificate (DER), when the handshake proved it against the server's trusted issuers. */
    peerCertificateDer: Buffer | undefined;
  }
}

/** Gives every request the caller's proven certificate, and demands one where the access is `mtls`. */
export function readClientCertificates(app: FastifyInstance): void {
  app.decorateRequest('peerCertificateDer', undefined);
  app.addHook('onRequest', async (request) => {
    const socket = request.raw.socket;
    // Not the decoded object: decoding again, by the one parser that all parties use, leaves no room for two readings.
    if (socket instanceof TLSSocket && socket.authorized) request.peerCertificateDer = socket.getPeerCertificate().raw;
  });
  registerGuard(app, 'mtls', {
    authenticate: async (request) => {
      if (request.peerCertificateDer === undefined) throw appError(BASE_ERRORS, 'BASE_CERTIFICATE_REQUIRED');
      return undefined;
    },
  });
}
