import { AppError, appError, type Fault, formTexts, isUuid, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HAND_IN_FIELDS, type HandInFormState } from '../console/handIns/handInForm.ts';
import { handInPage, PICTURES_MAX } from '../console/handIns/handInPage.ts';
import { handInQueuePage } from '../console/handIns/queuePage.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { FoundOut } from '../handInCases.ts';
import { isRefusal } from '../pdf/inspection.ts';
import {
  countOpenHandInCases,
  type HandInCase,
  type HandInResolution,
  selectHandInCase,
  selectOpenHandInCases,
} from '../sql/handInCases.ts';
import { contentOf, sendPdf } from './consoleFiles.http.ts';
import {
  actingStaffOf,
  type ConsoleOptions,
  consoleRequest,
  pageOf,
  sendPage,
  session,
  staffOf,
} from './consoleRequest.http.ts';

type HandInRequest = FastifyRequest<{ Params: { id: string } }>;
type ById = { Params: { id: string } };
type ByPage = { Params: { id: string; n: string } };

const LIST_LENGTH = 50;
const RESOLUTIONS: readonly HandInResolution[] = ['handedIn', 'discarded'];

/** Hand-ins that no rule could make letters of: the queue, one of them with its pages, and what a caseworker does with it. */
export function registerHandInPages(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/att-reda-ut', session, (request, reply) => sendQueue(request, reply, options));
  app.get<ById>('/att-reda-ut/:id', session, (request, reply) => sendHandIn(request, reply, options));
  app.get<ById>('/att-reda-ut/:id/pdf', session, (request, reply) => sendFile(request, reply, options));
  app.get<ByPage>('/att-reda-ut/:id/sidor/:n', session, (request, reply) => sendPicture(request, reply, options));
  app.post<ById>('/att-reda-ut/:id/lamna-in', session, (request, reply) => handIn(request, reply, options));
  app.post<ById>('/att-reda-ut/:id/skicka-inte', session, (request, reply) => discard(request, reply, options));
}

async function sendQueue(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { organisationId } = staffOf(request);
  const total = await countOpenHandInCases(options.pool, organisationId);
  const { page, pageCount, ...range } = pageOf(request, { total, perPage: LIST_LENGTH });
  const cases = await selectOpenHandInCases(options.pool, organisationId, range);
  const data = { cases, page, pageCount, done: doneOf(request) };
  return sendPage(reply, handInQueuePage(await consoleRequest(request, reply, options), data));
}

function doneOf(request: FastifyRequest) {
  const resolution = RESOLUTIONS.find((each) => each === queryText(request, 'klart'));
  const letterId = queryText(request, 'brev');
  return resolution && { resolution, letterId: isUuid(letterId) ? letterId : undefined };
}

async function sendHandIn(
  request: HandInRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  answer: { form?: HandInFormState; isConflict?: boolean } = {},
): Promise<FastifyReply> {
  const found = await requireHandIn(request, options);
  const page = await consoleRequest(request, reply, options, `/att-reda-ut/${found.id}`);
  const data = { handIn: found, form: answer.form, isConflict: answer.isConflict === true };
  return sendPage(reply, handInPage(page, data));
}

async function sendFile(request: HandInRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { hash, filename } = await requireHandIn(request, options);
  return sendPdf(reply, await contentOf(options.content, staffOf(request).organisationId, hash), filename);
}

async function sendPicture(
  request: FastifyRequest<ByPage>,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const { hash, detail } = await requireHandIn(request, options);
  const page = /^\d{1,3}$/.test(request.params.n) ? Number(request.params.n) : 0;
  if (page < 1 || page > Math.min(detail.pages ?? 1, PICTURES_MAX)) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  const bytes = await contentOf(options.content, staffOf(request).organisationId, hash);
  const drawn = await options.pictures.picturePage(bytes, page);
  // A page that cannot be drawn is not there; the page around it still offers the file.
  if (isRefusal(drawn)) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND', { detail: drawn.faults[0]?.code ?? '' });
  return reply.type('image/png').send(drawn.png);
}

async function handIn(request: HandInRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const values = formTexts(request.body, HAND_IN_FIELDS);
  return act(request, reply, options, { form: 'handIn', values }, async (organisationId, id, by) => {
    const letterId = await options.handIns.handIn(organisationId, id, by, foundOut(values));
    return `/att-reda-ut?klart=handedIn&brev=${letterId}`;
  });
}

async function discard(request: HandInRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const values = formTexts(request.body, ['note']);
  return act(request, reply, options, { form: 'discard', values }, async (organisationId, id, by) => {
    await options.handIns.discard(organisationId, id, by, values['note'] ?? '');
    return '/att-reda-ut?klart=discarded';
  });
}

function foundOut(values: Readonly<Record<string, string>>): FoundOut {
  const text = (name: string) => values[name] ?? '';
  const address = {
    name: text('name'),
    careOf: text('careOf'),
    lines: text('street').split(/\r\n|\r|\n/),
    postalCode: text('postalCode'),
    city: text('city'),
    country: text('country'),
  };
  return {
    recipient: text('recipient'),
    subject: text('subject'),
    reference: text('reference'),
    address,
    protectedIdentity: values['protectedIdentity'] === 'on',
  };
}

/** Does it and goes back to the queue; faults are shown in the form, and when somebody else was first the page tells who and what. */
async function act(
  request: HandInRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  form: Omit<HandInFormState, 'faults'>,
  work: (organisationId: string, caseId: string, by: string) => Promise<string>,
): Promise<FastifyReply> {
  const { organisationId, name } = actingStaffOf(request);
  const { id } = await requireHandIn(request, options);
  try {
    return reply.redirect(await work(organisationId, id, name), 303);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'HUB_CASE_CLOSED') {
      return sendHandIn(request, reply.code(error.status), options, { isConflict: true });
    }
    const faults = formFaults(error);
    if (faults === undefined) throw error;
    return sendHandIn(request, reply.code(error.status), options, { form: { ...form, faults } });
  }
}

/** Faults of the letter or of the note, which belong in the form; everything else is an error page. */
function formFaults({ code, faults }: AppError): readonly Fault[] | undefined {
  return code === 'HUB_LETTER_INVALID' || code === 'HUB_LETTER_TOO_LARGE' ? faults : undefined;
}

/** @throws AppError HUB_CASE_NOT_FOUND when the person's organisation has no such case, whoever else may have it. */
async function requireHandIn(request: FastifyRequest<ById>, { pool }: ConsoleOptions): Promise<HandInCase> {
  const { organisationId } = staffOf(request);
  const { id } = request.params;
  const found = isUuid(id) ? await selectHandInCase(pool, organisationId, id) : undefined;
  if (found === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  return found;
}
