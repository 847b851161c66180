import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { appError } from '../appError.ts';
import type { Clock } from '../clock.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { deleteSession, findSession, insertSession, touchSession } from '../sql/webSession.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is logged in; always there on routes with access `session`. */
    principal: Principal | undefined;
    /** Goes as hidden field `_csrf` into every form, or as header `x-csrf-token`. */
    csrfToken: string | undefined;
  }
}

export interface SessionOptions {
  pool: Pool;
  clock: Clock;
  cookieName: string;
  sessionMaxMs: number;
  sessionIdleMs: number;
  isSecure: boolean;
}

export interface Sessions {
  /** Fills `request.principal` and `request.csrfToken`; false when nobody is logged in. */
  recognise(request: FastifyRequest): Promise<boolean>;
  /** Begins a session under a new id, whatever the browser brought with it. */
  begin(request: FastifyRequest, reply: FastifyReply, principal: Principal, idToken: string | undefined): Promise<void>;
  /** Ends the browser's session; gives the issuer's token of it. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined>;
}

const TOKEN_BYTES = 32;
/** How exact "last seen" is: a write per click would cost more than it tells. */
const TOUCH_MS = 60_000;

export function createSessions(options: SessionOptions): Sessions {
  const { pool, clock, cookieName, sessionMaxMs, sessionIdleMs, isSecure } = options;
  const cookie = { path: '/', secure: isSecure, httpOnly: true, sameSite: 'lax' as const };
  const end = async (request: FastifyRequest, reply: FastifyReply) => {
    const token = tokenOf(request, cookieName);
    reply.clearCookie(cookieName, cookie);
    return token === undefined ? undefined : deleteSession(pool, hash(token));
  };
  return {
    async recognise(request) {
      const token = tokenOf(request, cookieName);
      if (token === undefined) return false;
      const now = clock.now();
      const idleSince = new Date(now.getTime() - sessionIdleMs);
      const found = await findSession(pool, hash(token), { now, idleSince });
      if (found === undefined) return false;
      if (now.getTime() - found.lastSeenAt.getTime() >= Math.min(TOUCH_MS, sessionIdleMs / 2)) {
        await touchSession(pool, hash(token), now);
      }
      request.principal = found.principal;
      request.csrfToken = csrfTokenOf(token);
      return true;
    },
    async begin(request, reply, principal, idToken) {
      await end(request, reply);
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + sessionMaxMs);
      await insertSession(pool, { tokenHash: hash(token), principal, idToken, now, expiresAt });
      reply.setCookie(cookieName, token, cookie);
    },
    end,
  };
}

/** Throws BASE_CSRF unless the body's field `_csrf` or the header `x-csrf-token` holds this session's token. */
export function checkCsrf(request: FastifyRequest): void {
  const given = request.headers['x-csrf-token'] ?? fieldOf(request.body);
  const wanted = request.csrfToken;
  const isSame = wanted !== undefined && typeof given === 'string' && timingSafeEqual(hash(given), hash(wanted));
  if (!isSame) throw appError(BASE_ERRORS, 'BASE_CSRF');
}

/** The principal on a route with access `session`. */
export function requirePrincipal(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
  return request.principal;
}

/** A plain form gives the text; @fastify/multipart (`attachFieldsToBody`) an object with `value`. */
function fieldOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined;
  const field = body._csrf;
  return typeof field === 'object' && field !== null && 'value' in field ? field.value : field;
}

function tokenOf(request: FastifyRequest, cookieName: string): string | undefined {
  // Guards run before the cookie plugin's own hook has parsed the header.
  const token = request.server.parseCookie(request.headers.cookie ?? '')[cookieName];
  return token === undefined || token === '' ? undefined : token;
}

/** Bound to the session without being kept: only who holds the cookie, or a page of ours, knows it. */
function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
