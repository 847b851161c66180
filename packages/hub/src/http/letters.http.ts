import type { Pool } from '@brevduva/base';
import { appError, type Fault } from '@brevduva/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { HandIn, Intake } from '../intake/accept.ts';
import { type DraftAttachment, fault, PDF_CONTENT_TYPE, pointerToken } from '../intake/draft.ts';
import { letterLinks } from '../letterLinks.ts';
import { letterView } from '../letterView.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { selectLetterStory } from '../sql/letterStory.ts';
import { type FormPart, readMultipart } from './multipart.http.ts';
import { API_SCHEMAS, GET_LETTER_SCHEMA, SEND_LETTER_SCHEMA } from './openapi.ts';
import { callerOf } from './systemAccess.http.ts';

/** A letter of 2 MB stands as 2.8 MB in base64; the rest is room to say by how much a larger one is too large (scenario 6). */
export const LETTER_REQUEST_BYTES_MAX = 16 * 1024 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The REST way in: hand in a letter, ask for a letter. */
export async function registerLetterRoutes(
  app: FastifyInstance,
  options: { pool: Pool; intake: Intake },
): Promise<void> {
  // A scope of its own: nobody else's forms are read like this.
  await app.register(async (scope) => {
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    for (const schema of API_SCHEMAS) scope.addSchema(schema);
    addSendRoute(scope, options.intake);
    addGetRoute(scope, options.pool);
  });
}

function addSendRoute(app: FastifyInstance, intake: Intake): void {
  app.post(
    '/api/v1/letters',
    {
      config: { access: 'apiKey' },
      bodyLimit: LETTER_REQUEST_BYTES_MAX,
      // Intake judges the whole letter and tells every fault at once; the schema is for the description only.
      validatorCompiler: () => () => true,
      schema: SEND_LETTER_SCHEMA,
    },
    async (request, reply) => {
      const accepted = await intake.accept(readHandIn(request), callerOf(request));
      const { letterId, state, replay } = accepted;
      const links = letterLinks(letterId);
      if (replay) reply.header('idempotent-replay', 'true');
      return reply
        .code(replay ? 200 : 201)
        .header('location', links.self)
        .send({ id: letterId, status: state, links });
    },
  );
}

function addGetRoute(app: FastifyInstance, pool: Pool): void {
  app.get<{ Params: { id: string } }>(
    '/api/v1/letters/:id',
    { config: { access: 'apiKey' }, schema: GET_LETTER_SCHEMA },
    async (request) => letterView(await requireStory(pool, callerOf(request), request.params.id)),
  );
}

function readHandIn(request: FastifyRequest): HandIn {
  const idempotencyKey = readIdempotencyKey(request);
  const contentType = request.headers['content-type'] ?? '';
  if (Buffer.isBuffer(request.body)) {
    return { ...readForm(readMultipart(request.body, contentType)), idempotencyKey };
  }
  if (!/^application\/json\b/i.test(contentType)) throw appError(HUB_ERRORS, 'HUB_JSON_REQUIRED');
  return { json: request.body, parts: [], faults: [], idempotencyKey };
}

function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_KEY');
  return key;
}

/** A part with a name that nobody reads is told, not passed over: it may be the attachment. */
function readForm(parts: readonly FormPart[]): Omit<HandIn, 'idempotencyKey'> {
  const named = (name: string) => parts.filter((part) => part.name === name);
  const [letter, ...more] = named('letter');
  if (letter === undefined || more.length > 0) throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER');
  const faults: Fault[] = parts
    .filter(({ name }) => name !== 'letter' && name !== 'attachment')
    .map(({ name }) => fault('HUB_FIELD_UNKNOWN', pointerToken(name), 'Delarna ska heta letter och attachment.'));
  return { json: parseLetterPart(letter), parts: named('attachment').map(toAttachment), faults };
}

function parseLetterPart({ bytes }: FormPart): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER', { cause });
  }
}

/** What a client writes that does not know what it sends; the bytes tell. */
const UNKNOWN_CONTENT_TYPE = 'application/octet-stream';

function toAttachment({ filename = '', contentType = UNKNOWN_CONTENT_TYPE, bytes }: FormPart): DraftAttachment {
  return { filename, contentType: contentType === UNKNOWN_CONTENT_TYPE ? PDF_CONTENT_TYPE : contentType, bytes };
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
