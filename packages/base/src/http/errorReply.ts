import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError, appError, type Fault } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import { translateSqlError } from '../sql/sqlError.ts';
import { accessOf } from './access.ts';
import { validationFaults } from './validationFaults.ts';

export interface ErrorView {
  status: number;
  code: string;
  /** Swedish, for the person who meets it. */
  text: string;
  faults: readonly Fault[];
  requestId: string;
  nonce: string;
  request: FastifyRequest;
}

/** Makes the whole HTML document for an error that a person meets in the browser. */
export type RenderError = (view: ErrorView) => string;

/** RFC 9457 */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  faults: readonly Fault[];
  requestId: string;
}

const RETRY_AFTER_SECONDS = 5;

const BY_FRAMEWORK_CODE: Readonly<Record<string, keyof typeof BASE_ERRORS>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BASE_BODY_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'BASE_BODY_TOO_LARGE',
  FST_FILES_LIMIT: 'BASE_BODY_TOO_LARGE',
  FST_PARTS_LIMIT: 'BASE_BODY_TOO_LARGE',
  FST_FIELDS_LIMIT: 'BASE_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'BASE_MEDIA_TYPE',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'BASE_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BASE_BODY_MALFORMED',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BASE_BODY_MALFORMED',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BASE_BODY_MALFORMED',
};

/** Every error and every unknown address becomes problem+json, or a page where a person's browser asked. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((err, request, reply) => sendError(err, request, reply));
  app.setNotFoundHandler((request, reply) => sendError(appError(BASE_ERRORS, 'BASE_NOT_FOUND'), request, reply));
}

export function sendError(err: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(err);
  logError(error, request);
  reply.status(error.status).header('cache-control', 'no-store');
  if (error.status === 503) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  const { renderError } = request.server.webServer;
  if (renderError === undefined || !wantsHtml(request)) {
    // As bytes: a route's own response schema must not reshape its errors.
    const problem = Buffer.from(JSON.stringify(toProblem(error, request.id)));
    return reply.header('content-type', 'application/problem+json').send(problem);
  }
  const { status, code, publicText: text, faults } = error;
  const view = { status, code, text, faults, requestId: request.id, nonce: request.cspNonce, request };
  return reply.type('text/html; charset=utf-8').send(renderError(view));
}

function toProblem(error: AppError, requestId: string): Problem {
  const { code, status, publicText: title, faults } = error;
  const detail = faults.length === 0 ? title : faults.map(({ path, text }) => `${path}: ${text}`).join('; ');
  return { type: `urn:brevduva:error:${code}`, title, status, code, detail, faults, requestId };
}

/** True when a person's browser asks, of a route that is made for one. */
export function wantsHtml(request: FastifyRequest): boolean {
  const access = accessOf(request)?.access;
  if (access === 'apiKey' || access === 'mtls') return false;
  return (request.headers.accept ?? '').includes('text/html');
}

function toAppError(err: unknown): AppError {
  const { code, statusCode, validation } = (err ?? {}) as Partial<FastifyError>;
  // A caller who hangs up while we read is an ECONNRESET too; the framework's own errors carry a status, the database's none.
  const translated = statusCode === undefined ? translateSqlError(err) : err;
  if (translated instanceof AppError) return translated;
  if (validation !== undefined) {
    return appError(BASE_ERRORS, 'BASE_VALIDATION', { faults: validationFaults(err as FastifyError), cause: err });
  }
  const known = BY_FRAMEWORK_CODE[code ?? ''];
  if (known !== undefined) return appError(BASE_ERRORS, known, { cause: err });
  if (statusCode === 503) return appError(BASE_ERRORS, 'BASE_OVERLOADED', { cause: err });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return appError(BASE_ERRORS, 'BASE_BAD_REQUEST', { cause: err });
  }
  return appError(BASE_ERRORS, 'BASE_INTERNAL', { cause: err });
}

function logError(error: AppError, request: FastifyRequest): void {
  const { code, status, detail } = error;
  const facts = { code, status, detail, method: request.method, route: request.routeOptions.url };
  if (status >= 500) request.log.error({ ...facts, err: error }, 'request failed');
  else request.log.info({ ...facts, faults: error.faults.length }, 'request refused');
}
