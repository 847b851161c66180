import type { FastifyInstance } from 'fastify';
import { registerCaseRoutes } from './consoleCases.http.ts';
import { registerFileDeliveryPages } from './consoleFileDeliveries.http.ts';
import { registerLetterFileRoutes } from './consoleFiles.http.ts';
import { registerFormPages } from './consoleForms.http.ts';
import { registerHandInPages } from './consoleHandIns.http.ts';
import { registerLetterPage } from './consoleLetter.http.ts';
import { registerListRoutes } from './consoleLists.http.ts';
import { registerMailingFileRoutes } from './consoleMailingFiles.http.ts';
import { registerMailingPages } from './consoleMailings.http.ts';
import { registerNewMailingRoutes } from './consoleNewMailing.http.ts';
import { registerPreviewRoutes } from './consolePreview.http.ts';
import { registerPrintShopPages } from './consolePrintShops.http.ts';
import type { ConsoleOptions } from './consoleRequest.http.ts';
import { registerReturnPages } from './consoleReturns.http.ts';
import { registerSettingsRoutes } from './consoleSettings.http.ts';

/** The console's pages and the actions on cases. Every route needs a staff login; every query is bound to her organisation. */
export async function registerConsoleRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  registerListRoutes(app, options);
  registerLetterPage(app, options);
  registerLetterFileRoutes(app, options);
  registerCaseRoutes(app, options);
  registerHandInPages(app, options);
  registerFormPages(app, options);
  registerFileDeliveryPages(app, options);
  registerPrintShopPages(app, options);
  registerReturnPages(app, options);
  await registerNewMailingRoutes(app, options);
  registerMailingPages(app, options);
  registerMailingFileRoutes(app, options);
  registerPreviewRoutes(app, options);
  registerSettingsRoutes(app, options);
}
