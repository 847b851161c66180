import { randomBytes } from 'node:crypto';
import { AppError } from '@brevduva/base';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { secretHash } from '../organisation/credential.ts';
import { ACCESS_TOKEN_PREFIX } from '../organisation/recognise.ts';
import { insertAccessToken } from '../sql/credentials.ts';
import { readBasic, recogniseOnce, type SystemAccessOptions } from './systemAccess.http.ts';

export const ACCESS_TOKEN_LIFETIME_MS = 3_600_000;
const TOKEN_BYTES = 32;
const BODY_BYTES_MAX = 8_192;

/** OAuth 2.0 client credentials (RFC 6749 4.4): a system's login name and secret for a token of an hour. */
export function registerTokenRoute(app: FastifyInstance, options: SystemAccessOptions): void {
  app.post(
    '/oauth/token',
    { config: { access: 'public' }, bodyLimit: BODY_BYTES_MAX, errorHandler: answerError },
    async (request, reply) => {
      const { clientId, secret } = readClient(request);
      const presented = { kind: 'oauthClient', hash: secretHash(secret), loginName: clientId } as const;
      const found = await recogniseOnce(request, reply, presented, options);
      if (!found.ok) throw new OAuthError('invalid_client', 'Unknown client, wrong secret, or no longer valid.');
      const token = `${ACCESS_TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
      await insertAccessToken(options.pool, {
        hash: secretHash(token),
        organisationId: found.system.organisationId,
        credentialId: found.credentialId,
        lifetimeMs: ACCESS_TOKEN_LIFETIME_MS,
      });
      return unstored(reply).send({
        access_token: token,
        token_type: 'Bearer',
        expires_in: ACCESS_TOKEN_LIFETIME_MS / 1000,
      });
    },
  );
}

/** RFC 6749 5.2. */
type OAuthErrorCode = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type';

class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  /** `description` goes to the client's developer: ASCII without quotes (RFC 6749 5.2). */
  constructor(code: OAuthErrorCode, description: string) {
    super(description);
    this.name = 'OAuthError';
    this.code = code;
  }
}

/** The client says who it is in the header or in the body, never in both (RFC 6749 2.3). */
function readClient(request: FastifyRequest): { clientId: string; secret: string } {
  const body = readParameters(request.body);
  const grantType = body.get('grant_type');
  if (grantType === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'Only client_credentials is supported.');
  }
  const { authorization } = request.headers;
  const secret = body.get('client_secret');
  if (authorization !== undefined) {
    if (secret !== undefined) throw new OAuthError('invalid_request', 'More than one way to authenticate was used.');
    return fromBasic(authorization, body.get('client_id'));
  }
  const clientId = body.get('client_id');
  if (clientId === undefined || secret === undefined) {
    throw new OAuthError('invalid_client', 'client_id and client_secret are missing.');
  }
  return { clientId, secret };
}

function fromBasic(authorization: string, clientIdInBody: string | undefined): { clientId: string; secret: string } {
  const basic = readBasic(authorization);
  const clientId = basic && formDecoded(basic.name);
  const secret = basic && formDecoded(basic.secret);
  if (clientId === undefined || secret === undefined) {
    throw new OAuthError('invalid_client', 'The Authorization header is no Basic credential.');
  }
  if (clientIdInBody !== undefined && clientIdInBody !== clientId) {
    throw new OAuthError('invalid_request', 'client_id is not the one of the Authorization header.');
  }
  return { clientId, secret };
}

/** Parameters sent without a value count as left out, and none may be sent twice (RFC 6749 3.2). */
function readParameters(body: unknown): Map<string, string> {
  if (typeof body !== 'object' || body === null) throw new OAuthError('invalid_request', 'The body is no form.');
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(body)) {
    if (typeof value !== 'string') throw new OAuthError('invalid_request', 'A parameter is sent more than once.');
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

/** RFC 6749 2.3.1: both halves are form-encoded before they go into the header. */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Every error in OAuth's own form; what is ours to mend goes on to the common handler, which logs it. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (status === undefined) throw error;
  if (status === 401) reply.header('www-authenticate', 'Basic realm="Brevduva"');
  const code =
    error instanceof OAuthError ? error.code : status === 429 ? 'temporarily_unavailable' : 'invalid_request';
  const description = error instanceof OAuthError ? error.message : (DESCRIPTIONS[code] ?? '');
  request.log.info({ oauthError: code, status }, 'token refused');
  return unstored(reply).code(status).send({ error: code, error_description: description });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  temporarily_unavailable: 'Too many failed attempts. Wait as Retry-After says.',
  invalid_request: 'The body is no form (application/x-www-form-urlencoded), or too large.',
};

function statusOf(error: FastifyError): number | undefined {
  if (error instanceof OAuthError) return error.code === 'invalid_client' ? 401 : 400;
  const status = error instanceof AppError ? error.status : error.statusCode;
  if (status === 429) return 429;
  return status !== undefined && status < 500 ? 400 : undefined;
}

/** RFC 6749 5.1. */
function unstored(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
}
