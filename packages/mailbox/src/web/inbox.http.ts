import { appError } from '@brevduva/base';
import type { Language, SafeHtml } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import { countInbox, listInbox } from '../sql/inbox.ts';
import { inboxPage, SEARCH_CHARACTERS_MAX } from './inboxPage.ts';
import { mailboxNotice } from './mailboxNotice.ts';
import { OPEN_PATH } from './paths.ts';
import { type Mailbox, shellOf, visitOf, type WebDependencies } from './visit.http.ts';

const LETTERS_PER_PAGE = 25;
const PAGES_MAX = 100_000;

type InboxRequest = FastifyRequest<{ Querystring: { q?: string | string[]; page?: string | string[] } }>;

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
  const { mailbox } = await visitOf(deps, request);
  if (mailbox === undefined) {
    if (deps.membership === undefined) throw appError(ERRORS, 'MAILBOX_NO_ACCOUNT');
    return reply.redirect(OPEN_PATH, 303);
  }
  const search = firstOf(request.query.q).trim().slice(0, SEARCH_CHARACTERS_MAX);
  const counts = await countInbox(deps.pool, mailbox.id, search);
  const pageCount = Math.max(1, Math.ceil(counts.found / LETTERS_PER_PAGE));
  const page = Math.min(pageNumber(firstOf(request.query.page)), pageCount);
  const offset = (page - 1) * LETTERS_PER_PAGE;
  const letters = await listInbox(deps.pool, { accountId: mailbox.id, search, limit: LETTERS_PER_PAGE, offset });
  const shell = await shellOf(deps, request, mailbox);
  const notices = noticesOf(deps, mailbox, shell.lang);
  reply.type('text/html; charset=utf-8');
  return inboxPage(shell, { letters, counts, search, page, pageCount, notices });
}

function noticesOf({ membership }: WebDependencies, mailbox: Mailbox, lang: Language): SafeHtml[] {
  const notice = mailboxNotice({ mailbox, lang, canOpen: membership !== undefined });
  return notice === undefined ? [] : [notice];
}

/** A query field that is given twice counts once. */
function firstOf(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function pageNumber(text: string): number {
  return /^[1-9]\d{0,5}$/.test(text) ? Math.min(Number(text), PAGES_MAX) : 1;
}
