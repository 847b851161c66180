import type { Pool } from '@brevduva/base';
import { appError, type Clock, type ErrorView, type PageRange, pageRange, queryText } from '@brevduva/base';
import { isLanguage, type Language, pickLanguage } from '@brevduva/ui';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CaseActions } from '../cases.ts';
import { consoleErrorPage } from '../console/errorPage.ts';
import type { ConsoleRequest } from '../console/shell.ts';
import { consoleTexts } from '../console/texts.ts';
import { roleNames } from '../console/words.ts';
import type { ContentStore } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { HandInCaseActions } from '../handInCases.ts';
import type { MailingForecast } from '../mailing/forecast.ts';
import type { MailingKey } from '../mailing/mailing.ts';
import type { Mailings } from '../mailing/mailings.ts';
import type { PdfComposer } from '../pdf/compose.ts';
import type { PrintoutReader } from '../pdf/printouts.ts';
import type { ReturnedMail } from '../returnedMail/registerReturn.ts';
import type { SealedStore } from '../sealed.ts';
import { countOpenCases } from '../sql/cases.ts';
import { countFormMessages } from '../sql/formMessages.ts';
import { countOpenHandInCases } from '../sql/handInCases.ts';
import { countAwaiting } from '../sql/mailingViews.ts';

export interface ConsoleOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly content: ContentStore;
  readonly sealed: SealedStore;
  readonly cases: CaseActions;
  readonly handIns: HandInCaseActions;
  readonly returnedMail: ReturnedMail;
  /** Draws pages for people: not the one that reads printouts, which may be at it for minutes. */
  readonly pictures: Pick<PrintoutReader, 'picturePage' | 'pictureMarked'>;
  readonly mailings: Mailings;
  /** Makes the PDFs of previews. */
  readonly composer: Pick<PdfComposer, 'composeTemplate'>;
  /** Where this node has the systems' folders, if it has. */
  readonly dropFolderRoot: string | undefined;
  /** After so long a mailing that is not released is cancelled by itself. */
  readonly fillingDays: number;
  /** What would become of a mailing now. @throws AppError HUB_REGISTER_DOWN */
  readonly forecast: (key: MailingKey) => Promise<MailingForecast>;
}

/** Who is logged in; the organisation comes from the identity provider's claims, matched to ours at login (hub.ts). */
export interface Staff {
  /** Hers at the identity provider: two persons may have the same name. */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly organisationId: string;
  readonly organisationName: string;
}

export const session = { config: { access: 'session' } } as const;

/** Cases are handled by caseworkers; administrators and readers see them. */
const ACTING_ROLE = 'caseworker';
/** Says yes or no to mailings that others have made. */
const APPROVING_ROLE = 'approver';
/** Settings are seen by administrators. */
const ADMINISTRATOR_ROLE = 'administrator';

/** @throws AppError HUB_ROLE_MISSING: a session without an organisation is not one that our login made. */
export function staffOf({ principal }: FastifyRequest): Staff {
  const organisationId = principal?.attributes?.['organisationId'];
  if (principal === undefined || organisationId === undefined) throw appError(HUB_ERRORS, 'HUB_ROLE_MISSING');
  const organisationName = principal.attributes?.['organisationName'] ?? '';
  const { subject, name, roles } = principal;
  return { subject, name, roles, organisationId, organisationName };
}

/** @throws AppError HUB_ROLE_MISSING when the person may only look. */
export function actingStaffOf(request: FastifyRequest): Staff {
  const staff = staffOf(request);
  if (!mayAct(staff)) throw appError(HUB_ERRORS, 'HUB_ROLE_MISSING');
  return staff;
}

/** @throws AppError HUB_ROLE_MISSING when the person may not answer for mailings. */
export function approverOf(request: FastifyRequest): Staff {
  const staff = staffOf(request);
  if (!mayApprove(staff)) throw appError(HUB_ERRORS, 'HUB_ROLE_MISSING');
  return staff;
}

/** @throws AppError HUB_ADMINISTRATOR_ONLY */
export function administratorOf(request: FastifyRequest): Staff {
  const staff = staffOf(request);
  if (!isAdministrator(staff)) throw appError(HUB_ERRORS, 'HUB_ADMINISTRATOR_ONLY');
  return staff;
}

/** What the pages need of the request; `path` where the page stands when that is not the request's own address. */
export async function consoleRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { pool, clock }: Pick<ConsoleOptions, 'pool' | 'clock'>,
  path?: string,
): Promise<ConsoleRequest> {
  const staff = staffOf(request);
  const lang = chooseLanguage(request, reply);
  return {
    lang,
    nonce: request.cspNonce,
    user: {
      name: staff.name,
      role: roleNames(staff.roles, consoleTexts(lang)),
      csrfToken: request.csrfToken ?? '',
    },
    mayAct: mayAct(staff),
    mayApprove: mayApprove(staff),
    isAdministrator: isAdministrator(staff),
    organisationName: staff.organisationName,
    openCases: await countOpenCases(pool, staff.organisationId),
    openHandIns: await countOpenHandInCases(pool, staff.organisationId),
    openForms: await countFormMessages(pool, staff.organisationId, 'failed'),
    awaitingMailings: await countAwaiting(pool, staff.organisationId),
    url: path ?? request.url,
    now: clock.now(),
  };
}

export function sendPage(reply: FastifyReply, document: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(document);
}

/** Every error that a person meets, as a page of the console. */
export function renderConsoleError({ request, ...view }: ErrorView): string {
  const { principal, csrfToken = '' } = request;
  const lang = pickLanguage(request.headers['accept-language'], request.cookies?.['lang']);
  const user = principal && {
    name: principal.name,
    roles: principal.roles,
    csrfToken,
    organisationName: principal.attributes?.['organisationName'] ?? '',
  };
  return consoleErrorPage({ ...view, lang, user });
}

/** The page of a list that `?sida=` asks for. */
export function pageOf(request: FastifyRequest, list: { total: number; perPage: number }): PageRange {
  return pageRange(queryText(request, 'sida'), list);
}

function isAdministrator({ roles }: Staff): boolean {
  return roles.includes(ADMINISTRATOR_ROLE);
}

function mayAct({ roles }: Staff): boolean {
  return roles.includes(ACTING_ROLE);
}

function mayApprove({ roles }: Staff): boolean {
  return roles.includes(APPROVING_ROLE);
}

/** `?lang=` chooses and is remembered; otherwise what was chosen before, or the browser's own preference. */
function chooseLanguage(request: FastifyRequest, reply: FastifyReply): Language {
  const chosen = queryText(request, 'lang');
  if (isLanguage(chosen)) {
    reply.setCookie('lang', chosen, { path: '/', sameSite: 'lax', httpOnly: true });
    return chosen;
  }
  return pickLanguage(request.headers['accept-language'], request.cookies['lang']);
}
