import type { Pool } from '@brevduva/base';
import { type AppError, appError, registerGuard } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { certificateHash, secretHash } from '../organisation/credential.ts';
import { type Presented, presentedBearer, type Recognised, recognise } from '../organisation/recognise.ts';
import type { AttemptLimit } from './attemptLimit.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls a route with access 'apiKey'. */
    businessSystem: BusinessSystem | undefined;
  }
  interface FastifyContextConfig {
    /** How a route with access 'apiKey' asks for a credential; `Bearer` where it does not say. */
    challenge?: string;
    /** Lets through who shows no credential at all; the route itself decides what a stranger gets. */
    admitsStrangers?: boolean;
  }
}

/** For routes whose clients know names and passwords. */
export const BASIC_CHALLENGE = 'Basic realm="Brevduva", charset="UTF-8"';
const BEARER = /^Bearer +([\x21-\x7e]{16,200})$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]{4,600}={0,2})$/i;

export interface SystemAccessOptions {
  readonly pool: Pool;
  readonly attempts: AttemptLimit;
}

/**
 * Proves which business system calls, before the body is read, so that a stranger cannot make us read 16 MB. Where the handshake
 * proved a client certificate, that alone decides; otherwise the header does: an API key or access token (Bearer), or login name and
 * password (Basic).
 */
export function guardSystems(app: FastifyInstance, options: SystemAccessOptions): void {
  app.decorateRequest('businessSystem', undefined);
  registerGuard(app, 'apiKey', {
    async authenticate(request, reply) {
      const presented = presentedBy(request);
      const { admitsStrangers } = request.routeOptions.config;
      if (admitsStrangers && presented === undefined && request.headers.authorization === undefined) return undefined;
      const found = presented && (await recogniseOnce(request, reply, presented, options));
      if (found?.ok === true) {
        request.businessSystem = found.system;
        return undefined;
      }
      throw askForCredential(request, reply);
    },
  });
}

/** The refusal of who has not proven to be a system, with the way to do it. */
export function askForCredential(request: FastifyRequest, reply: FastifyReply): AppError {
  reply.header('www-authenticate', request.routeOptions.config.challenge ?? 'Bearer');
  return appError(HUB_ERRORS, 'HUB_API_KEY');
}

/** The system that the guard has proven. */
export function callerOf(request: FastifyRequest): BusinessSystem {
  if (request.businessSystem === undefined) throw appError(HUB_ERRORS, 'HUB_API_KEY');
  return request.businessSystem;
}

/**
 * Asks whose the credential is, unless the address has failed too often. What failed is logged: kind, reason and system, never what
 * was presented.
 *
 * @throws AppError HUB_TOO_MANY_ATTEMPTS
 */
export async function recogniseOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  presented: Presented,
  { pool, attempts }: SystemAccessOptions,
): Promise<Recognised> {
  const secretKey = `${presented.kind} ${presented.hash.toString('base64')}`;
  const waitSeconds = attempts.waitSeconds(request.ip, secretKey);
  if (waitSeconds !== undefined) {
    reply.header('retry-after', String(waitSeconds));
    throw appError(HUB_ERRORS, 'HUB_TOO_MANY_ATTEMPTS');
  }
  const found = await recognise(pool, presented);
  if (found.ok) {
    attempts.succeeded(secretKey);
    return found;
  }
  attempts.failed(request.ip);
  const { reason, system } = found;
  request.log.warn({ credentialKind: presented.kind, reason, system: system?.loginName }, 'credential refused');
  return found;
}

function presentedBy(request: FastifyRequest): Presented | undefined {
  const { peerCertificateDer, headers } = request;
  if (peerCertificateDer !== undefined) return { kind: 'certificate', hash: certificateHash(peerCertificateDer) };
  const authorization = headers.authorization ?? '';
  const bearer = BEARER.exec(authorization)?.[1];
  if (bearer !== undefined) return presentedBearer(bearer);
  const basic = readBasic(authorization);
  return basic && { kind: 'password', hash: secretHash(basic.secret), loginName: basic.name };
}

/** RFC 7617: everything after the first colon is the password. */
export function readBasic(authorization: string): { name: string; secret: string } | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { name: text.slice(0, colon), secret: text.slice(colon + 1) };
}
