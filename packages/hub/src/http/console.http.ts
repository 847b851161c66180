import { AppError, appError, type Clock, type Fault } from '@brevduva/base';
import {
  isLanguage,
  type Language,
  MESSAGE_CONTENT_SECURITY_POLICY,
  messageDocument,
  pickLanguage,
} from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { CaseActions } from '../cases.ts';
import type { CaseFormState } from '../console/casePanel.ts';
import { caseQueuePage } from '../console/caseQueuePage.ts';
import { letterListPage } from '../console/letterListPage.ts';
import { letterPage } from '../console/letterPage.ts';
import { overviewPage } from '../console/overviewPage.ts';
import type { ConsoleRequest } from '../console/shell.ts';
import type { ContentStore } from '../content.ts';
import { HUB_ERRORS } from '../errors.ts';
import type { SealedStore } from '../sealed.ts';
import { countOpenCases, selectOpenCases } from '../sql/cases.ts';
import { type LetterStory, selectLetterStory } from '../sql/letterStory.ts';
import { countByState, type LetterCursor, selectFlows, selectLetters } from '../sql/letters.ts';
import { CHANNELS, LETTER_STATES } from '../states.ts';

export interface ConsoleOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly content: ContentStore;
  readonly sealed: SealedStore;
  readonly cases: CaseActions;
}

/** Who is logged in; the organisation comes from the identity provider's claims, matched to ours at login (hub.ts). */
interface Staff {
  readonly name: string;
  readonly role: string;
  readonly organisationId: string;
  readonly organisationName: string;
}

const LIST_LENGTH = 50;
const OVERVIEW_LENGTH = 10;
const CASES_MAX = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const session = { config: { access: 'session' } } as const;

/** The console's pages and the actions on cases. Every route needs a staff login; every query is bound to her organisation. */
export function registerConsoleRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  registerLists(app, options);
  registerLetter(app, options);
  registerFiles(app, options);
  registerActions(app, options);
}

function registerLists(app: FastifyInstance, { pool, clock }: ConsoleOptions): void {
  app.get('/', session, async (request, reply) => {
    const { organisationId } = staff(request);
    const [counts, letters, cases] = await Promise.all([
      countByState(pool, organisationId),
      selectLetters(pool, organisationId, {}, undefined, OVERVIEW_LENGTH),
      selectOpenCases(pool, organisationId, 3),
    ]);
    return send(reply, overviewPage(await consoleRequest(request, reply, pool, clock), { counts, letters, cases }));
  });
  app.get<{ Querystring: Record<string, string> }>('/brev', session, async (request, reply) => {
    const { organisationId } = staff(request);
    const query = readListQuery(request.query);
    const filter = { state: query.state, channel: query.channel, flowCode: query.flow, search: searchOf(query.q) };
    const after = query.after === undefined ? undefined : readCursor(query.after);
    const [found, flows] = await Promise.all([
      selectLetters(pool, organisationId, filter, after, LIST_LENGTH + 1),
      selectFlows(pool, organisationId),
    ]);
    const lines = found.slice(0, LIST_LENGTH);
    const last = lines.at(-1);
    const next =
      found.length > LIST_LENGTH && last !== undefined ? `${last.createdAt.toISOString()}_${last.id}` : undefined;
    return send(
      reply,
      letterListPage(await consoleRequest(request, reply, pool, clock), { lines, flows, query, next }),
    );
  });
  app.get<{ Querystring: { klart?: string } }>('/arenden', session, async (request, reply) => {
    const cases = await selectOpenCases(pool, staff(request).organisationId, CASES_MAX);
    return send(reply, caseQueuePage(await consoleRequest(request, reply, pool, clock), cases, request.query.klart));
  });
}

function registerLetter(app: FastifyInstance, options: ConsoleOptions): void {
  app.get<{ Params: { id: string } }>('/brev/:id', session, async (request, reply) =>
    sendLetterPage(request, reply, options, request.params.id, undefined),
  );
}

