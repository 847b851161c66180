import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Membership } from '../membership/membership.ts';
import type { SigningOrderRow } from '../sql/signingOrder.ts';
import { doneNotice } from './doneNotice.ts';
import { openingPurpose, openPage } from './openPage.ts';
import { actPath, OPEN_PATH } from './paths.ts';
import { shellOf, visitOf, type WebDependencies } from './visit.http.ts';

export interface MemberDependencies extends WebDependencies {
  membership: Membership;
}

type ShowRequest = FastifyRequest<{ Querystring: { done?: string | string[] } }>;
type BeginRequest = FastifyRequest<{ Body: { purpose?: unknown } }>;

/** Where somebody without an open mailbox here opens one, or moves hers here. */
export function registerOpeningRoutes(app: FastifyInstance, deps: MemberDependencies): void {
  const config = { access: 'session' as const };
  app.get(OPEN_PATH, { config }, (request: ShowRequest, reply) => showOpening(deps, request, reply));
  app.post(OPEN_PATH, { config }, (request: BeginRequest, reply) => beginOpening(deps, request, reply));
}

/** To the e-ID where something is to be signed; otherwise to the page that tells how it went. */
export function goSign({ id, state, signUrl }: SigningOrderRow, reply: FastifyReply): FastifyReply {
  return reply.redirect(state === 'ordered' && signUrl !== null ? signUrl : actPath(id), 303);
}

async function showOpening(
  deps: MemberDependencies,
  request: ShowRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { membership } = deps;
  const { user } = await visitOf(deps, request);
  // She may have signed and not come back: then this visit brings it to its end.
  const open = await membership.goOnWithOpen(user);
  if (open !== undefined && open.state !== 'ordered' && open.purpose !== 'storeAccountPreferences') {
    return reply.redirect(actPath(open.id), 303);
  }
  const standing = await membership.standing(user);
  if (standing.kind === 'here') return reply.redirect('/inbox', 303);
  // Asked again: what the register said may have changed it.
  const { mailbox } = await visitOf(deps, request);
  const shell = await shellOf(deps, request, mailbox);
  const notice = await doneNotice(deps, { user, lang: shell.lang, orderId: request.query.done });
  const text = membership.textFor(user, { purpose: openingPurpose(standing) });
  reply.type('text/html; charset=utf-8');
  return openPage(shell, { standing, text, notices: notice === undefined ? [] : [notice] });
}

async function beginOpening(
  deps: MemberDependencies,
  request: BeginRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { membership } = deps;
  const { user } = await visitOf(deps, request);
  const standing = await membership.standing(user);
  if (standing.kind === 'here') return reply.redirect('/inbox', 303);
  const purpose = openingPurpose(standing);
  // The page showed something else: she reads what is true now before she signs.
  if (request.body?.purpose !== purpose) return reply.redirect(OPEN_PATH, 303);
  return goSign(await membership.begin(user, { purpose }), reply);
}
