import type { Pool } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import { selectOne } from '../sql/health.ts';

/** Liveness (the process answers) and readiness (it can take letters in: the database answers). */
export function registerHealthRoutes(app: FastifyInstance, pool: Pool): void {
  app.get('/health/live', { config: { access: 'public' } }, async () => ({ status: 'ok' }));
  app.get('/health/ready', { config: { access: 'public' } }, async (request, reply) => {
    try {
      await selectOne(pool);
      return { status: 'ok' };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return reply.code(503).send({ status: 'databaseUnreachable' });
    }
  });
}
