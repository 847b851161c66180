import { appError, type Clock, type ErrorView, type Log, type Principal } from '@brevduva/base';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import { languageOf, rememberLanguage } from '../language.http.ts';
import type { Pool } from '../sql/pool.ts';
import { consoleErrorPage } from './errorPage.ts';
import type { RegisterOwner } from './login.http.ts';
import { FAR_ROLES, mayChange } from './roles.ts';
import type { ConsoleRequest } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';

/** What the console's routes work with. */
export interface ConsoleOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly owner: RegisterOwner;
  readonly isDevelopmentRegister: boolean;
}

/** For every route of the console: `app.get(path, session, …)`. */
export const session = { config: { access: 'session' } } as const;

/** Who is logged in: her `subject` and `name` belong in every trace of what she does. */
export function staffOf({ principal }: FastifyRequest): Principal {
  if (principal === undefined) throw appError(ERRORS, 'FAR_ROLE_MISSING', { detail: 'a route without access session' });
  return principal;
}

/** As {@link staffOf}, for every route that changes something. @throws AppError FAR_ROLE_MISSING when she may only look. */
export function changingStaffOf(request: FastifyRequest): Principal {
  const staff = staffOf(request);
  if (!mayChange(staff)) throw appError(ERRORS, 'FAR_ROLE_MISSING');
  return staff;
}

/** What the pages need of the request; `path` where the page stands when that is not the request's own address. */
export function consoleRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, owner, isDevelopmentRegister }: Pick<ConsoleOptions, 'clock' | 'owner' | 'isDevelopmentRegister'>,
  path?: string,
): ConsoleRequest {
  const staff = staffOf(request);
  const lang = rememberLanguage(request, reply);
  return {
    lang,
    nonce: request.cspNonce,
    user: userOf(staff, request, consoleTexts(lang)),
    mayChange: mayChange(staff),
    ownerName: owner.name,
    isDevelopmentRegister,
    url: path ?? request.url,
    now: clock.now(),
  };
}

export function sendPage(reply: FastifyReply, document: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(document);
}

/** The page for an error met by someone who is logged in; undefined where nobody is. */
export function renderConsoleError({ request, ...view }: ErrorView, ownerName: string): string | undefined {
  if (request.principal === undefined) return undefined;
  const lang = languageOf(request);
  return consoleErrorPage({ ...view, lang, ownerName, user: userOf(request.principal, request, consoleTexts(lang)) });
}

function userOf({ name, roles }: Principal, request: FastifyRequest, texts: ConsoleTexts) {
  const role = FAR_ROLES.filter((each) => roles.includes(each))
    .map((each) => texts[`role_${each}`])
    .join(', ');
  return { name, role, csrfToken: request.csrfToken ?? '' };
}
