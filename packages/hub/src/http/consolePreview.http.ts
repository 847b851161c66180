import { appError, queryText } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { previewPage } from '../console/mailings/previewPage.ts';
import { contractDate } from '../delivery.ts';
import { HUB_ERRORS } from '../errors.ts';
import { templateLetter } from '../mailing/templateLetter.ts';
import { countPreviews, selectPreviews } from '../sql/mailingPreviews.ts';
import { contentOf, sendPdf } from './consoleFiles.http.ts';
import { searchOf } from './consoleLists.http.ts';
import { requirePreview } from './consoleMailingFiles.http.ts';
import { previewText, requireMailing } from './consoleMailings.http.ts';
import { type ConsoleOptions, consoleRequest, pageOf, sendPage, session } from './consoleRequest.http.ts';

type ById = { Params: { id: string } };
type ByRecipient = { Params: { id: string; recipient: string } };

/** Any letter of a mailing that is not released yet, as its recipient would get it. */
export function registerPreviewRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  app.get<ById>('/utskick/:id/mottagare', session, (request, reply) => sendPreview(request, reply, options));
  app.get<ByRecipient>('/utskick/:id/mottagare/:recipient/dokument', session, (request, reply) =>
    sendDocument(request, reply, options),
  );
}

async function sendPreview(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const story = await requireMailing(request, options);
  const search = searchOf(queryText(request, 'q'));
  const total = await countPreviews(options.pool, story.mailing, search);
  const { page, pageCount } = pageOf(request, { total, perPage: 1 });
  const [preview] = await selectPreviews(options.pool, story.mailing, { nth: page - 1, search });
  const shown = preview && { preview, bodyText: await previewText(preview, options) };
  const view = await consoleRequest(request, reply, options, `/utskick/${story.mailing.id}/mottagare`);
  return sendPage(reply, previewPage(view, { story, shown, search, page, pageCount }));
}

/** The letter's own PDF, made now and not kept: it is made anew when the letter is composed, with that day's date. */
async function sendDocument(
  request: FastifyRequest<ByRecipient>,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const { organisationId, language, unitName, preview } = await requirePreview(request, options);
  if (preview.document === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  const { content, composer, clock } = options;
  const source = await contentOf(content, organisationId, preview.document.hash);
  const letter = templateLetter(source.toString('utf8'), {
    ...{ organisation: preview.sender, flow: { unitName }, language, date: contractDate(clock.now()) },
    ...{ subject: preview.subject, reference: preview.reference, address: preview.address },
    values: content.openValues(preview, preview.sealedValues) ?? new Map(),
  });
  const made = await composer.composeTemplate(letter);
  if ('faults' in made) {
    const faults = made.faults.map(({ code, text }) => ({ code, path: 'template', text }));
    throw appError(HUB_ERRORS, 'HUB_TEMPLATE_PREVIEW', { faults });
  }
  return sendPdf(reply, made.pdf, preview.document.filename);
}
