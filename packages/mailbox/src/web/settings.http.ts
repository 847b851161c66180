import { AppError } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listAlertAddresses } from '../sql/alertAddress.ts';
import { listSendersOutside } from '../sql/senderList.ts';
import { closePage } from './closePage.ts';
import { doneNotice } from './doneNotice.ts';
import { goSign, type MemberDependencies } from './opening.http.ts';
import { CLOSE_PATH, OPEN_PATH, SETTINGS_PATH } from './paths.ts';
import { settingsPage } from './settingsPage.ts';
import { type Mailbox, shellOf, type Visit, visitOf } from './visit.http.ts';

type SettingsRequest = FastifyRequest<{ Querystring: { done?: string | string[] } }>;

/** The mailbox's own settings, and its end. */
export function registerSettingsRoutes(app: FastifyInstance, deps: MemberDependencies): void {
  const config = { access: 'session' as const };
  app.get(SETTINGS_PATH, { config }, (request: SettingsRequest, reply) => showSettings(deps, request, reply));
  app.get(CLOSE_PATH, { config }, (request, reply) => showClosing(deps, request, reply));
  app.post(CLOSE_PATH, { config }, (request, reply) => beginClosing(deps, request, reply));
}

/** Whoever has her mailbox open here, as the register has it at this moment; undefined for all others. */
export async function openVisit(
  deps: MemberDependencies,
  request: FastifyRequest,
): Promise<(Visit & { mailbox: Mailbox }) | undefined> {
  const { user } = await visitOf(deps, request);
  const standing = await deps.membership.standing(user);
  const { mailbox } = await visitOf(deps, request);
  return standing.kind === 'here' && mailbox !== undefined ? { user, mailbox } : undefined;
}

async function showSettings(
  deps: MemberDependencies,
  request: SettingsRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { user, mailbox } = await visitOf(deps, request);
  if (mailbox === undefined) return reply.redirect(OPEN_PATH, 303);
  const shell = await shellOf(deps, request, mailbox);
  const notice = await doneNotice(deps, { user, lang: shell.lang, orderId: request.query.done });
  const declined = mailbox.state === 'active' ? await declinedNames(deps, user) : [];
  const history = await deps.membership.history(user);
  reply.type('text/html; charset=utf-8');
  const alerts = deps.alerts && (await listAlertAddresses(deps.pool, mailbox.id));
  return settingsPage(shell, { alerts, mailbox, declined, history, notices: notice === undefined ? [] : [notice] });
}

/** The page has more to tell than this, so it is shown also while the register does not answer. */
async function declinedNames(
  { membership, pool }: MemberDependencies,
  user: Visit['user'],
): Promise<string[] | undefined> {
  try {
    const accepted = await membership.acceptedSenders(user);
    const declined = await listSendersOutside(
      pool,
      accepted.map(({ id }) => id),
    );
    return declined.map(({ name }) => name);
  } catch (error) {
    if (error instanceof AppError && error.code === 'MAILBOX_REGISTER_UNREACHABLE') return undefined;
    throw error;
  }
}

async function showClosing(
  deps: MemberDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const visit = await openVisit(deps, request);
  if (visit === undefined) return reply.redirect(SETTINGS_PATH, 303);
  const shell = await shellOf(deps, request, visit.mailbox);
  reply.type('text/html; charset=utf-8');
  return closePage(shell, { text: deps.membership.textFor(visit.user, { purpose: 'deregister' }) });
}

async function beginClosing(
  deps: MemberDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = await openVisit(deps, request);
  if (visit === undefined) return reply.redirect(SETTINGS_PATH, 303);
  return goSign(await deps.membership.begin(visit.user, { purpose: 'deregister' }), reply);
}
