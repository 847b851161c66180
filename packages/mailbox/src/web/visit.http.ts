import { appError, BASE_ERRORS, type Clock, requirePrincipal } from '@brevduva/base';
import { type Language, pickLanguage } from '@brevduva/ui';
import type { FastifyRequest } from 'fastify';
import type { Alerts } from '../alert/alerts.ts';
import type { ContentKeys } from '../content/encryption.ts';
import { ERRORS } from '../errors.ts';
import type { Membership } from '../membership/membership.ts';
import type { Operator } from '../settings.ts';
import type { AccountRow } from '../sql/account.ts';
import { countInbox } from '../sql/inbox.ts';
import { findUserAndAccount, type MailboxUserRow } from '../sql/mailboxUser.ts';
import type { Pool } from '../sql/pool.ts';
import type { Shell } from './layout.ts';

export interface WebDependencies {
  operator: Operator;
  pool: Pool;
  contentKeys: ContentKeys;
  clock: Clock;
  /** Absent where persons cannot open or change their mailboxes themselves. */
  membership: Membership | undefined;
  /** Absent where nobody can be told of new mail. */
  alerts: Alerts | undefined;
}

/** The mailbox that the person of this request reads. */
export type Mailbox = AccountRow;

/** Who is logged in, and the mailbox that she has or had here. */
export interface Visit {
  user: MailboxUserRow;
  mailbox: Mailbox | undefined;
}

export const LANGUAGE_COOKIE = 'mailbox_language';

/**
 * Who is logged in, asked for on every request: a session is no right of its own.
 * @throws AppError BASE_SESSION_REQUIRED when the person is forgotten here
 */
export async function visitOf({ pool }: WebDependencies, request: FastifyRequest): Promise<Visit> {
  const found = await findUserAndAccount(pool, requirePrincipal(request).subject);
  if (found === undefined) throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
  return { user: found.user, mailbox: found.account };
}

/** The mailbox of whoever is logged in. @throws AppError MAILBOX_NO_ACCOUNT when there is none */
export async function mailboxOf(deps: WebDependencies, request: FastifyRequest): Promise<Mailbox> {
  const { mailbox } = await visitOf(deps, request);
  if (mailbox === undefined) throw appError(ERRORS, 'MAILBOX_NO_ACCOUNT');
  return mailbox;
}

/** What stands around a page for somebody logged in. */
export async function shellOf(
  deps: WebDependencies,
  request: FastifyRequest,
  mailbox: Mailbox | undefined,
): Promise<Shell> {
  const { name } = requirePrincipal(request);
  const user = { name, csrfToken: request.csrfToken ?? '' };
  if (mailbox === undefined) return { ...publicShell(deps.operator, request), user };
  const { unread } = await countInbox(deps.pool, mailbox.id, '');
  return {
    ...publicShell(deps.operator, request),
    user,
    mailbox: { unread, hasSettings: deps.membership !== undefined, hasAlerts: deps.alerts !== undefined },
  };
}

/** What stands around a page for anybody. */
export function publicShell({ brand }: Operator, request: FastifyRequest): Shell {
  return { lang: languageOf(request), brand, nonce: request.cspNonce, address: request.url };
}

/** The language that was chosen, or else what the browser asks for. */
export function languageOf(request: FastifyRequest): Language {
  return pickLanguage(request.headers['accept-language'], request.cookies?.[LANGUAGE_COOKIE]);
}
