import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Pool } from 'pg';
import { appError } from '../appError.ts';
import type { Clock } from '../clock.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Principal } from '../principal.ts';
import { registerGuard } from './access.ts';
import { wantsHtml } from './errorReply.ts';
import { type Claims, createIssuer, type Issuer } from './issuer.ts';
import { createLoginAttempts, type LoginAttempts } from './loginAttempt.ts';
import { localPath } from './returnPath.ts';
import { checkCsrf, createSessions, type Sessions } from './session.ts';

export interface LoginOptions {
  issuer: string;
  clientId: string;
  clientSecret: string;
  tokenAuthentication?: 'basic' | 'post';
  /** Origin that people see, for example `https://brev.example.se`. */
  publicUrl: string;
  /** Database with the table of WEB_SESSION_MIGRATION_SQL. */
  pool: Pool;
  clock: Clock;
  log: Log;
  /** Decides from the issuer's claims (ID token and userinfo) who this is here; null: no one we know. */
  admit(claims: Claims): Promise<Principal | null>;
  /** Different for each party: browsers share cookies between ports of one host. */
  cookieName: string;
  /** A session ends this long after login; default 8 h. */
  sessionMaxMs?: number;
  /** … or this long after the last click; default 30 min. */
  sessionIdleMs?: number;
  loginPath?: string;
  logoutPath?: string;
  /** Where the person lands after logout; should be public, or she is sent to log in again. */
  afterLogoutPath?: string;
  scope?: string;
  loginParameters?: Readonly<Record<string, string>>;
}

const SESSION_MS_MAX = 8 * 3_600_000;
const SESSION_IDLE_MS_MAX = 30 * 60_000;

/**
 * Login through an OpenID Connect issuer (code flow, PKCE, state, nonce), with sessions in the database.
 *
 * `GET /login?return=/path` goes to the issuer, `GET /login/callback` comes back (the redirect URI to register),
 * `POST /logout` ends the session here and at the issuer. On routes with access `session`: a browser without session is
 * sent to log in and comes back to where it wanted; other callers get BASE_SESSION_REQUIRED. Every method that changes
 * something demands the session's CSRF token there.
 */
export function registerLogin(app: FastifyInstance, options: LoginOptions): void {
  const paths = {
    login: options.loginPath ?? '/login',
    logout: options.logoutPath ?? '/logout',
    afterLogout: options.afterLogoutPath ?? '/',
  };
  const isSecure = new URL(options.publicUrl).protocol === 'https:';
  const { pool, clock, cookieName, clientSecret } = options;
  const sessions = createSessions({
    ...{ pool, clock, cookieName, isSecure },
    sessionMaxMs: options.sessionMaxMs ?? SESSION_MS_MAX,
    sessionIdleMs: options.sessionIdleMs ?? SESSION_IDLE_MS_MAX,
  });
  const attempts = createLoginAttempts({
    cookieName,
    clientSecret,
    path: paths.login,
    isSecure,
    now: () => clock.now(),
  });
  const callbackUrl = new URL(`${paths.login}/callback`, options.publicUrl).href;
  const issuer = createIssuer({
    ...options,
    callbackUrl,
    scope: options.scope ?? 'openid profile',
    loginParameters: options.loginParameters ?? {},
  });
  // A form's redirects count as its target too: logout ends at the issuer.
  const { csp } = app.webServer;
  csp.formAction = [...csp.formAction, new URL(options.issuer).origin];
  app.decorateRequest('principal', undefined);
  app.decorateRequest('csrfToken', undefined);
  guardSessions(app, sessions, paths.login);
  addLoginRoutes(app, {
    ...{ sessions, attempts, issuer, callbackUrl, paths },
    admit: options.admit,
    log: options.log,
  });
  addLogoutRoute(app, { sessions, issuer, paths, publicUrl: options.publicUrl });
}

interface Paths {
  login: string;
  logout: string;
  afterLogout: string;
}

function guardSessions(app: FastifyInstance, sessions: Sessions, loginPath: string): void {
  registerGuard(app, 'session', {
    async authenticate(request, reply) {
      if (await sessions.recognise(request)) return undefined;
      const isVisit = request.method === 'GET' || request.method === 'HEAD';
      if (!isVisit || !wantsHtml(request)) throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
      return reply.redirect(`${loginPath}?return=${encodeURIComponent(request.url)}`, 302);
    },
    beforeHandler(request) {
      if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) checkCsrf(request);
    },
    async recognise(request) {
      await sessions.recognise(request);
    },
  });
}

interface LoginParts {
  sessions: Sessions;
  attempts: LoginAttempts;
  issuer: Issuer;
  callbackUrl: string;
  paths: Paths;
  admit: LoginOptions['admit'];
  log: Log;
}

function addLoginRoutes(app: FastifyInstance, parts: LoginParts): void {
  const { sessions, attempts, issuer, paths } = parts;
  app.get(paths.login, { config: { access: 'public' } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const wanted = localPath(queryOf(request, 'return'));
    const returnPath = isOneOf(wanted, paths) ? '/' : wanted;
    if (await sessions.recognise(request)) return reply.redirect(returnPath, 303);
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const url = await issuer.authorizationUrl(checks);
    attempts.save(request, reply, { ...checks, returnPath });
    return reply.redirect(url.href, 302);
  });
  app.get(`${paths.login}/callback`, { config: { access: 'public' } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const attempt = attempts.take(request, reply, queryOf(request, 'state'));
    if (attempt === undefined) return answerStray(sessions, request, reply);
    const { claims, idToken } = await issuer.redeem(withQueryOf(parts.callbackUrl, request.url), attempt);
    const principal = await parts.admit(claims);
    if (principal === null) throw appError(BASE_ERRORS, 'BASE_LOGIN_NOT_ADMITTED');
    await sessions.begin(request, reply, principal, idToken);
    parts.log.info({ requestId: request.id }, 'logged in');
    return reply.redirect(attempt.returnPath, 303);
  });
}

/** A callback that this browser is not waiting for: the back button after login, or somebody else's link. */
async function answerStray(sessions: Sessions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (await sessions.recognise(request)) return reply.redirect('/', 303);
  throw appError(BASE_ERRORS, 'BASE_LOGIN_STATE');
}

function addLogoutRoute(
  app: FastifyInstance,
  { sessions, issuer, paths, publicUrl }: { sessions: Sessions; issuer: Issuer; paths: Paths; publicUrl: string },
): void {
  // Public, since leaving twice is no fault; with a session it demands the session's token like every other form.
  app.post(paths.logout, { config: { access: 'public' } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!(await sessions.recognise(request))) return reply.redirect(paths.afterLogout, 303);
    checkCsrf(request);
    const idToken = await sessions.end(request, reply);
    const afterUrl = new URL(paths.afterLogout, publicUrl).href;
    const url = await issuer.endSessionUrl(afterUrl, idToken);
    return reply.redirect(url?.href ?? paths.afterLogout, 303);
  });
}

function isOneOf(path: string, { login, logout }: Paths): boolean {
  const { pathname } = new URL(path, 'http://local.invalid');
  return pathname === logout || pathname === login || pathname.startsWith(`${login}/`);
}

function queryOf(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** The public address, not the Host header, which the caller chooses. */
function withQueryOf(callbackUrl: string, requestUrl: string): URL {
  const url = new URL(callbackUrl);
  url.search = requestUrl.slice(requestUrl.indexOf('?'));
  return url;
}
