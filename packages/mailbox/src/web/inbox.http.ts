import { appError, pageRange } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import { countInbox, listInbox } from '../sql/inbox.ts';
import { doneNotice } from './doneNotice.ts';
import { inboxPage } from './inboxPage.ts';
import { mailboxNotice } from './mailboxNotice.ts';
import { OPEN_PATH } from './paths.ts';
import { firstOf, searchOf } from './search.ts';
import { type Mailbox, shellOf, visitOf, type WebDependencies } from './visit.http.ts';

const LETTERS_PER_PAGE = 25;

type Query = Readonly<Record<'q' | 'page' | 'done', string | string[] | undefined>>;
type InboxRequest = FastifyRequest<{ Querystring: Query }>;

/** The list of letters, with search and pages. */
export function registerInboxRoutes(app: FastifyInstance, deps: WebDependencies): void {
  app.get('/inbox', { config: { access: 'session' } }, (request: InboxRequest, reply) =>
    showInbox(deps, request, reply),
  );
}

async function showInbox(
  deps: WebDependencies,
  request: InboxRequest,
  reply: FastifyReply,
): Promise<string | FastifyReply> {
  const { user, mailbox } = await visitOf(deps, request);
  if (mailbox === undefined) return toOpening(deps, reply);
  const search = searchOf(request.query.q);
  const counts = await countInbox(deps.pool, mailbox.id, search);
  if (isOver(mailbox) && counts.total === 0 && deps.membership !== undefined) return toOpening(deps, reply);
  const shown = { total: counts.found, perPage: LETTERS_PER_PAGE };
  const { page, pageCount, offset } = pageRange(firstOf(request.query.page), shown);
  const letters = await listInbox(deps.pool, { accountId: mailbox.id, search, limit: LETTERS_PER_PAGE, offset });
  const shell = await shellOf(deps, request, mailbox);
  const notices = [
    await doneNotice(deps, { user, lang: shell.lang, orderId: request.query.done }),
    mailboxNotice({ mailbox, lang: shell.lang, canOpen: deps.membership !== undefined }),
  ].filter((notice) => notice !== undefined);
  reply.type('text/html; charset=utf-8');
  return inboxPage(shell, { letters, counts, search, page, pageCount, notices });
}

/** For somebody who has nothing to read here. */
function toOpening({ membership }: WebDependencies, reply: FastifyReply): FastifyReply {
  if (membership === undefined) throw appError(ERRORS, 'MAILBOX_NO_ACCOUNT');
  return reply.redirect(OPEN_PATH, 303);
}

function isOver({ state }: Mailbox): boolean {
  return state === 'closed' || state === 'moved';
}
