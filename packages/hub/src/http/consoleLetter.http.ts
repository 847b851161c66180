import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CaseFormState } from '../console/casePanel.ts';
import { letterPage } from '../console/letterPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import { letterBody } from '../mailing/letterBody.ts';
import { type LetterStory, selectLetterStory } from '../sql/letterStory.ts';
import { type ConsoleOptions, consoleRequest, sendPage, session, staffOf } from './consoleRequest.http.ts';

/** One letter's whole story. */
export function registerLetterPage(app: FastifyInstance, options: ConsoleOptions): void {
  app.get<{ Params: { id: string } }>('/brev/:id', session, (request, reply) =>
    sendLetterPage(request, reply, options, request.params.id),
  );
}

/** The letter's page as it stands, or as the answer to a form: with its faults, or with who was first. */
export async function sendLetterPage(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  letterId: string,
  answer: { caseForm?: CaseFormState; isConflict?: boolean } = {},
): Promise<FastifyReply> {
  const story = await requireStory(request, options, letterId);
  const page = await consoleRequest(request, reply, options, `/brev/${letterId}`);
  return sendPage(
    reply,
    letterPage(page, {
      story,
      ...(await readContent(story, options)),
      caseForm: answer.caseForm,
      isConflict: answer.isConflict === true,
    }),
  );
}

/** @throws AppError HUB_LETTER_NOT_FOUND when the person's organisation has no such letter, whoever else may have it. */
export async function requireStory(
  request: FastifyRequest,
  { pool }: Pick<ConsoleOptions, 'pool'>,
  letterId: string,
): Promise<LetterStory> {
  const { organisationId } = staffOf(request);
  const story = isUuid(letterId) ? await selectLetterStory(pool, { organisationId, id: letterId }) : undefined;
  if (story === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  return story;
}

async function readContent({ letter }: LetterStory, { content, sealed }: ConsoleOptions) {
  if (letter.protectedIdentity || letter.erasedAt !== null) return { bodyText: undefined, sealedXml: undefined };
  const isText = letter.bodyContentType !== 'text/html';
  const body = isText ? await letterBody(letter, content) : undefined;
  const request = (await sealed.latest([letter])).get(letter.id);
  return {
    bodyText: body?.toString('utf8'),
    sealedXml: request && { xml: request.request.toString('utf8'), sha256: request.sha256.toString('hex') },
  };
}
