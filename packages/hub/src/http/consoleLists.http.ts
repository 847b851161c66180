import { isUuid, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { caseQueuePage } from '../console/caseQueuePage.ts';
import { type LetterListData, letterListPage } from '../console/letterListPage.ts';
import { overviewPage } from '../console/overviewPage.ts';
import { type CaseResolution, countOpenCases, selectOpenCases } from '../sql/cases.ts';
import {
  countByState,
  type LetterCursor,
  type LetterFilter,
  selectFlows,
  selectLetterLine,
  selectLetters,
} from '../sql/letters.ts';
import { selectMailing } from '../sql/mailings.ts';
import { selectLatestCheck } from '../sql/noSilentEnd.ts';
import { CHANNELS, LETTER_STATES } from '../states.ts';
import { type ConsoleOptions, consoleRequest, pageOf, sendPage, session, staffOf } from './consoleRequest.http.ts';

const LIST_LENGTH = 50;
const OVERVIEW_LETTERS = 10;
const OVERVIEW_CASES = 5;
const CASES_PER_PAGE = 20;

/** Overview, list of letters, queue of cases. */
export function registerListRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/', session, (request, reply) => sendOverview(request, reply, options));
  app.get('/brev', session, (request, reply) => sendLetters(request, reply, options));
  app.get('/arenden', session, (request, reply) => sendCases(request, reply, options));
}

async function sendOverview(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions) {
  const { pool } = options;
  const { organisationId } = staffOf(request);
  const [counts, letters, cases, check] = await Promise.all([
    countByState(pool, organisationId),
    selectLetters(pool, organisationId, {}, undefined, OVERVIEW_LETTERS),
    selectOpenCases(pool, organisationId, { limit: OVERVIEW_CASES }),
    selectLatestCheck(pool, organisationId),
  ]);
  return sendPage(
    reply,
    overviewPage(await consoleRequest(request, reply, options), { counts, letters, cases, check }),
  );
}

async function sendLetters(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions) {
  const { pool } = options;
  const { organisationId } = staffOf(request);
  const q = queryText(request, 'q');
  const state = LETTER_STATES.find((each) => each === queryText(request, 'state'));
  const channel = CHANNELS.find((each) => each === queryText(request, 'channel'));
  const flow = queryText(request, 'flow');
  const mailing = await mailingOf(request, options);
  const filter = { state, channel, flowCode: flow, search: searchOf(q), mailingId: mailing?.id };
  const [found, flows] = await Promise.all([
    readPage(options, organisationId, filter, cursorOf(request)),
    selectFlows(pool, organisationId),
  ]);
  const data = { ...found, flows, mailing, query: { state, channel, flow, q, utskick: mailing?.id } };
  return sendPage(reply, letterListPage(await consoleRequest(request, reply, options), data));
}

/** The mailing whose letters alone are shown; one that is not theirs is passed over. */
async function mailingOf(request: FastifyRequest, { pool }: ConsoleOptions) {
  const id = queryText(request, 'utskick');
  return isUuid(id) ? selectMailing(pool, { organisationId: staffOf(request).organisationId, id }) : undefined;
}

async function readPage(
  options: ConsoleOptions,
  organisationId: string,
  filter: LetterFilter,
  cursor: LetterCursor | undefined,
): Promise<Pick<LetterListData, 'lines' | 'previous' | 'next'>> {
  const found = await selectLetters(options.pool, organisationId, filter, cursor, LIST_LENGTH + 1);
  const hasMore = found.length > LIST_LENGTH;
  if (cursor !== undefined && 'before' in cursor) {
    // The way back has come to the top: the whole first page, with what has come since.
    if (!hasMore) return readPage(options, organisationId, filter, undefined);
    const lines = found.slice(-LIST_LENGTH);
    return { lines, previous: lines[0]?.id, next: lines.at(-1)?.id };
  }
  const lines = found.slice(0, LIST_LENGTH);
  return {
    lines,
    previous: cursor === undefined ? undefined : lines[0]?.id,
    next: hasMore ? lines.at(-1)?.id : undefined,
  };
}

function cursorOf(request: FastifyRequest): LetterCursor | undefined {
  const after = queryText(request, 'after');
  if (isUuid(after)) return { after };
  const before = queryText(request, 'before');
  return isUuid(before) ? { before } : undefined;
}

/** What somebody searches by: a person's or an organisation's number in one form, with or without hyphen and century; anything else as it is. */
export function searchOf(text: string | undefined): string | undefined {
  if (text === undefined || !NUMBER.test(text)) return text;
  const digits = text.replace(/\D/g, '');
  return digits.length === 10 ? `16${digits}` : digits;
}

const NUMBER = /^(?:\d{2})?\d{6}[-+ ]?\d{4}$/;

async function sendCases(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions) {
  const { pool } = options;
  const { organisationId } = staffOf(request);
  const total = await countOpenCases(pool, organisationId);
  const { page, pageCount, max: limit, offset } = pageOf(request, { total, perPage: CASES_PER_PAGE });
  const [cases, done] = await Promise.all([
    selectOpenCases(pool, organisationId, { limit, offset }),
    doneOf(request, options, organisationId),
  ]);
  const data = { cases, page, pageCount, done };
  return sendPage(reply, caseQueuePage(await consoleRequest(request, reply, options), data));
}

const RESOLUTIONS: readonly CaseResolution[] = ['sentOnPaper', 'triedAgain', 'cancelled'];

async function doneOf(request: FastifyRequest, { pool }: ConsoleOptions, organisationId: string) {
  const resolution = RESOLUTIONS.find((each) => each === queryText(request, 'klart'));
  const letterId = queryText(request, 'brev');
  if (resolution === undefined) return undefined;
  return { resolution, letter: isUuid(letterId) ? await selectLetterLine(pool, organisationId, letterId) : undefined };
}
