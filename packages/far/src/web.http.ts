import type { Clock, ErrorView, Log } from '@brevduva/base';
import { serveAssets } from '@brevduva/base';
import { errorPage, isLanguage, type Language, pickLanguage, uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createAccountStatistics } from './accountStatistics.ts';
import { RECIPIENT_PATH, SERVICES } from './contractDocuments.ts';
import { sendContractDocument } from './documents.http.ts';
import { brand, startPage } from './pages/startPage.ts';
import { texts } from './pages/texts.ts';
import { RECIPIENT_IDS_MAX } from './recipientService.ts';
import { ping } from './sql/health.ts';
import { selectDispatchers, selectOperators, selectSenders } from './sql/organizations.ts';
import type { Pool } from './sql/pool.ts';

export interface WebOptions {
  pool: Pool;
  clock: Clock;
  log: Log;
  /** Where Recipient v3 answers, path included. */
  soapUrl: string;
  isDevelopmentRegister: boolean;
}

/** The public pages, and the health of the register for those who watch it. No account is shown anywhere. */
export function registerWeb(app: FastifyInstance, options: WebOptions): void {
  const { pool, clock, log, soapUrl, isDevelopmentRegister } = options;
  const statistics = createAccountStatistics({ pool, clock });
  serveAssets(app, uiAssets);

  app.get<{ Querystring: { lang?: string } }>('/', { config: { access: 'public' } }, async (request, reply) => {
    const lang = languageOf(request);
    if (isLanguage(request.query.lang)) reply.setCookie(LANGUAGE_COOKIE, lang, COOKIE_OPTIONS);
    const [senders, dispatchers, operators, counted] = await Promise.all([
      selectSenders(pool),
      selectDispatchers(pool),
      selectOperators(pool),
      statistics(),
    ]);
    const facts = { senders, dispatchers, operators, statistics: counted, soapUrl, isDevelopmentRegister };
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

/** The page for an error, in the language of the person who meets it. */
export function renderError({ request, ...view }: ErrorView): string {
  const lang = languageOf(request);
  const title = view.status === 404 ? texts(lang).errorNotFound : texts(lang).error;
  // The errors' own texts are Swedish only, and from 500 on they speak to whoever runs the server.
  const text = lang === 'sv' && view.status < 500 ? view.text : texts(lang).errorHelp;
  return errorPage({ ...view, lang, brand: brand(lang), title, text });
}

/** What the person chose in the address, else before, else what the browser asks for. */
export function languageOf(request: FastifyRequest): Language {
  const { lang } = request.query as { lang?: unknown };
  if (typeof lang === 'string' && isLanguage(lang)) return lang;
  return pickLanguage(request.headers['accept-language'], request.cookies[LANGUAGE_COOKIE]);
}

const HTML = 'text/html; charset=utf-8';
const LANGUAGE_COOKIE = 'far_lang';
const COOKIE_OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 31_536_000 } as const;
const OPERATIONS = Object.keys(SERVICES[RECIPIENT_PATH]?.operations ?? {});
