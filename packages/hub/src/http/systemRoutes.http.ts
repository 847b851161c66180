import type { FastifyInstance } from 'fastify';
import type { Intake } from '../intake/accept.ts';
import type { Mailings } from '../mailing/mailings.ts';
import type { ReturnedMail } from '../returnedMail/registerReturn.ts';
import type { NoticeIntake } from '../waysIn/notification/distribute.ts';
import { type FormMailboxOptions, registerFormMailboxRoutes } from './formMailbox.http.ts';
import { registerFormRoutes } from './forms.http.ts';
import { registerLetterRoutes } from './letters.http.ts';
import { registerMailingRoutes } from './mailings.http.ts';
import { addApiSchemas } from './openapi.ts';
import { type Precheck, registerPrecheckRoute } from './precheck.http.ts';
import { type PrinterRoutesOptions, registerPrinterRoutes } from './printer.http.ts';
import { registerReturnRoute } from './returns.http.ts';
import { guardSystems, type SystemAccessOptions } from './systemAccess.http.ts';

export interface SystemRoutesOptions extends SystemAccessOptions, PrinterRoutesOptions, FormMailboxOptions {
  readonly intake: Intake;
  readonly mailings: Mailings;
  readonly precheck: Precheck;
  readonly returnedMail: ReturnedMail;
  /** A form is committed. */
  readonly onFormReceived: () => void;
  /** For the listener with client certificates; the contract knows no other way. */
  readonly notices: NoticeIntake;
}

/**
 * Every way in over HTTP. They stand on two listeners: the hub's own, for keys and tokens, and the one for client certificates
 * (HubOptions.systems). A new one is registered here and so has both.
 */
export async function registerSystemRoutes(app: FastifyInstance, options: SystemRoutesOptions): Promise<void> {
  guardSystems(app, options);
  addApiSchemas(app);
  await registerLetterRoutes(app, options);
  await registerMailingRoutes(app, options.mailings);
  registerPrecheckRoute(app, options.precheck);
  registerReturnRoute(app, options.returnedMail);
  await registerFormRoutes(app, { ...options, onReceived: options.onFormReceived });
  registerFormMailboxRoutes(app, options);
  await registerPrinterRoutes(app, options);
}
