import type { ErrorView, Log } from '@brevduva/base';
import { serveAssets } from '@brevduva/base';
import { errorPage, uiAssets } from '@brevduva/ui';
import type { FastifyInstance } from 'fastify';
import type { AccountStatisticsSource } from './accountStatistics.ts';
import { renderConsoleError } from './console/consoleRequest.http.ts';
import { RECIPIENT_PATH, SERVICES } from './contractDocuments.ts';
import { sendContractDocument } from './documents.http.ts';
import { languageOf, rememberLanguage } from './language.http.ts';
import { brand, startPage } from './pages/startPage.ts';
import { texts } from './pages/texts.ts';
import { RECIPIENT_IDS_MAX } from './recipientService.ts';
import { ping } from './sql/health.ts';
import { selectDispatchers, selectOperators, selectSenders } from './sql/organizations.ts';
import type { Pool } from './sql/pool.ts';

export interface WebOptions {
  pool: Pool;
  log: Log;
  statistics: AccountStatisticsSource;
  /** Where Recipient v3 answers, path included. */
  soapUrl: string;
  isDevelopmentRegister: boolean;
  /** Where the register owner's staff begins; absent where it cannot log in. */
  loginHref?: string | undefined;
}

/** The public pages, and the health of the register for those who watch it. No account is shown anywhere. */
export function registerWeb(app: FastifyInstance, options: WebOptions): void {
  const { pool, log, statistics, soapUrl, isDevelopmentRegister, loginHref } = options;
  serveAssets(app, uiAssets);

  app.get('/', { config: { access: 'public' } }, async (request, reply) => {
    const lang = rememberLanguage(request, reply);
    const [senders, dispatchers, operators, counted] = await Promise.all([
      selectSenders(pool),
      selectDispatchers(pool),
      selectOperators(pool),
      statistics(),
    ]);
    const facts = { senders, dispatchers, operators, statistics: counted, soapUrl, isDevelopmentRegister, loginHref };
    reply.type(HTML);
    return startPage(
      { ...facts, wsdlHref: `${RECIPIENT_PATH}?wsdl`, operations: OPERATIONS, recipientIdsMax: RECIPIENT_IDS_MAX },
      { lang, nonce: request.cspNonce },
    );
  });

  for (const [path, service] of Object.entries(SERVICES)) {
    const facts = { service, soapUrl: `${new URL(soapUrl).origin}${path}` };
    app.get(path, { config: { access: 'public' } }, async (request, reply) =>
      sendContractDocument(request, reply, facts),
    );
  }

  app.get('/health', { config: { access: 'public' } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      await ping(pool);
      return { status: 'ok' };
    } catch (err) {
      log.error({ err }, 'the database does not answer');
      return reply.status(503).send({ status: 'databaseUnavailable' });
    }
  });
}

/** Makes the page for an error, in the language of the person who meets it; with the console's menu for who is logged in. */
export function createErrorPages(owner?: { name: string }): (view: ErrorView) => string {
  return (view) => (owner && renderConsoleError(view, owner.name)) ?? publicErrorPage(view);
}

function publicErrorPage({ request, ...view }: ErrorView): string {
  const lang = languageOf(request);
  const title = view.status === 404 ? texts(lang).errorNotFound : texts(lang).error;
  // The errors' own texts are Swedish only, and from 500 on they speak to whoever runs the server.
  const text = lang === 'sv' && view.status < 500 ? view.text : texts(lang).errorHelp;
  return errorPage({ ...view, lang, brand: brand(lang), title, text });
}

const HTML = 'text/html; charset=utf-8';
const OPERATIONS = Object.keys(SERVICES[RECIPIENT_PATH]?.operations ?? {});