async function sendLetterPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  letterId: string,
  caseForm: CaseFormState | undefined,
): Promise<FastifyReply> {
  const story = await requireStory(request, options.pool, letterId);
  const { letter } = story;
  const bodies = await options.content.get(letter.organisationId, [letter.bodyHash]);
  const bodyText = bodies.get(letter.bodyHash.toString('hex'))?.toString('utf8') ?? '';
  const sealed = (await options.sealed.latest([letter])).get(letter.id);
  const sealedXml = sealed && { xml: sealed.request.toString('utf8'), sha256: sealed.sha256.toString('hex') };
  const data = { story, bodyText, sealedXml, caseForm };
  return send(reply, letterPage(await consoleRequest(request, reply, options.pool, options.clock), data));
}

function registerFiles(app: FastifyInstance, options: ConsoleOptions): void {
  const { pool, content } = options;
  app.get<{ Params: { id: string; n: string } }>('/brev/:id/bilagor/:n', session, async (request, reply) => {
    const { letter, attachments } = await requireStory(request, pool, request.params.id);
    const file = attachments.find((each) => String(each.position) === request.params.n);
    if (file === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    return sendPdf(reply, await one(content, letter.organisationId, file.hash), file.filename);
  });
  app.get<{ Params: { id: string } }>('/brev/:id/utskrift', session, async (request, reply) => {
    const { letter } = await requireStory(request, pool, request.params.id);
    if (letter.printHash === null) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    return sendPdf(reply, await one(content, letter.organisationId, letter.printHash), 'utskrift.pdf');
  });
  app.get<{ Params: { id: string } }>('/brev/:id/text', session, async (request, reply) => {
    const { letter } = await requireStory(request, pool, request.params.id);
    if (letter.bodyContentType !== 'text/html') throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    const sanitizedHtml = (await one(content, letter.organisationId, letter.bodyHash)).toString('utf8');
    // Checked at intake (no active content) and shown in a sandbox all the same.
    reply.header('content-security-policy', MESSAGE_CONTENT_SECURITY_POLICY);
    return send(reply, messageDocument({ lang: 'sv', title: letter.subject, sanitizedHtml }));
  });
  app.get<{ Params: { id: string } }>('/brev/:id/deliverSecure.xml', session, async (request, reply) => {
    const { letter } = await requireStory(request, pool, request.params.id);
    const sealed = (await options.sealed.latest([letter])).get(letter.id);
    if (sealed === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    reply.header('content-disposition', 'attachment; filename="deliverSecure.xml"');
    return reply.type('application/xml; charset=utf-8').send(sealed.request);
  });
}

function registerActions(app: FastifyInstance, options: ConsoleOptions): void {
  const { cases, pool } = options;
  app.post<{ Params: { id: string }; Body: Record<string, string> }>(
    '/arenden/:id/papper',
    session,
    async (request, reply) => {
      const { organisationId, name } = staff(request);
      const values = request.body ?? {};
      const { riskConfirmed, ...fields } = values;
      const { name: recipientName, careOf, street, postalCode, city } = fields;
      const address = {
        name: recipientName,
        careOf: careOf || undefined,
        lines: streetLines(street),
        postalCode,
        city,
      };
      try {
        await cases.sendOnPaper(
          organisationId,
          caseId(request),
          { name },
          { address, riskConfirmed: riskConfirmed === 'on' },
        );
      } catch (error) {
        const faults = formFaults(error);
        if (faults === undefined) throw error;
        const letterId = await letterOfCase(pool, organisationId, caseId(request));
        reply.code(422);
        return sendLetterPage(request, reply, options, letterId, { values, faults });
      }
      return reply.redirect('/arenden?klart=sentOnPaper', 303);
    },
  );
  app.post<{ Params: { id: string } }>('/arenden/:id/forsok-igen', session, async (request, reply) => {
    const { organisationId, name } = staff(request);
    await cases.tryAgain(organisationId, caseId(request), { name });
    return reply.redirect('/arenden?klart=triedAgain', 303);
  });
  app.post<{ Params: { id: string } }>('/arenden/:id/avbryt', session, async (request, reply) => {
    const { organisationId, name } = staff(request);
    await cases.cancel(organisationId, caseId(request), { name });
    return reply.redirect('/arenden?klart=cancelled', 303);
  });
}

/** Faults that belong in the form; everything else is an error page. */
function formFaults(error: unknown): readonly Fault[] | undefined {
  if (!(error instanceof AppError)) return undefined;
  if (error.code === 'HUB_CASE_ADDRESS') return error.faults;
  if (error.code === 'HUB_CASE_RISK') return [{ code: error.code, path: 'riskConfirmed', text: error.publicText }];
  return undefined;
}

function streetLines(street: string | undefined): string[] {
  return (street ?? '')
    .split(',')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function caseId(request: FastifyRequest<{ Params: { id: string } }>): string {
  if (!UUID.test(request.params.id)) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  return request.params.id;
}

async function letterOfCase(pool: Pool, organisationId: string, id: string): Promise<string> {
  const found = (await selectOpenCases(pool, organisationId, CASES_MAX)).find((line) => line.id === id);
  if (found === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  return found.letterId;
}

function staff(request: FastifyRequest): Staff {
  const { principal } = request;
  const organisationId = principal?.attributes?.['organisationId'];
  // access: 'session' guarantees a principal and hub.ts its organisation; without one there is nothing to show.
  if (principal === undefined || organisationId === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  const organisationName = principal.attributes?.['organisationName'] ?? '';
  return { name: principal.name, role: principal.roles.join(', '), organisationId, organisationName };
}

async function consoleRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  pool: Pool,
  clock: Clock,
): Promise<ConsoleRequest> {
  const principal = staff(request);
  return {
    lang: language(request, reply),
    nonce: request.cspNonce,
    user: { name: principal.name, role: principal.role, csrfToken: request.csrfToken ?? '' },
    organisationName: principal.organisationName,
    openCases: await countOpenCases(pool, principal.organisationId),
    url: request.url,
    now: clock.now(),
  };
}

/** `?lang=` chooses and is remembered; otherwise the browser's own preference. */
function language(request: FastifyRequest, reply: FastifyReply): Language {
  const chosen = (request.query as { lang?: unknown }).lang;
  if (typeof chosen === 'string' && isLanguage(chosen)) {
    reply.setCookie('lang', chosen, { path: '/', sameSite: 'lax', httpOnly: true });
    return chosen;
  }
  return pickLanguage(request.headers['accept-language'], request.cookies['lang']);
}

async function requireStory(request: FastifyRequest, pool: Pool, letterId: string): Promise<LetterStory> {
  const { organisationId } = staff(request);
  const story = UUID.test(letterId) ? await selectLetterStory(pool, { organisationId, id: letterId }) : undefined;
  if (story === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  return story;
}

async function one(content: ContentStore, organisationId: string, hash: Buffer): Promise<Buffer> {
  const bytes = (await content.get(organisationId, [hash])).get(hash.toString('hex'));
  if (bytes === undefined) throw new Error('content was not loaded');
  return bytes;
}

function send(reply: FastifyReply, document: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(document);
}

function sendPdf(reply: FastifyReply, bytes: Buffer, filename: string): FastifyReply {
  // Shown in a frame of our own pages only, with no right to run anything.
  reply.header(
    'content-security-policy',
    "default-src 'none'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'self'",
  );
  reply.header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(filename)}`);
  return reply.type('application/pdf').send(bytes);
}

function readListQuery(query: Record<string, unknown>) {
  const text = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  return {
    state: LETTER_STATES.find((state) => state === text('state')),
    channel: CHANNELS.find((channel) => channel === text('channel')),
    flow: text('flow'),
    q: text('q'),
    after: text('after'),
  };
}

/** A personal number may be written with or without hyphen; everything else is taken as it stands. */
function searchOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return /^[\d\s-]{10,14}$/.test(text) ? withoutSeparators(text) : text;
}

function withoutSeparators(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length === 10 ? `16${digits}` : digits;
}

function readCursor(text: string): LetterCursor | undefined {
  const [at = '', id = ''] = text.split('_');
  const createdAt = new Date(at);
  return Number.isNaN(createdAt.getTime()) || !UUID.test(id) ? undefined : { createdAt, id };
}
