import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from './access.ts';

/** The sources of the Content-Security-Policy that differ between pages; everything else is fixed below. */
export interface CspSources {
  formAction: string[];
  frameSrc: string[];
  frameAncestors: string[];
  imgSrc: string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Stands on every `<script>` and `<link rel=stylesheet>` of the page; new for every request. */
    cspNonce: string;
  }
}

export const DEFAULT_CSP: CspSources = {
  formAction: ["'self'"],
  frameSrc: ["'none'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:'],
};

const NONCE_BYTES = 16;
const HSTS = 'max-age=31536000';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

export function addSecurityHeaders(app: FastifyInstance): void {
  app.decorateRequest('cspNonce', '');
  app.addHook('onRequest', async (request, reply) => setSecurityHeaders(request, reply));
}

export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  request.cspNonce = randomBytes(NONCE_BYTES).toString('base64');
  const config = accessOf(request);
  const { csp, hasTls } = request.server.webServer;
  reply.headers({
    'content-security-policy': policy(request.cspNonce, { ...csp, ...config?.csp }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    'x-request-id': request.id,
  });
  // What only one person, or one system, may see stays in no cache.
  if (config !== undefined && config.access !== 'public') reply.header('cache-control', 'no-store');
  // Never for loopback names: a browser would refuse plain http on every other port of the developer's machine.
  if (hasTls && !LOOPBACK.has(request.hostname)) reply.header('strict-transport-security', HSTS);
}

function policy(nonce: string, { formAction, frameSrc, frameAncestors, imgSrc }: CspSources): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src ${imgSrc.join(' ')}`,
    "font-src 'self'",
    "connect-src 'self'",
    `form-action ${formAction.join(' ')}`,
    `frame-src ${frameSrc.join(' ')}`,
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ].join('; ');
}
