import type { TLSSocket } from 'node:tls';
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

/**
 * Gives every request the caller's proven certificate, and demands one where the access is `mtls`.
 *
 * The certificate is taken at the handshake, once for a connection that carries many requests (19 µs each), and the
 * connection may not renegotiate: OpenSSL would take another certificate then, which nobody has verified, while the
 * socket still says that it is authorized.
 */
export function readClientCertificates(app: FastifyInstance): void {
  const proven = new WeakMap<object, Buffer>();
  app.server.on('secureConnection', (socket: TLSSocket) => {
    socket.disableRenegotiation();
    // Not the decoded object: decoding again, by the one parser that all parties use, leaves no room for two readings.
    if (socket.authorized) proven.set(socket, socket.getPeerCertificate().raw);
  });
  app.decorateRequest('peerCertificateDer', undefined);
  app.addHook('onRequest', async (request) => {
    request.peerCertificateDer = proven.get(request.raw.socket);
  });
  registerGuard(app, 'mtls', {
    authenticate: async (request) => {
      if (request.peerCertificateDer === undefined) throw appError(BASE_ERRORS, 'BASE_CERTIFICATE_REQUIRED');
      return undefined;
    },
  });
}
