import { appError, isUuid, type Pool } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ContentStore } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import { characterFault } from '../intake/characters.ts';
import { fault } from '../intake/draft.ts';
import {
  acknowledgeForm,
  type FormMessage,
  selectFormMessage,
  selectFormParts,
  selectWaitingForms,
} from '../sql/formMessages.ts';
import { selectSystemsWithWayIn } from '../sql/systems.ts';
import { CASE_REFERENCE_CHARS_MAX } from '../waysIn/forms/formStates.ts';
import { formView } from '../waysIn/forms/webhookBody.ts';
import { webhookSecret } from '../waysIn/forms/webhookSecret.ts';
import { contentOf } from './consoleFiles.http.ts';
import { FORM_MAILBOX_SCHEMAS } from './formSchemas.ts';
import { sendDownload } from './sendDownload.http.ts';
import { callerOf } from './systemAccess.http.ts';

export interface FormMailboxOptions {
  readonly pool: Pool;
  readonly content: ContentStore;
  readonly contentKey: Buffer;
}

type ById = { Params: { id: string } };

const LIST_LENGTH = 50;

/** A receiver's case mailbox: what waits for it, each form with its files, and the word that it has it. */
export function registerFormMailboxRoutes(app: FastifyInstance, options: FormMailboxOptions): void {
  const { pool, content } = options;
  const access = { config: { access: 'apiKey' } } as const;
  app.get('/api/v1/form-mailbox', { ...access, schema: FORM_MAILBOX_SCHEMAS.list }, (request) =>
    listWaiting(request, pool),
  );
  app.get('/api/v1/form-mailbox/secrets', { ...access, schema: FORM_MAILBOX_SCHEMAS.secrets }, (request) =>
    secretsOf(request, options),
  );
  app.get<ById>('/api/v1/form-mailbox/:id', { ...access, schema: FORM_MAILBOX_SCHEMAS.get }, async (request) => {
    const message = await requireForm(request, pool);
    return viewOf(message, pool);
  });
  app.get<{ Params: { id: string; n: string } }>(
    '/api/v1/form-mailbox/:id/parts/:n',
    { ...access, schema: FORM_MAILBOX_SCHEMAS.part },
    async (request, reply) => sendPart(await requireForm(request, pool), request.params.n, reply, { pool, content }),
  );
  app.post<ById>(
    '/api/v1/form-mailbox/:id/acknowledge',
    { ...access, validatorCompiler: () => () => true, schema: FORM_MAILBOX_SCHEMAS.acknowledge },
    (request) => acknowledge(request, pool),
  );
}

async function listWaiting(request: FastifyRequest, pool: Pool) {
  const { after } = request.query as { after?: unknown };
  const from = typeof after === 'string' && isUuid(after) ? after : undefined;
  const found = await selectWaitingForms(pool, callerOf(request), { max: LIST_LENGTH + 1, after: from });
  const shown = found.slice(0, LIST_LENGTH);
  return {
    forms: shown.map((message) => ({ ...formView(message, []), parts: undefined, status: message.state })),
    next: found.length > LIST_LENGTH ? (shown.at(-1)?.id ?? null) : null,
  };
}

async function viewOf(message: FormMessage, pool: Pool) {
  const parts = await selectFormParts(pool, message.organisationId, message.id);
  return { ...formView(message, parts), status: message.state, caseReference: message.caseReference };
}

async function sendPart(
  { organisationId, id, erasedAt }: FormMessage,
  n: string,
  reply: FastifyReply,
  { pool, content }: Pick<FormMailboxOptions, 'pool' | 'content'>,
): Promise<FastifyReply> {
  if (erasedAt !== null) throw appError(HUB_ERRORS, 'HUB_FORM_ERASED');
  const part = (await selectFormParts(pool, organisationId, id)).find(({ position }) => String(position) === n);
  if (part === undefined) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_FOUND');
  return sendDownload(reply, { ...part, bytes: await contentOf(content, organisationId, part.hash) });
}

async function acknowledge(request: FastifyRequest<ById>, pool: Pool) {
  const message = await requireForm(request, pool);
  const caseReference = readReference(request.body);
  await acknowledgeForm(pool, callerOf(request), { id: message.id, caseReference });
  return viewOf(await requireForm(request, pool), pool);
}

function readReference(body: unknown): string | undefined {
  const reference =
    typeof body === 'object' && body !== null && 'caseReference' in body ? body.caseReference : undefined;
  if (reference === undefined || reference === null || reference === '') return undefined;
  const isGood =
    typeof reference === 'string' &&
    characterFault(reference, 'line') === undefined &&
    [...reference].length <= CASE_REFERENCE_CHARS_MAX;
  if (isGood) return reference;
  throw appError(HUB_ERRORS, 'HUB_FORM_INVALID', { faults: [fault('HUB_FIELD_TYPE', 'caseReference')] });
}

/** What the caller's webhooks are signed with: one for each version that the configuration names. */
async function secretsOf(request: FastifyRequest, { pool, contentKey }: FormMailboxOptions) {
  const { organisationId, code, loginName } = callerOf(request);
  const portals = await selectSystemsWithWayIn(pool, 'forms');
  const versions = portals
    .filter((portal) => portal.organisationId === organisationId)
    .flatMap(({ waysIn }) => waysIn.forms?.products ?? [])
    .filter(({ receiver }) => receiver === code)
    .flatMap(({ webhook }) => webhook?.secretVersion ?? []);
  const distinct = [...new Set(versions)].sort((a, b) => a - b);
  return {
    secrets: distinct.map((version) => ({ version, secret: webhookSecret(contentKey, loginName, version) })),
  };
}

/** A form for another system, or another organisation, is not found, exactly as one that does not exist. */
async function requireForm(request: FastifyRequest<ById>, pool: Pool): Promise<FormMessage> {
  const { organisationId, id: receiverId } = callerOf(request);
  const { id } = request.params;
  const found = isUuid(id) ? await selectFormMessage(pool, organisationId, id) : undefined;
  if (found === undefined || found.receiverId !== receiverId) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_FOUND');
  return found;
}
