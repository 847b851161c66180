import { appError, registerGuard } from '@brevduva/base';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { apiKeyHash } from '../admin.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { BusinessSystem, HandIn, Intake } from '../intake/accept.ts';
import type { DraftAttachment } from '../intake/draft.ts';
import { letterView } from '../letterView.ts';
import { selectSystemByKeyHash } from '../sql/admin.ts';
import { selectLetterStory } from '../sql/letterStory.ts';
import { ACCEPTED_SCHEMA, LETTER_SCHEMA, LETTER_VIEW_SCHEMA, PROBLEM_SCHEMA } from './openapi.ts';

/** A letter of 2 MB stands as 2.8 MB in base64; the rest is room to say by how much a larger one is too large (scenario 6). */
export const LETTER_REQUEST_BYTES_MAX = 16 * 1024 * 1024;
const LETTER_PART_BYTES_MAX = 256 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const BEARER = /^Bearer ([\x21-\x7e]{16,200})$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The REST way in: hand in a letter, ask for a letter. */
export async function registerLetterRoutes(
  app: FastifyInstance,
  options: { pool: Pool; intake: Intake },
): Promise<void> {
  guardByApiKey(app, options.pool);
  await app.register(multipart, {
    limits: { fileSize: LETTER_REQUEST_BYTES_MAX, files: 21, fields: 1, fieldSize: LETTER_PART_BYTES_MAX, parts: 22 },
  });
  const problem = { description: 'Fel', content: { 'application/problem+json': { schema: PROBLEM_SCHEMA } } };
  app.post(
    '/api/v1/letters',
    {
      config: { access: 'apiKey' },
      bodyLimit: LETTER_REQUEST_BYTES_MAX,
      // Intake judges the whole letter and tells every fault at once; the schema is for the description only.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'sendLetter',
        summary: 'Lämna in ett brev',
        headers: { type: 'object', properties: { 'idempotency-key': { type: 'string', maxLength: 200 } } },
        body: {
          content: {
            'application/json': { schema: LETTER_SCHEMA },
            'multipart/form-data': { schema: MULTIPART_SCHEMA },
          },
        },
        response: { 200: ACCEPTED_SCHEMA, 201: ACCEPTED_SCHEMA, '4xx': problem },
      },
    },
    async (request, reply) => {
      const system = callerOf(request);
      const accepted = await options.intake.accept(await readHandIn(request), system);
      const story = await requireStory(options.pool, system, accepted.letterId);
      const { id, status, links } = letterView(story);
      if (accepted.replay) reply.header('idempotent-replay', 'true');
      return reply
        .code(accepted.replay ? 200 : 201)
        .header('location', links.self)
        .send({ id, status, links });
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/v1/letters/:id',
    {
      config: { access: 'apiKey' },
      schema: {
        operationId: 'getLetter',
        summary: 'Följ ett brev',
        params: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
        response: { 200: LETTER_VIEW_SCHEMA, '4xx': problem },
      },
    },
    async (request) => {
      const system = callerOf(request);
      return letterView(await requireStory(options.pool, system, request.params.id));
    },
  );
}

const MULTIPART_SCHEMA = {
  type: 'object',
  description: 'Delen `letter` är brevets JSON utan base64; varje PDF är en egen del `attachment`.',
  required: ['letter'],
  properties: {
    letter: { type: 'string', contentMediaType: 'application/json' },
    attachment: { type: 'array', items: { type: 'string', contentMediaType: 'application/pdf' } },
  },
} as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls a route with access 'apiKey'. */
    businessSystem: BusinessSystem | undefined;
  }
}

/** Proves an API key before the body is read, so that a stranger cannot make us read 16 MB. */
function guardByApiKey(app: FastifyInstance, pool: Pool): void {
  app.decorateRequest('businessSystem', undefined);
  registerGuard(app, 'apiKey', {
    async authenticate(request) {
      const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
      request.businessSystem = key === undefined ? undefined : await selectSystemByKeyHash(pool, apiKeyHash(key));
      if (request.businessSystem === undefined) throw appError(HUB_ERRORS, 'HUB_API_KEY');
      return undefined;
    },
  });
}

function callerOf(request: FastifyRequest): BusinessSystem {
  if (request.businessSystem === undefined) throw appError(HUB_ERRORS, 'HUB_API_KEY');
  return request.businessSystem;
}

async function readHandIn(request: FastifyRequest): Promise<HandIn> {
  const idempotencyKey = readIdempotencyKey(request);
  if (request.isMultipart()) return { ...(await readMultipart(request)), idempotencyKey };
  if (typeof request.body !== 'object') throw appError(HUB_ERRORS, 'HUB_JSON_REQUIRED');
  return { json: request.body, parts: [], idempotencyKey };
}

function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_KEY');
  return key;
}

async function readMultipart(request: FastifyRequest): Promise<Omit<HandIn, 'idempotencyKey'>> {
  const parts: DraftAttachment[] = [];
  let json: unknown;
  let bytes = 0;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'letter') json = parseLetterPart(part.value);
      continue;
    }
    const file = await part.toBuffer();
    bytes += file.length;
    if (bytes > LETTER_REQUEST_BYTES_MAX) throw appError(HUB_ERRORS, 'HUB_LETTER_TOO_LARGE');
    if (part.fieldname === 'letter') json = parseLetterPart(file.toString('utf8'));
    else parts.push({ filename: part.filename ?? '', contentType: part.mimetype, bytes: file });
  }
  if (json === undefined) throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER');
  return { json, parts };
}

function parseLetterPart(value: unknown): unknown {
  // A part with content type application/json arrives parsed.
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER', { cause });
  }
}

/** A letter of another organisation is not found, exactly as one that does not exist. */
async function requireStory(pool: Pool, system: BusinessSystem, letterId: string) {
  const known = UUID.test(letterId);
  const story = known
    ? await selectLetterStory(pool, { organisationId: system.organisationId, id: letterId })
    : undefined;
  if (story === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  return story;
}
