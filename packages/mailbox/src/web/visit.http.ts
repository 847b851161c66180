import { appError, type Clock, requirePrincipal } from '@brevduva/base';
import { type Language, pickLanguage } from '@brevduva/ui';
import type { FastifyRequest } from 'fastify';
import type { ContentKeys } from '../content/encryption.ts';
import { ERRORS } from '../errors.ts';
import type { Operator } from '../settings.ts';
import { type AccountRow, findAccountById } from '../sql/account.ts';
import { countInbox } from '../sql/inbox.ts';
import type { Pool } from '../sql/pool.ts';
import type { Shell } from './layout.ts';

export interface WebDependencies {
  operator: Operator;
  pool: Pool;
  contentKeys: ContentKeys;
  clock: Clock;
}

/** The mailbox that the person of this request reads. */
export type Mailbox = AccountRow;

export const LANGUAGE_COOKIE = 'mailbox_language';

/**
 * The mailbox of whoever is logged in, asked for on every request: a session is no right of its own.
 * @throws AppError MAILBOX_NO_ACCOUNT when there is none any more
 */
export async function mailboxOf({ pool }: WebDependencies, request: FastifyRequest): Promise<Mailbox> {
  const account = await findAccountById(pool, requirePrincipal(request).subject);
  if (account === undefined) throw appError(ERRORS, 'MAILBOX_NO_ACCOUNT');
  return account;
}

/** What stands around a page for somebody logged in. */
export async function shellOf(deps: WebDependencies, request: FastifyRequest, mailbox: Mailbox): Promise<Shell> {
  const { unread } = await countInbox(deps.pool, mailbox.id, '');
  const { name } = requirePrincipal(request);
  return { ...publicShell(deps.operator, request), user: { name, csrfToken: request.csrfToken ?? '', unread } };
}

/** What stands around a page for anybody. */
export function publicShell({ brand }: Operator, request: FastifyRequest): Shell {
  return { lang: languageOf(request), brand, nonce: request.cspNonce, address: request.url };
}

/** The language that was chosen, or else what the browser asks for. */
export function languageOf(request: FastifyRequest): Language {
  return pickLanguage(request.headers['accept-language'], request.cookies?.[LANGUAGE_COOKIE]);
}
