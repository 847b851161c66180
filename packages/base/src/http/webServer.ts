import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import type { Clock } from '../clock.ts';
import { newId } from '../id.ts';
import type { Log } from '../log.ts';
import { enforceAccess, type WebServerState } from './access.ts';
import { readClientCertificates } from './clientCertificate.ts';
import { answerErrors, type RenderError, sendError } from './errorReply.ts';
import { addSecurityHeaders, type CspSources, DEFAULT_CSP, setSecurityHeaders } from './securityHeaders.ts';

export interface TlsOptions {
  key: string | Buffer;
  cert: string | Buffer;
  /** Issuers whose client certificates are trusted. */
  ca?: string | Buffer | readonly (string | Buffer)[];
  /** Ask the caller for a certificate. */
  requestCert?: boolean;
  /** Break off the handshake without a trusted one; default: as `requestCert`. */
  rejectUnauthorized?: boolean;
}

export interface WebServerOptions {
  /** For the log. */
  name: string;
  log: Log;
  clock: Clock;
  tls?: TlsOptions;
  /** Largest body that is read at all; a route may set its own `bodyLimit`. */
  bodyBytesMax?: number;
  /** HTML page for errors that a person meets; without it everyone gets problem+json. */
  renderError?: RenderError;
  csp?: Partial<CspSources>;
  /** Addresses of proxies whose X-Forwarded-* headers are believed. */
  trustProxy?: string | string[];
}

const BODY_BYTES_MAX = 1_048_576;
const HEADER_BYTES_MAX = 16_384;
/** From connection to the last byte of the headers; against callers who send one byte at a time. */
const HEADERS_TIMEOUT_MS = 15_000;
/** From connection to the last byte of the body: 10 MB over 1 Mbit/s is 84 s. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Longer than the 60 s of common load balancers, or they meet connections that we close at the same instant. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * A Fastify server with what every party's server has: security headers and a CSP nonce, errors as problem+json or as
 * a page, a request id in the reply and in every log line, form bodies and cookies, limits, and the rule that every
 * route declares `config: { access }`. `request.log` is the log with the request's id. Addresses are never logged, only
 * the route's pattern: they can hold personal numbers.
 */
export function createWebServer(options: WebServerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: options.log.child({ server: options.name }),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    serverFactory: (handler) => createServer(options.tls, handler),
    bodyLimit: options.bodyBytesMax ?? BODY_BYTES_MAX,
    // An id that the caller chooses could be a personal number, or that of another request.
    genReqId: () => newId(),
    requestIdHeader: false,
    trustProxy: options.trustProxy ?? false,
    // All faults at once; nothing that was sent is dropped in silence.
    ajv: { customOptions: { allErrors: true, removeAdditional: false } },
    frameworkErrors: (err, request, reply) => {
      setSecurityHeaders(request, reply);
      sendError(err, request, reply);
    },
  }) as unknown as FastifyInstance; // the same class; only the type of its log differs
  app.decorate('webServer', stateOf(options));
  addSecurityHeaders(app);
  readClientCertificates(app);
  enforceAccess(app);
  answerErrors(app);
  logRequests(app, options.clock);
  app.register(cookie);
  app.register(formbody);
  return app;
}

function stateOf(options: WebServerOptions): WebServerState {
  return {
    routes: [],
    guards: new Map(),
    csp: { ...structuredClone(DEFAULT_CSP), ...options.csp },
    renderError: options.renderError,
    hasTls: options.tls !== undefined,
  };
}

function createServer(tls: TlsOptions | undefined, handler: RequestListener): Server {
  const limits = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  if (tls === undefined) return createPlainServer(limits, handler);
  const { key, cert, ca, requestCert = false, rejectUnauthorized = requestCert } = tls;
  const trusted = ca === undefined ? {} : { ca: [ca].flat() };
  const secure = { key, cert, ...trusted, requestCert, rejectUnauthorized, minVersion: 'TLSv1.2' as const };
  // Fastify's type knows one kind of server; node:https has the same methods and events.
  return createTlsServer({ ...limits, ...secure }, handler) as unknown as Server;
}

function logRequests(app: FastifyInstance, clock: Clock): void {
  const startedAtMs = new WeakMap<object, number>();
  app.addHook('onRequest', async (request) => {
    startedAtMs.set(request, clock.now().getTime());
  });
  app.addHook('onResponse', async (request, reply) => {
    const tookMs = clock.now().getTime() - (startedAtMs.get(request) ?? 0);
    const { method, routeOptions } = request;
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, tookMs }, 'request');
  });
}
