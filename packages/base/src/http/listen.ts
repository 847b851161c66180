import type { FastifyInstance } from 'fastify';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';

/** Opens the server's port (0: a free one) and gives its address. Throws BASE_PORT_TAKEN, BASE_PORT_FORBIDDEN. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (err) {
    const code = err instanceof Error && 'code' in err ? err.code : undefined;
    if (code === 'EADDRINUSE') throw appError(BASE_ERRORS, 'BASE_PORT_TAKEN', { cause: err, values: { port } });
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw appError(BASE_ERRORS, 'BASE_PORT_FORBIDDEN', { cause: err, values: { port, host } });
    }
    throw err;
  }
  const scheme = app.webServer.hasTls ? 'https' : 'http';
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const address = app.server.address();
  return `${scheme}://${name}:${typeof address === 'object' && address !== null ? address.port : port}`;
}
