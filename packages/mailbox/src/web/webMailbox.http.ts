import {
  type Claims,
  createWebServer,
  type ErrorView,
  type Log,
  type Principal,
  registerLogin,
  serveAssets,
} from '@brevduva/base';
import { parseRecipientId } from '@brevduva/protocol';
import { errorPage, isLanguage, uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Operator } from '../settings.ts';
import { findAccount } from '../sql/account.ts';
import { askDatabase, type Pool } from '../sql/pool.ts';
import { errorWords } from './errorTexts.ts';
import { frontPage, noMailboxPage } from './frontPage.ts';
import { registerInboxRoutes } from './inbox.http.ts';
import { registerLetterRoutes } from './letter.http.ts';
import { LANGUAGE_COOKIE, languageOf, publicShell, type WebDependencies } from './visit.http.ts';

/** The e-ID, an OpenID Connect issuer whose claims hold `personnummer` (12 digits) and `name`. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  tokenAuthentication?: 'basic' | 'post';
}

export interface WebMailboxOptions extends WebDependencies {
  oidc: OidcSettings;
  /** Origin that people see; the issuer sends them back to `<publicUrl>/login/callback`. */
  publicUrl: string;
  log: Log;
}

const LOGIN_PATH = '/login';
/** A chosen language is remembered for a year. */
const LANGUAGE_MAX_AGE_SECONDS = 31_536_000;

/** The citizen's web mailbox, not yet listening. */
export function createWebMailbox(options: WebMailboxOptions): FastifyInstance {
  const { operator, clock, log } = options;
  const app = createWebServer({ name: 'mailbox-web', clock, log, renderError: (view) => renderError(operator, view) });
  serveAssets(app, uiAssets);
  login(app, options);
  app.get('/', { config: { access: 'public', optionalSession: true } }, (request, reply) =>
    showFront(operator, request, reply),
  );
  app.get('/language', { config: { access: 'public' } }, chooseLanguage);
  app.get('/health', { config: { access: 'public' } }, () => health(options.pool));
  registerInboxRoutes(app, options);
  registerLetterRoutes(app, options);
  return app;
}

function login(app: FastifyInstance, { oidc, publicUrl, pool, clock, log, operator }: WebMailboxOptions): void {
  registerLogin(app, {
    ...oidc,
    ...{ publicUrl, pool, clock, log },
    // Browsers share cookies between the ports of a host, and two operators may run on one.
    cookieName: `mailbox_${operator.organizationNumber}`,
    loginPath: LOGIN_PATH,
    admit: (claims) => admit(pool, claims),
  });
}

/** Lets in whoever has a mailbox here, open or closed: old letters stay readable. The session holds no personal number. */
async function admit(pool: Pool, claims: Claims): Promise<Principal | null> {
  const parsed = parseRecipientId(String(claims['personnummer'] ?? ''));
  if (!parsed.ok || parsed.kind === 'organization') return null;
  const account = await findAccount(pool, parsed.id);
  if (account === undefined) return null;
  return { subject: account.id, name: String(claims['name'] ?? ''), roles: [] };
}

function showFront(operator: Operator, request: FastifyRequest, reply: FastifyReply): string | FastifyReply {
  if (request.principal !== undefined) return reply.redirect('/inbox', 303);
  reply.type('text/html; charset=utf-8');
  return frontPage(publicShell(operator, request), LOGIN_PATH);
}

type LanguageRequest = FastifyRequest<{ Querystring: { to?: string; back?: string } }>;

async function chooseLanguage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { to, back } = (request as LanguageRequest).query;
  if (isLanguage(to)) {
    const isSecure = request.protocol === 'https';
    const maxAge = LANGUAGE_MAX_AGE_SECONDS;
    reply.setCookie(LANGUAGE_COOKIE, to, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, maxAge });
  }
  return reply.redirect(ownPath(back), 303);
}

/** Back to one of our own pages, never to another site (`//evil.example`, `/\evil.example`). */
function ownPath(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])[\w/?=&%.+-]*$/.test(back) ? back : '/';
}

async function health(pool: Pool): Promise<{ status: string }> {
  await askDatabase(pool);
  return { status: 'ok' };
}

/** Not to have a mailbox here is no fault of anyone's, and gets a page of its own. */
function renderError(operator: Operator, view: ErrorView): string {
  const { request, nonce, status, code, requestId } = view;
  const lang = languageOf(request);
  if (code === 'BASE_LOGIN_NOT_ADMITTED' || code === 'MAILBOX_NO_ACCOUNT') {
    return noMailboxPage({ ...publicShell(operator, request), address: '/' });
  }
  const words = errorWords({ code, text: view.text, status }, lang);
  return errorPage({ lang, nonce, status, requestId, code, ...words, brand: operator.brand, density: 'roomy' });
}
