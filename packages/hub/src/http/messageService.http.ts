import { messageService } from '@brevduva/protocol';
import type { FastifyInstance } from 'fastify';
import { checkDistributionStatus, type DistributeOptions, distributeSecure } from '../waysIn/message/distribute.ts';
import { registerSystemSoap, type SystemSoapOptions } from './systemSoap.http.ts';

/** Where the dispatcher answers (FACTS j). */
export const MESSAGE_PATH = '/Message/v3';

export type MessageServiceOptions = Omit<DistributeOptions, 'now'> & SystemSoapOptions;

/** Message v3 (FACTS b.6) over mutual TLS: the dispatcher's side, for senders who sign by themselves. */
export async function registerMessageService(app: FastifyInstance, options: MessageServiceOptions): Promise<void> {
  await registerSystemSoap<typeof messageService>(
    app,
    {
      contract: messageService,
      path: MESSAGE_PATH,
      handlersFor: (system) => ({
        distributeSecure: {
          fromSource: async (call) => ({
            return: await distributeSecure(call, system, { ...options, now: options.clock.now() }),
          }),
        },
        checkDistributionStatus: async (question) => ({
          return: await checkDistributionStatus(question, system, options),
        }),
      }),
    },
    options,
  );
}
