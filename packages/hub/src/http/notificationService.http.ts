import { notificationService } from '@brevduva/protocol';
import type { FastifyInstance } from 'fastify';
import { checkNoticeStatus, type NoticeIntake } from '../waysIn/notification/distribute.ts';
import { registerSystemSoap, type SystemSoapOptions } from './systemSoap.http.ts';

/** Where the dispatcher answers (FACTS j). */
export const NOTIFICATION_PATH = '/Notification/v3';

export interface NotificationServiceOptions extends SystemSoapOptions {
  readonly notices: NoticeIntake;
}

/** Notification v3 (FACTS b.7) over mutual TLS: the dispatcher's side. */
export async function registerNotificationService(
  app: FastifyInstance,
  options: NotificationServiceOptions,
): Promise<void> {
  await registerSystemSoap<typeof notificationService>(
    app,
    {
      contract: notificationService,
      path: NOTIFICATION_PATH,
      handlersFor: (system) => ({
        distribute: async ({ notificationDelivery }, { caller }) => ({
          return: await options.notices.distribute(notificationDelivery, caller, system),
        }),
        checkDistributionStatus: async (question) => ({
          return: await checkNoticeStatus(question, system, options.pool),
        }),
      }),
    },
    options,
  );
}
