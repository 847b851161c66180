import { hkdfSync } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../appError.ts';
import { type ContentCipher, createContentCipher } from '../contentCipher.ts';
import type { LoginChecks } from './issuer.ts';

/** A login under way: kept in the browser, encrypted, so that nobody can fill our database before logging in. */
export interface LoginAttempt extends LoginChecks {
  returnPath: string;
  /** Milliseconds since 1970. */
  expiresAtMs: number;
}

export interface LoginAttempts {
  save(request: FastifyRequest, reply: FastifyReply, attempt: Omit<LoginAttempt, 'expiresAtMs'>): void;
  /** The attempt that `state` belongs to, once; undefined when this browser did not start it, or too long ago. */
  take(request: FastifyRequest, reply: FastifyReply, state: string | undefined): LoginAttempt | undefined;
}

const ATTEMPT_MS_MAX = 10 * 60_000;
/** Tabs that wait for a login at the same time; cookies share the 16 kB of a request's headers. */
const ATTEMPTS_MAX = 8;
const STATE_PREFIX_CHARACTERS = 12;
const CONTEXT = 'login attempt';

export function createLoginAttempts(options: {
  cookieName: string;
  clientSecret: string;
  path: string;
  isSecure: boolean;
  now: () => Date;
}): LoginAttempts {
  const { path, isSecure, now } = options;
  const prefix = `${options.cookieName}_login_`;
  const cipher = createContentCipher(Buffer.from(hkdfSync('sha256', options.clientSecret, '', 'brevduva login', 32)));
  const cookie = { path, secure: isSecure, httpOnly: true, sameSite: 'lax' as const };
  const nameFor = (state: string) => `${prefix}${state.slice(0, STATE_PREFIX_CHARACTERS)}`;
  return {
    save(request, reply, attempt) {
      const waiting = Object.keys(request.cookies).filter((name) => name.startsWith(prefix));
      if (waiting.length >= ATTEMPTS_MAX) for (const name of waiting) reply.clearCookie(name, cookie);
      const expiresAtMs = now().getTime() + ATTEMPT_MS_MAX;
      const value = cipher
        .encrypt(Buffer.from(JSON.stringify({ ...attempt, expiresAtMs })), CONTEXT)
        .toString('base64url');
      reply.setCookie(nameFor(attempt.state), value, { ...cookie, maxAge: ATTEMPT_MS_MAX / 1_000 });
    },
    take(request, reply, state) {
      if (state === undefined || !/^[\w-]+$/.test(state)) return undefined;
      const value = request.cookies[nameFor(state)];
      if (value === undefined) return undefined;
      reply.clearCookie(nameFor(state), cookie);
      const attempt = open(cipher, value);
      const isGood = attempt?.state === state && attempt.expiresAtMs > now().getTime();
      return isGood ? attempt : undefined;
    },
  };
}

/** A value that was tampered with, or sealed with a secret that has been changed since, is as good as none. */
function open(cipher: ContentCipher, value: string): LoginAttempt | undefined {
  try {
    return JSON.parse(cipher.decrypt(Buffer.from(value, 'base64url'), CONTEXT).toString()) as LoginAttempt;
  } catch (err) {
    if (err instanceof AppError && err.code === 'BASE_CONTENT_UNREADABLE') return undefined;
    throw err;
  }
}
