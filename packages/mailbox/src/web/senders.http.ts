import { appError, pageRange } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import type { Act } from '../membership/agreement.ts';
import { countSenders, findSenders, type ListedSender, listSenders } from '../sql/senderList.ts';
import { doneNotice } from './doneNotice.ts';
import { goSign, type MemberDependencies } from './opening.http.ts';
import { SENDERS_PATH, SENDERS_REVIEW_PATH, SETTINGS_PATH } from './paths.ts';
import { firstOf, searchOf } from './search.ts';
import { reviewPage, sendersPage } from './sendersPage.ts';
import { openVisit } from './settings.http.ts';
import { shellOf } from './visit.http.ts';

const SENDERS_PER_PAGE = 50;
const SENDER_ID = /^[0-9]{12}$/;

type Field = string | string[] | undefined;
type ListRequest = FastifyRequest<{ Querystring: Readonly<Record<'q' | 'page' | 'done', Field>> }>;
type ReviewRequest = FastifyRequest<{ Querystring: Readonly<Record<'shown' | 'accept', Field>> }>;
type ChangeRequest = FastifyRequest<{ Body: Readonly<Record<'decline' | 'regain', Field>> }>;

/** Whose digital mail the person takes: the list, what a change means, and the signature for it. */
export function registerSendersRoutes(app: FastifyInstance, deps: MemberDependencies): void {
  const config = { access: 'session' as const };
  app.get(SENDERS_PATH, { config }, (request: ListRequest, reply) => showSenders(deps, request, reply));
  app.get(SENDERS_REVIEW_PATH, { config }, (request: ReviewRequest, reply) => showReview(deps, request, reply));
  app.post(SENDERS_PATH, { config }, (request: ChangeRequest, reply) => beginChange(deps, request, reply));
}

async function showSenders(
  deps: MemberDependencies,
  request: ListRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const visit = await openVisit(deps, request);
  if (visit === undefined) return reply.redirect(SETTINGS_PATH, 303);
  const search = searchOf(request.query.q);
  const { found, total } = await countSenders(deps.pool, search);
  const { page, pageCount, offset } = pageRange(firstOf(request.query.page), {
    total: found,
    perPage: SENDERS_PER_PAGE,
  });
  const senders = await listSenders(deps.pool, { search, limit: SENDERS_PER_PAGE, offset });
  const accepted = new Set((await deps.membership.acceptedSenders(visit.user)).map(({ id }) => id));
  const shell = await shellOf(deps, request, visit.mailbox);
  const notice = await doneNotice(deps, { user: visit.user, lang: shell.lang, orderId: request.query.done });
  const notices = notice === undefined ? [] : [notice];
  reply.type('text/html; charset=utf-8');
  return sendersPage(shell, { senders, accepted, found, total, search, page, pageCount, notices });
}

async function showReview(
  deps: MemberDependencies,
  request: ReviewRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const visit = await openVisit(deps, request);
  if (visit === undefined) return reply.redirect(SETTINGS_PATH, 303);
  const ticked = new Set([request.query.accept].flat());
  const shown = idsOf(request.query.shown);
  const change = await changeOf(deps, await acceptedIds(deps, visit.user), {
    declined: shown.filter((id) => !ticked.has(id)),
    regained: shown.filter((id) => ticked.has(id)),
  });
  const shell = await shellOf(deps, request, visit.mailbox);
  reply.type('text/html; charset=utf-8');
  return reviewPage(shell, { ...change, text: deps.membership.textFor(visit.user, change.act) });
}

async function beginChange(
  deps: MemberDependencies,
  request: ChangeRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = await openVisit(deps, request);
  if (visit === undefined) return reply.redirect(SETTINGS_PATH, 303);
  const { act, declined, regained } = await changeOf(deps, await acceptedIds(deps, visit.user), {
    declined: idsOf(request.body?.decline),
    regained: idsOf(request.body?.regain),
  });
  if (declined.length + regained.length === 0) return reply.redirect(SENDERS_PATH, 303);
  return goSign(await deps.membership.begin(visit.user, act), reply);
}

async function acceptedIds(
  { membership }: MemberDependencies,
  user: Parameters<MemberDependencies['membership']['acceptedSenders']>[0],
): Promise<ReadonlySet<string>> {
  return new Set((await membership.acceptedSenders(user)).map(({ id }) => id));
}

interface Change {
  /** Only those for whom something becomes another. */
  declined: ListedSender[];
  regained: ListedSender[];
  act: Extract<Act, { purpose: 'storeAccountPreferences' }>;
}

/** What the person wants, beside what the register has now. @throws AppError MAILBOX_UNKNOWN_SENDERS */
async function changeOf(
  { pool }: MemberDependencies,
  accepted: ReadonlySet<string>,
  wanted: { declined: readonly string[]; regained: readonly string[] },
): Promise<Change> {
  const ids = [...wanted.declined, ...wanted.regained];
  const known = new Map((await findSenders(pool, ids)).map((sender) => [sender.id, sender]));
  if (!ids.every((id) => known.has(id))) throw appError(ERRORS, 'MAILBOX_UNKNOWN_SENDERS');
  const listed = [...known.values()];
  const declined = listed.filter(({ id }) => wanted.declined.includes(id) && accepted.has(id));
  const regained = listed.filter(({ id }) => wanted.regained.includes(id) && !accepted.has(id));
  const turnedAway = new Set(declined.map(({ id }) => id));
  const acceptedSenders = [...[...accepted].filter((id) => !turnedAway.has(id)), ...regained.map(({ id }) => id)];
  const act = {
    purpose: 'storeAccountPreferences' as const,
    acceptedSenders: acceptedSenders.sort(),
    declinedNames: declined.map(({ name }) => name),
    regainedNames: regained.map(({ name }) => name),
  };
  return { declined, regained, act };
}

/** Numbers with commas between them; at most a page of them. @throws AppError MAILBOX_UNKNOWN_SENDERS */
function idsOf(field: Field): string[] {
  const ids = [...new Set(firstOf(field).split(',').filter(Boolean))];
  if (ids.length > SENDERS_PER_PAGE || !ids.every((id) => SENDER_ID.test(id))) {
    throw appError(ERRORS, 'MAILBOX_UNKNOWN_SENDERS');
  }
  return ids;
}
