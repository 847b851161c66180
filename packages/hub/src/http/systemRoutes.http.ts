import type { FastifyInstance } from 'fastify';
import type { Intake } from '../intake/accept.ts';
import { registerLetterRoutes } from './letters.http.ts';
import { guardSystems, type SystemAccessOptions } from './systemAccess.http.ts';

export interface SystemRoutesOptions extends SystemAccessOptions {
  readonly intake: Intake;
}

/**
 * Every way in over HTTP. They stand on two listeners: the hub's own, for keys and tokens, and the one for client certificates
 * (HubOptions.systems). A new one is registered here and so has both.
 */
export async function registerSystemRoutes(app: FastifyInstance, options: SystemRoutesOptions): Promise<void> {
  guardSystems(app, options);
  await registerLetterRoutes(app, options);
}
