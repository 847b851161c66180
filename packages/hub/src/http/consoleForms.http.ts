import { appError, type Fault, formTexts, isUuid, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formListPage } from '../console/forms/formListPage.ts';
import { type FormPageData, formPage } from '../console/forms/formPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import { noteFaults } from '../handInCases.ts';
import {
  countFormMessages,
  type FormMessage,
  type FormPart,
  retryForm,
  selectAnsweringLetters,
  selectFormEvents,
  selectFormMessage,
  selectFormMessages,
  selectFormParts,
  settleForm,
} from '../sql/formMessages.ts';
import { FORM_STATES } from '../waysIn/forms/formStates.ts';
import { formLines, readFormXml } from '../waysIn/forms/formXml.ts';
import { contentOf } from './consoleFiles.http.ts';
import {
  actingStaffOf,
  type ConsoleOptions,
  consoleRequest,
  pageOf,
  sendPage,
  session,
  staffOf,
} from './consoleRequest.http.ts';
import { sendDownload } from './sendDownload.http.ts';

type ById = { Params: { id: string } };
type ByPart = { Params: { id: string; n: string } };

const LIST_LENGTH = 50;
const DONE = ['triedAgain', 'settled'] as const;

/** Forms from portals: the list, one of them with its files, and what a caseworker does with one that did not arrive. */
export function registerFormPages(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/formular', session, (request, reply) => sendList(request, reply, options));
  app.get<ById>('/formular/:id', session, (request, reply) => sendForm(request, reply, options));
  app.get<ByPart>('/formular/:id/filer/:n', session, (request, reply) => sendFile(request, reply, options));
  app.post<ById>('/formular/:id/forsok-igen', session, (request, reply) => tryAgain(request, reply, options));
  app.post<ById>('/formular/:id/avsluta', session, (request, reply) => settle(request, reply, options));
}

async function sendList(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { organisationId } = staffOf(request);
  const state = FORM_STATES.find((each) => each === queryText(request, 'state'));
  const total = await countFormMessages(options.pool, organisationId, state);
  const { page, pageCount, max, offset } = pageOf(request, { total, perPage: LIST_LENGTH });
  const forms = await selectFormMessages(options.pool, organisationId, { state, max, offset });
  return sendPage(
    reply,
    formListPage(await consoleRequest(request, reply, options), { forms, state, page, pageCount }),
  );
}

async function sendForm(
  request: FastifyRequest<ById>,
  reply: FastifyReply,
  options: ConsoleOptions,
  answer: { settling?: FormPageData['settling']; isConflict?: boolean } = {},
): Promise<FastifyReply> {
  const form = await requireForm(request, options);
  const { organisationId, id } = form;
  const [parts, events, letters] = await Promise.all([
    selectFormParts(options.pool, organisationId, id),
    selectFormEvents(options.pool, organisationId, id),
    selectAnsweringLetters(options.pool, organisationId, id),
  ]);
  const data: FormPageData = {
    ...{ form, parts, events, letters },
    content: await readContent(organisationId, parts, options),
    settling: answer.settling,
    done: DONE.find((each) => each === queryText(request, 'klart')),
    isConflict: answer.isConflict === true,
  };
  return sendPage(reply, formPage(await consoleRequest(request, reply, options, `/formular/${id}`), data));
}

/** Read anew each time: what is stored is the form as it came, and nothing made of it. */
async function readContent(
  organisationId: string,
  parts: readonly FormPart[],
  { content }: ConsoleOptions,
): Promise<FormPageData['content']> {
  const part = parts.find(({ kind }) => kind === 'form');
  const root = part && readFormXml(await contentOf(content, organisationId, part.hash));
  return typeof root === 'object' ? formLines(root) : { lines: [], omitted: false };
}

async function sendFile(request: FastifyRequest<ByPart>, reply: FastifyReply, options: ConsoleOptions) {
  const { organisationId, id, erasedAt } = await requireForm(request, options);
  if (erasedAt !== null) throw appError(HUB_ERRORS, 'HUB_FORM_ERASED');
  const parts = await selectFormParts(options.pool, organisationId, id);
  const part = parts.find(({ position }) => String(position) === request.params.n);
  if (part === undefined) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_FOUND');
  return sendDownload(reply, { ...part, bytes: await contentOf(options.content, organisationId, part.hash) });
}

async function tryAgain(request: FastifyRequest<ById>, reply: FastifyReply, options: ConsoleOptions) {
  const { organisationId, name } = actingStaffOf(request);
  const { id } = await requireForm(request, options);
  if (await retryForm(options.pool, organisationId, id, name)) return redirectTo(reply, id, 'triedAgain');
  return conflict(request, reply, options);
}

async function settle(request: FastifyRequest<ById>, reply: FastifyReply, options: ConsoleOptions) {
  const { organisationId, name } = actingStaffOf(request);
  const { id } = await requireForm(request, options);
  const { note = '' } = formTexts(request.body, ['note']);
  const faults: readonly Fault[] = noteFaults(note);
  if (faults.length > 0) return sendForm(request, reply.code(422), options, { settling: { note, faults } });
  const isSettled = await settleForm(options.pool, organisationId, id, { by: name, note: note.trim() });
  return isSettled ? redirectTo(reply, id, 'settled') : conflict(request, reply, options);
}

function redirectTo(reply: FastifyReply, id: string, done: (typeof DONE)[number]): FastifyReply {
  return reply.redirect(`/formular/${id}?klart=${done}`, 303);
}

/** The page tells who was first, and what became of it. */
function conflict(request: FastifyRequest<ById>, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  return sendForm(request, reply.code(409), options, { isConflict: true });
}

/** @throws AppError HUB_FORM_NOT_FOUND when the person's organisation has no such form, whoever else may have it. */
async function requireForm(request: FastifyRequest<ById>, { pool }: ConsoleOptions): Promise<FormMessage> {
  const { organisationId } = staffOf(request);
  const { id } = request.params;
  const found = isUuid(id) ? await selectFormMessage(pool, organisationId, id) : undefined;
  if (found === undefined) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_FOUND');
  return found;
}
