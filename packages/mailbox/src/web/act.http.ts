import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import { findOrder, type SigningOrderRow } from '../sql/signingOrder.ts';
import { actPage, signedActPage } from './actPage.ts';
import type { MemberDependencies } from './opening.http.ts';
import { actPath, SENDERS_PATH, SETTINGS_PATH, signedActPath } from './paths.ts';
import { shellOf, visitOf } from './visit.http.ts';

type ActRequest = FastifyRequest<{ Params: { id: string } }>;

/** Where the e-ID sends the person back to, and where she reads what she has signed. */
export function registerActRoutes(app: FastifyInstance, deps: MemberDependencies): void {
  const config = { access: 'session' as const };
  app.get(actPath(':id'), { config }, (request: ActRequest, reply) => goOn(deps, request, reply));
  app.get(signedActPath(':id'), { config }, (request: ActRequest, reply) => showSigned(deps, request, reply));
}

/**
 * Brings the act as far as it goes. That a visit does it, and not a form, is safe: nothing happens that the person has not
 * signed, and a second visit finds it done.
 */
async function goOn(
  deps: MemberDependencies,
  request: ActRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { user } = await visitOf(deps, request);
  const order = await deps.membership.goOn(user, orderId(request));
  if (order.state === 'done') return reply.redirect(`${landing(order)}?done=${order.id}`, 303);
  // Asked after that: the mailbox may have become another by it.
  const { mailbox } = await visitOf(deps, request);
  const shell = await shellOf(deps, request, mailbox);
  reply.type('text/html; charset=utf-8');
  return actPage({ ...shell, address: actPath(order.id) }, order);
}

async function showSigned(deps: MemberDependencies, request: ActRequest, reply: FastifyReply): Promise<string> {
  const { user, mailbox } = await visitOf(deps, request);
  const order = await findOrder(deps.pool, user.id, orderId(request));
  if (order === undefined || order.signature === null) throw appError(ERRORS, 'MAILBOX_ACT_NOT_FOUND');
  const shell = await shellOf(deps, request, mailbox);
  reply.type('text/html; charset=utf-8');
  return signedActPage(shell, order);
}

function orderId({ params }: ActRequest): string {
  if (!isUuid(params.id)) throw appError(ERRORS, 'MAILBOX_ACT_NOT_FOUND');
  return params.id;
}

function landing({ purpose }: SigningOrderRow): string {
  if (purpose === 'storeAccountPreferences') return SENDERS_PATH;
  return purpose === 'deregister' ? SETTINGS_PATH : '/inbox';
}
