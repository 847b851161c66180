import type { Pool } from '@brevduva/base';
import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { Intake } from '../intake/accept.ts';
import { letterLinks } from '../letterLinks.ts';
import { letterView } from '../letterView.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { selectLetterStory } from '../sql/letterStory.ts';
import { acceptForms, readHandIn } from './handIn.http.ts';
import { GET_LETTER_SCHEMA, SEND_LETTER_SCHEMA } from './openapi.ts';
import { callerOf } from './systemAccess.http.ts';

/** A letter of 2 MB stands as 2.8 MB in base64; the rest is room to say by how much a larger one is too large (scenario 6). */
export const LETTER_REQUEST_BYTES_MAX = 16 * 1024 * 1024;
/** The REST way in: hand in a letter, ask for a letter. Refers to the schemas of `addApiSchemas`. */
export async function registerLetterRoutes(
  app: FastifyInstance,
  options: { pool: Pool; intake: Intake },
): Promise<void> {
  // A scope of its own: nobody else's forms are read like this.
  await app.register(async (scope) => {
    acceptForms(scope);
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
      const accepted = await intake.accept(readHandIn(request, 'letter'), callerOf(request));
      const { letterId, state, replay, warnings, sms } = accepted;
      const links = letterLinks(letterId);
      if (replay) reply.header('idempotent-replay', 'true');
      return reply
        .code(replay ? 200 : 201)
        .header('location', links.self)
        .send({ id: letterId, status: state, links, ...(warnings && { warnings }), ...(sms && { sms }) });
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

/** A letter of another organisation is not found, exactly as one that does not exist. */
async function requireStory(pool: Pool, system: BusinessSystem, letterId: string) {
  const known = isUuid(letterId);
  const story = known
    ? await selectLetterStory(pool, { organisationId: system.organisationId, id: letterId })
    : undefined;
  if (story === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  return story;
}
