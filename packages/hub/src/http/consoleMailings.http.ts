import { AppError, appError, formTexts, isUuid, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { approvalPage, REASON_CHARACTERS_MAX } from '../console/mailings/approvalPage.ts';
import { cancelMailingPage } from '../console/mailings/cancelPage.ts';
import { MAILING_DEEDS, type MailingDeed, mailingPage } from '../console/mailings/detailPage.ts';
import { mailingListPage } from '../console/mailings/listPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { MailingForecast } from '../mailing/forecast.ts';
import { letterBody } from '../mailing/letterBody.ts';
import { MAILING_STATES, type MailingKey } from '../mailing/mailing.ts';
import { CONSOLE_SYSTEM_CODE } from '../sql/consoleSystem.ts';
import { type LetterPreview, selectPreviews } from '../sql/mailingPreviews.ts';
import { selectMailings } from '../sql/mailings.ts';
import { countMailings, type MailingStory, selectMailingStory, selectSentBefore } from '../sql/mailingViews.ts';
import { consoleSystemOf } from './consoleNewMailing.http.ts';
import {
  actingStaffOf,
  approverOf,
  type ConsoleOptions,
  consoleRequest,
  pageOf,
  type Staff,
  sendPage,
  session,
  staffOf,
} from './consoleRequest.http.ts';

type MailingRequest = FastifyRequest<{ Params: { id: string } }>;
type ById = { Params: { id: string } };

const LIST_LENGTH = 50;
const PREVIEWS = 3;

/** Mailings: the list, one of them, and the second person's answer. */
export function registerMailingPages(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/utskick', session, (request, reply) => sendList(request, reply, options));
  app.get<ById>('/utskick/:id', session, (request, reply) => sendMailing(request, reply, options));
  app.get<ById>('/utskick/:id/granska', session, (request, reply) => sendApproval(request, reply, options));
  app.post<ById>('/utskick/:id/godkann', session, (request, reply) => approve(request, reply, options));
  app.post<ById>('/utskick/:id/skicka-tillbaka', session, (request, reply) => sendBack(request, reply, options));
  app.post<ById>('/utskick/:id/slapp', session, (request, reply) => release(request, reply, options));
  app.get<ById>('/utskick/:id/avbryt', session, (request, reply) => askToCancel(request, reply, options));
  app.post<ById>('/utskick/:id/avbryt', session, (request, reply) => cancel(request, reply, options));
}

async function sendList(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { organisationId } = staffOf(request);
  const state = MAILING_STATES.find((each) => each === queryText(request, 'state'));
  const total = await countMailings(options.pool, organisationId, state);
  const { page, pageCount, ...range } = pageOf(request, { total, perPage: LIST_LENGTH });
  const mailings = await selectMailings(options.pool, organisationId, { ...(state && { state }), ...range });
  return sendPage(
    reply,
    mailingListPage(await consoleRequest(request, reply, options), {
      ...{ mailings, state, page, pageCount },
      fillingDays: options.fillingDays,
    }),
  );
}

async function sendMailing(
  request: MailingRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  isConflict = false,
): Promise<FastifyReply> {
  const story = await requireMailing(request, options);
  const { organisationId, id } = story.mailing;
  const done: MailingDeed | undefined = MAILING_DEEDS.find((each) => each === queryText(request, 'klart'));
  const page = await consoleRequest(request, reply, options, `/utskick/${id}`);
  const bodyText = story.bodyHash && (await textOf(options, organisationId, { ...story, bodyHash: story.bodyHash }));
  return sendPage(reply, mailingPage(page, { story, bodyText, done, isConflict, fillingDays: options.fillingDays }));
}

/** @throws AppError HUB_MAILING_NOT_FOUND when the person's organisation has no such mailing, whoever else may have it. */
export async function requireMailing(
  request: FastifyRequest,
  { pool }: Pick<ConsoleOptions, 'pool'>,
): Promise<MailingStory> {
  const story = await selectMailingStory(pool, keyOf(request, staffOf(request)));
  if (story === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return story;
}

function keyOf(request: FastifyRequest, { organisationId }: Staff): MailingKey {
  const { id } = request.params as { id: string };
  if (!isUuid(id)) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return { organisationId, id };
}

async function textOf(
  { content }: ConsoleOptions,
  organisationId: string,
  { bodyContentType, bodyHash }: { bodyContentType: string; bodyHash: Buffer },
): Promise<string | undefined> {
  if (bodyContentType === 'text/html') return undefined;
  return (await content.get(organisationId, [bodyHash])).get(bodyHash.toString('hex'))?.toString('utf8');
}

/** Undefined when it is HTML, which is shown in a frame of its own. */
export async function previewText(preview: LetterPreview, { content }: ConsoleOptions): Promise<string | undefined> {
  return preview.bodyContentType === 'text/html' ? undefined : (await letterBody(preview, content)).toString('utf8');
}

async function sendApproval(
  request: MailingRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  answer: { hasChanged?: boolean; isReasonMissing?: boolean } = {},
): Promise<FastifyReply> {
  const story = await requireMailing(request, options);
  const { id, state, createdBySubject } = story.mailing;
  const isReleased = state === 'filling' && story.systemCode === CONSOLE_SYSTEM_CODE;
  if (state !== 'awaitingApproval' && !isReleased) return reply.redirect(`/utskick/${id}`, 303);
  const found = await selectPreviews(options.pool, story.mailing, { random: PREVIEWS });
  const previews = await Promise.all(
    found.map(async (preview) => ({ preview, bodyText: await previewText(preview, options) })),
  );
  const data = {
    ...{ story, previews, forecast: await forecastOf(story.mailing, options) },
    mode: isReleased ? ('release' as const) : ('approve' as const),
    sentBefore: await selectSentBefore(options.pool, story.mailing),
    isOwn: createdBySubject === staffOf(request).subject,
    hasChanged: answer.hasChanged === true,
    isReasonMissing: answer.isReasonMissing === true,
  };
  return sendPage(reply, approvalPage(await consoleRequest(request, reply, options, `/utskick/${id}/granska`), data));
}

const REGISTERS_DOWN: readonly string[] = ['HUB_REGISTER_DOWN', 'HUB_EINVOICE_REGISTRY_DOWN'];

/** Undefined while a register does not answer: the page says so, and the mailing can be approved all the same. */
async function forecastOf(key: MailingKey, options: ConsoleOptions): Promise<MailingForecast | undefined> {
  try {
    return await options.forecast(key);
  } catch (error) {
    if (error instanceof AppError && REGISTERS_DOWN.includes(error.code)) return undefined;
    throw error;
  }
}

async function approve(request: MailingRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const person = approverOf(request);
  const { begard } = formTexts(request.body, ['begard']);
  return answer(request, reply, options, 'approved', () =>
    options.mailings.approve(keyOf(request, person), person, begard),
  );
}

async function sendBack(request: MailingRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const person = approverOf(request);
  const { begard, reason = '' } = formTexts(request.body, ['begard', 'reason']);
  const text = reason
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, REASON_CHARACTERS_MAX);
  if (text === '') {
    reply.code(422);
    return sendApproval(request, reply, options, { isReasonMissing: true });
  }
  return answer(request, reply, options, 'sentBack', () =>
    options.mailings.sendBack(keyOf(request, person), person, text, begard),
  );
}

/** Does it and shows the mailing; when somebody else was first, tells who and what, or that what she saw is no longer so. */
async function answer(
  request: MailingRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  deed: MailingDeed,
  work: () => Promise<unknown>,
): Promise<FastifyReply> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || !OVERTAKEN.includes(error.code)) throw error;
    reply.code(error.status);
    const { mailing } = await requireMailing(request, options);
    if (mailing.state !== 'awaitingApproval') return sendMailing(request, reply, options, true);
    return sendApproval(request, reply, options, { hasChanged: true });
  }
  return reply.redirect(`/utskick/${request.params.id}?klart=${deed}`, 303);
}

/** Somebody else was first. */
const OVERTAKEN: readonly string[] = ['HUB_MAILING_NOT_AWAITING', 'HUB_MAILING_COMMITTED'];

/** Only what was made here: a system's mailing is released by the system. @throws AppError HUB_MAILING_NOT_FOUND otherwise */
async function release(request: MailingRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const person = actingStaffOf(request);
  const { id } = (await requireMailing(request, options)).mailing;
  const system = await consoleSystemOf(person.organisationId, options);
  const { state } = await options.mailings.commit(id, system, person);
  return reply.redirect(`/utskick/${id}?klart=${state === 'awaitingApproval' ? 'asked' : 'released'}`, 303);
}

async function askToCancel(
  request: MailingRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  actingStaffOf(request);
  const { mailing } = await requireMailing(request, options);
  const isOver = mailing.state === 'committed' || mailing.state === 'cancelled';
  if (isOver) return reply.redirect(`/utskick/${mailing.id}`, 303);
  return sendPage(reply, cancelMailingPage(await consoleRequest(request, reply, options), mailing));
}

async function cancel(request: MailingRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const person = actingStaffOf(request);
  return answer(request, reply, options, 'cancelled', () =>
    options.mailings.cancelByStaff(keyOf(request, person), person),
  );
}
