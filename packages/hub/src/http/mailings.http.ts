import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { fault } from '../intake/draft.ts';
import type { OnFault } from '../mailing/fill.ts';
import type { Mailing } from '../mailing/mailing.ts';
import type { Mailings } from '../mailing/mailings.ts';
import { acceptForms, readHandIn, readIdempotencyKey } from './handIn.http.ts';
import { LETTER_REQUEST_BYTES_MAX } from './letters.http.ts';
import { MAILING_SCHEMAS } from './mailingSchemas.ts';
import { callerOf } from './systemAccess.http.ts';

const ACCESS = { config: { access: 'apiKey' }, bodyLimit: LETTER_REQUEST_BYTES_MAX } as const;
/** Intake judges everything and tells every fault at once; the schemas are for the description only. */
const DESCRIBED = { validatorCompiler: () => () => true } as const;

/** The REST way in for mailings: create, fill, commit or cancel. */
export async function registerMailingRoutes(app: FastifyInstance, mailings: Mailings): Promise<void> {
  await app.register(async (scope) => {
    acceptForms(scope);
    addCreateRoute(scope, mailings);
    addFillRoutes(scope, mailings);
    addEndRoutes(scope, mailings);
  });
}

function addCreateRoute(app: FastifyInstance, mailings: Mailings): void {
  app.post('/api/v1/mailings', { ...ACCESS, ...DESCRIBED, schema: MAILING_SCHEMAS.create }, async (request, reply) => {
    const system = callerOf(request);
    const { mailing, replay } = await mailings.create(readHandIn(request, 'mailing'), system, { name: system.name });
    if (replay) reply.header('idempotent-replay', 'true');
    return reply
      .code(replay ? 200 : 201)
      .header('location', mailingLinks(mailing.id).self)
      .send(mailingView(mailing));
  });
  app.get('/api/v1/mailings/:id', { ...ACCESS, schema: MAILING_SCHEMAS.get }, async (request) =>
    mailingView(await mailings.get(idOf(request), callerOf(request))),
  );
}

function addFillRoutes(app: FastifyInstance, mailings: Mailings): void {
  app.post(
    '/api/v1/mailings/:id/recipients',
    { ...ACCESS, ...DESCRIBED, schema: MAILING_SCHEMAS.fill },
    async (request) => {
      const { recipients, onFault } = readBunch(request.body);
      const idempotencyKey = readIdempotencyKey(request);
      return mailings.fill(idOf(request), { recipients, onFault, idempotencyKey }, callerOf(request));
    },
  );
  app.post(
    '/api/v1/mailings/:id/letters',
    { ...ACCESS, ...DESCRIBED, schema: MAILING_SCHEMAS.addLetter },
    async (request, reply) => {
      const added = await mailings.addLetter(idOf(request), readHandIn(request, 'letter'), callerOf(request));
      return reply.code(201).send({ id: added.letterId, ...(added.warnings && { warnings: added.warnings }) });
    },
  );
}

function addEndRoutes(app: FastifyInstance, mailings: Mailings): void {
  app.post('/api/v1/mailings/:id/commit', { ...ACCESS, schema: MAILING_SCHEMAS.commit }, async (request, reply) => {
    const system = callerOf(request);
    const mailing = await mailings.commit(idOf(request), system, { name: system.name });
    return answerState(reply, mailing);
  });
  app.post('/api/v1/mailings/:id/cancel', { ...ACCESS, schema: MAILING_SCHEMAS.cancel }, async (request, reply) => {
    const system = callerOf(request);
    return answerState(reply, await mailings.cancel(idOf(request), system, { name: system.name }));
  });
}

/** 202 while a person has to say yes. */
function answerState(reply: FastifyReply, mailing: Mailing): FastifyReply {
  return reply.code(mailing.state === 'awaitingApproval' ? 202 : 200).send(mailingView(mailing));
}

/** @throws AppError HUB_MAILING_NOT_FOUND: what is no id is nobody's mailing. */
function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (!isUuid(id)) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return id;
}

function readBunch(body: unknown): { recipients: readonly unknown[]; onFault: OnFault } {
  const { recipients, onFault = 'refuse', ...more } = (isObject(body) ? body : {}) as Record<string, unknown>;
  const faults = [
    ...(Array.isArray(recipients)
      ? []
      : [fault('HUB_FIELD_TYPE', 'recipients', 'Fältet ska vara en lista av mottagare.')]),
    ...(onFault === 'refuse' || onFault === 'skip'
      ? []
      : [fault('HUB_FIELD_TYPE', 'onFault', 'Fältet ska vara refuse eller skip.')]),
    ...Object.keys(more).map((name) => fault('HUB_FIELD_UNKNOWN', name.slice(0, 100))),
  ];
  if (faults.length > 0) throw appError(HUB_ERRORS, 'HUB_MAILING_RECIPIENTS', { faults });
  return { recipients: recipients as readonly unknown[], onFault: onFault as OnFault };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a mailing is found: by its business system, and by staff. */
function mailingLinks(id: string): { readonly self: string; readonly console: string } {
  return { self: `/api/v1/mailings/${id}`, console: `/utskick/${id}` };
}

/** A mailing as its business system may know it. */
function mailingView(mailing: Mailing): Record<string, unknown> {
  const { id, name, state, flowCode, recipients, createdAt, committedAt, notBefore, expiresAt, letters } = mailing;
  const { warnings, sentBefore } = mailing;
  return {
    id,
    name,
    status: state,
    flow: flowCode,
    recipients,
    createdAt: createdAt.toISOString(),
    committedAt: committedAt?.toISOString() ?? null,
    notBefore: notBefore?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
    letters,
    ...(warnings.length > 0 && { warnings }),
    sentBefore: sentBefore === undefined ? null : { name: sentBefore.name, at: sentBefore.at.toISOString() },
    links: mailingLinks(id),
  };
}
