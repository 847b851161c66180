import { AppError, appError, formTexts, isUuid, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorText } from '../console/errorTexts.ts';
import { type ReturnPageData, returnPage } from '../console/returns/page.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { Returned } from '../returnedMail/registerReturn.ts';
import { isReturnReason } from '../returnedMail/returnReasons.ts';
import { selectReturns } from '../sql/returnedMail.ts';
import {
  actingStaffOf,
  type ConsoleOptions,
  consoleRequest,
  sendPage,
  session,
  staffOf,
} from './consoleRequest.http.ts';

const SHOWN_MAX = 100;

/** Mail that came back: registered by scanning or typing the mark, and the latest of it. */
export function registerReturnPages(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/returer', session, (request, reply) => {
    const reason = queryText(request, 'orsak');
    const state = { done: doneOf(request), reason: isReturnReason(reason) ? reason : undefined, form: undefined };
    return sendReturns(request, reply, options, state);
  });
  app.post('/returer', session, (request, reply) => register(request, reply, options));
  app.post<{ Params: { id: string } }>('/returer/:id/adressen-stammer', session, async (request, reply) => {
    const { organisationId, name } = actingStaffOf(request);
    const { id } = request.params;
    if (!isUuid(id)) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    await options.returnedMail.lift({ organisationId, id }, name);
    return reply.redirect('/returer?klart=adress', 303);
  });
}

async function register(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { organisationId, name } = actingStaffOf(request);
  const { mark = '', reason } = formTexts(request.body, ['mark', 'reason']);
  const again = (code: number, form: NonNullable<ReturnPageData['form']>) => {
    const chosen = isReturnReason(reason) ? reason : undefined;
    return sendReturns(request, reply.code(code), options, { done: undefined, reason: chosen, form });
  };
  const words = await wordsFor(request, reply, options);
  if (!isReturnReason(reason)) return again(422, { mark, reasonFault: words('HUB_RETURN_REASON') });
  try {
    const done = await options.returnedMail.register(organisationId, mark, { reason, source: 'console', by: name });
    const said = [done.isNew && 'ny', done.hasCase && 'arende', done.isFlagged && 'adress'].filter(Boolean).join('.');
    return reply.redirect(`/returer?klart=${said || 'redan'}&brev=${done.letterId}&orsak=${reason}`, 303);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('HUB_RETURN_')) throw error;
    return again(error.status, { mark, markFault: words(error.code) });
  }
}

async function wordsFor(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions) {
  const { lang } = await consoleRequest(request, reply, options, '/returer');
  return (code: string) =>
    errorText(code, Object.hasOwn(HUB_ERRORS, code) ? HUB_ERRORS[code as 'HUB_RETURN_MARK'].text : code, lang);
}

/** What the redirect after a registration says; a page that is loaded anew says it again, and registers nothing. */
function doneOf(request: FastifyRequest): Returned | 'cleared' | undefined {
  const said = queryText(request, 'klart');
  const letterId = queryText(request, 'brev');
  if (said === 'adress' && letterId === undefined) return 'cleared';
  if (said === undefined || !isUuid(letterId)) return undefined;
  const words = said.split('.');
  return {
    letterId,
    isNew: words.includes('ny'),
    hasCase: words.includes('arende'),
    isFlagged: words.includes('adress'),
  };
}

async function sendReturns(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  state: Omit<ReturnPageData, 'returns'>,
): Promise<FastifyReply> {
  const { organisationId } = staffOf(request);
  const returns = await selectReturns(options.pool, organisationId, SHOWN_MAX);
  const page = await consoleRequest(request, reply, options, '/returer');
  return sendPage(reply, returnPage(page, { ...state, returns }));
}
