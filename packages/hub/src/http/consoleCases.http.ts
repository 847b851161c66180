import { AppError, appError, type Fault, formTexts, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, PaperOrder } from '../cases.ts';
import { cancelPage } from '../console/cancelPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import { type CaseResolution, selectLetterOfCase } from '../sql/cases.ts';
import { requireStory, sendLetterPage } from './consoleLetter.http.ts';
import { actingStaffOf, type ConsoleOptions, consoleRequest, sendPage, session } from './consoleRequest.http.ts';

type CaseRequest = FastifyRequest<{ Params: { id: string } }>;
type ById = { Params: { id: string } };

/** What a caseworker does with a case. */
export function registerCaseRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  const { cases } = options;
  app.post<ById>('/arenden/:id/papper', session, (request, reply) => sendOnPaper(request, reply, options));
  app.post<ById>('/arenden/:id/forsok-igen', session, (request, reply) =>
    act(request, reply, options, 'triedAgain', (...who) => cases.tryAgain(...who)),
  );
  app.get<ById>('/arenden/:id/avbryt', session, (request, reply) => askToCancel(request, reply, options));
  app.post<ById>('/arenden/:id/avbryt', session, (request, reply) =>
    act(request, reply, options, 'cancelled', (...who) => cases.cancel(...who)),
  );
}

const PAPER_FIELDS = ['name', 'careOf', 'street', 'postalCode', 'city', 'country', 'riskConfirmed'];

async function sendOnPaper(request: CaseRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const values = formTexts(request.body, PAPER_FIELDS);
  try {
    return await act(request, reply, options, 'sentOnPaper', (...who) =>
      options.cases.sendOnPaper(...who, orderOf(values)),
    );
  } catch (error) {
    const faults = formFaults(error);
    if (faults === undefined) throw error;
    reply.code(422);
    const caseForm = { values, faults };
    return sendLetterPage(request, reply, options, await letterOf(request, options), { caseForm });
  }
}

function orderOf(values: Readonly<Record<string, string>>): PaperOrder {
  const { riskConfirmed, street = '', ...fields } = values;
  return { address: { ...fields, lines: street.split(/\r\n|\r|\n/) }, riskConfirmed: riskConfirmed === 'on' };
}

/** Faults that belong in the form; everything else is an error page. */
function formFaults(error: unknown): readonly Fault[] | undefined {
  const isOfForm = error instanceof AppError && ['HUB_CASE_ADDRESS', 'HUB_CASE_RISK'].includes(error.code);
  return isOfForm ? error.faults : undefined;
}

/** Does it and goes back to the queue; when somebody else was first, the letter's page tells who and what. */
async function act(
  request: CaseRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  resolution: CaseResolution,
  work: (organisationId: string, caseId: string, actor: Actor) => Promise<void>,
): Promise<FastifyReply> {
  const { organisationId, name } = actingStaffOf(request);
  const letterId = await letterOf(request, options);
  try {
    await work(organisationId, request.params.id, { name });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'HUB_CASE_CLOSED') throw error;
    reply.code(error.status);
    return sendLetterPage(request, reply, options, letterId, { isConflict: true });
  }
  return reply.redirect(`/arenden?klart=${resolution}&brev=${letterId}`, 303);
}

async function askToCancel(request: CaseRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  actingStaffOf(request);
  const letterId = await letterOf(request, options);
  const story = await requireStory(request, options, letterId);
  const { openCase } = story;
  // Another case of the same letter, or none: what she meant to end is over.
  if (openCase?.id !== request.params.id) return reply.redirect(`/brev/${letterId}`, 303);
  return sendPage(reply, cancelPage(await consoleRequest(request, reply, options), story, openCase));
}

/** @throws AppError HUB_CASE_NOT_FOUND when the person's organisation has no such case. */
async function letterOf(request: CaseRequest, { pool }: ConsoleOptions): Promise<string> {
  const { organisationId } = actingStaffOf(request);
  const { id } = request.params;
  const letterId = isUuid(id) ? await selectLetterOfCase(pool, organisationId, id) : undefined;
  if (letterId === undefined) throw appError(HUB_ERRORS, 'HUB_CASE_NOT_FOUND');
  return letterId;
}
