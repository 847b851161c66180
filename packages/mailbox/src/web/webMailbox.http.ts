import {
  appError,
  type Claims,
  createWebServer,
  type ErrorView,
  type Log,
  newId,
  type Principal,
  registerLogin,
  registerSmsStatusRoute,
  serveAssets,
} from '@brevduva/base';
import { parseRecipientId } from '@brevduva/protocol';
import { errorPage, isLanguage, uiAssets } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SMS_STATUS_PATH } from '../alert/alertSettings.ts';
import { ERRORS } from '../errors.ts';
import type { FarClient } from '../farClient.ts';
import type { Operator } from '../settings.ts';
import { readCopyAgeMs } from '../sql/authorityCopy.ts';
import { rememberUser } from '../sql/mailboxUser.ts';
import { askDatabase } from '../sql/pool.ts';
import { registerActRoutes } from './act.http.ts';
import { type AlertPageDependencies, registerAlertRoutes } from './alert.http.ts';
import { ASSURANCE_LEVEL_MIN, assuranceLevel } from './assurance.ts';
import { errorWords } from './errorTexts.ts';
import { frontPage, noMailboxPage, weakLoginPage } from './frontPage.ts';
import { registerInboxRoutes } from './inbox.http.ts';
import type { Shell } from './layout.ts';
import { registerLetterRoutes } from './letter.http.ts';
import { type MemberDependencies, registerOpeningRoutes } from './opening.http.ts';
import { registerSendersRoutes } from './senders.http.ts';
import { registerSettingsRoutes } from './settings.http.ts';
import { LANGUAGE_COOKIE, publicShell, type WebDependencies } from './visit.http.ts';

/** The e-ID, an OpenID Connect issuer whose claims hold `personnummer` (12 digits), `name` and `acr` (`loa3`). */
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
  far: FarClient | undefined;
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
  letFormsLeadTo(app, options.membership?.signingOrigin);
  app.get('/', { config: { access: 'public', optionalSession: true } }, (request, reply) =>
    showFront(operator, request, reply),
  );
  app.get('/language', { config: { access: 'public' } }, chooseLanguage);
  app.get('/health', { config: { access: 'public' } }, () => health(options));
  registerInboxRoutes(app, options);
  registerLetterRoutes(app, options);
  if (options.alerts !== undefined) registerAlerts(app, { ...options, alerts: options.alerts });
  if (options.membership !== undefined) registerMemberRoutes(app, { ...options, membership: options.membership });
  return app;
}

function registerAlerts(app: FastifyInstance, deps: AlertPageDependencies): void {
  registerAlertRoutes(app, deps);
  const { smsStatus } = deps.alerts;
  if (smsStatus !== undefined) registerSmsStatusRoute(app, { path: SMS_STATUS_PATH, ...smsStatus });
}

/** What a person signs for; only where there is an e-ID to sign with and a register to tell. */
function registerMemberRoutes(app: FastifyInstance, deps: MemberDependencies): void {
  registerOpeningRoutes(app, deps);
  registerActRoutes(app, deps);
  registerSettingsRoutes(app, deps);
  registerSendersRoutes(app, deps);
}

function login(app: FastifyInstance, options: WebMailboxOptions): void {
  const { oidc, publicUrl, pool, clock, log, operator } = options;
  registerLogin(app, {
    ...oidc,
    ...{ publicUrl, pool, clock, log },
    // Browsers share cookies between the ports of a host, and two operators may run on one.
    cookieName: `mailbox_${operator.organizationNumber}`,
    loginPath: LOGIN_PATH,
    admit: (claims) => admit(options, claims),
  });
}

/** A form's redirects count as its target too: to sign is to go to the e-ID. */
function letFormsLeadTo({ webServer: { csp } }: FastifyInstance, origin: string | undefined): void {
  if (origin !== undefined && !csp.formAction.includes(origin)) csp.formAction = [...csp.formAction, origin];
}

/**
 * Lets in every person with a strong e-ID: whoever has no mailbox here may open one, and old letters stay readable. The
 * session holds no personal number.
 * @throws AppError MAILBOX_ASSURANCE_LEVEL
 */
async function admit({ pool, clock, membership }: WebMailboxOptions, claims: Claims): Promise<Principal | null> {
  const parsed = parseRecipientId(String(claims['personnummer'] ?? ''));
  if (!parsed.ok || parsed.kind === 'organization') return null;
  if (assuranceLevel(claims['acr']) < ASSURANCE_LEVEL_MIN) throw appError(ERRORS, 'MAILBOX_ASSURANCE_LEVEL');
  const user = await rememberUser(pool, { id: newId(), personalNumber: parsed.id }, clock.now());
  await membership?.lookUpAtLogin(user);
  return { subject: user.id, name: String(claims['name'] ?? ''), roles: [] };
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

interface Health {
  status: string;
  /** How long ago the lists of senders and dispatchers came from FaR; null: never. */
  register?: { ageSeconds: number | null };
}

async function health({ pool, far }: WebMailboxOptions): Promise<Health> {
  await askDatabase(pool);
  if (far === undefined) return { status: 'ok' };
  const ageMs = await readCopyAgeMs(pool);
  return { status: 'ok', register: { ageSeconds: ageMs === null ? null : Math.round(ageMs / 1000) } };
}

/** Not to have a mailbox here is no fault of anyone's, and nor is a weak e-ID; both get pages of their own. */
function renderError(operator: Operator, view: ErrorView): string {
  const { request, nonce, status, code, requestId } = view;
  const shell = shellOfError(operator, request);
  if (code === 'MAILBOX_NO_ACCOUNT') return noMailboxPage(shell);
  if (code === 'MAILBOX_ASSURANCE_LEVEL') return weakLoginPage(shell, LOGIN_PATH);
  const words = errorWords({ code, text: view.text, status }, shell.lang);
  return errorPage({
    lang: shell.lang,
    nonce,
    status,
    requestId,
    code,
    ...words,
    brand: operator.brand,
    density: 'roomy',
  });
}

function shellOfError(operator: Operator, request: FastifyRequest): Shell {
  const { principal, csrfToken = '' } = request;
  const shell = { ...publicShell(operator, request), address: '/' };
  return principal === undefined ? shell : { ...shell, user: { name: principal.name, csrfToken } };
}
