import { appError } from '@brevduva/base';
import { type Language, MESSAGE_CONTENT_SECURITY_POLICY, messageDocument } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { letterBody } from '../mailing/letterBody.ts';
import { faultyPages } from '../paper/paperFault.ts';
import { isRefusal } from '../pdf/inspection.ts';
import type { LetterStory } from '../sql/letterStory.ts';
import { requireStory } from './consoleLetter.http.ts';
import { type ConsoleOptions, sendPage, session } from './consoleRequest.http.ts';
import { extendedValue } from './sendDownload.http.ts';

type ById = { Params: { id: string } };

/**
 * A letter's files: attachments, print, message and exact request. None of a letter to a protected person is given out, for each may
 * hold her number, her name or where she lives; and an erased letter has none.
 */
export function registerLetterFileRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  const { content, sealed } = options;
  app.get<{ Params: { id: string; n: string } }>('/brev/:id/bilagor/:n', session, async (request, reply) => {
    const { letter, attachments } = await requireOpenStory(request, options, request.params.id);
    const file = attachments.find((each) => String(each.position) === request.params.n);
    if (file === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    return sendPdf(reply, await contentOf(content, letter.organisationId, file.hash), file.filename);
  });
  app.get<{ Params: { id: string; n: string; page: string } }>(
    '/brev/:id/fel/:n/:page',
    session,
    async (request, reply) =>
      sendFaultyPage(request.params, await requireOpenStory(request, options, request.params.id), reply, options),
  );
  app.get<ById>('/brev/:id/utskrift', session, async (request, reply) => {
    const { letter } = await requireOpenStory(request, options, request.params.id);
    if (letter.printHash === null) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    return sendPdf(reply, await contentOf(content, letter.organisationId, letter.printHash), 'utskrift.pdf');
  });
  app.get<ById>('/brev/:id/text', session, async (request, reply) => {
    const { letter } = await requireOpenStory(request, options, request.params.id);
    if (letter.bodyContentType !== 'text/html') throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    const bytes = await letterBody(letter, content);
    // Checked at intake (no active content) and shown in a sandbox all the same.
    reply.header('content-security-policy', MESSAGE_CONTENT_SECURITY_POLICY);
    const document = { lang: languageOf(letter), title: letter.subject ?? '', sanitizedHtml: bytes.toString('utf8') };
    return sendPage(reply, messageDocument(document));
  });
  app.get<ById>('/brev/:id/deliverSecure.xml', session, async (request, reply) => {
    const { letter } = await requireOpenStory(request, options, request.params.id);
    const found = (await sealed.latest([letter])).get(letter.id);
    if (found === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
    reply.header('content-disposition', 'attachment; filename="deliverSecure.xml"');
    return reply.type('application/xml; charset=utf-8').send(found.request);
  });
}

/** A page that cannot be printed as it is, with what is wrong framed: only as long as somebody is to do something about it. */
async function sendFaultyPage(
  { n, page }: { n: string; page: string },
  { letter, attachments, openCase }: LetterStory,
  reply: FastifyReply,
  { content, pictures }: ConsoleOptions,
): Promise<FastifyReply> {
  const found = faultyPages(openCase?.detail ?? {}).find(
    (each) => `${each.attachment}/${each.page}` === `${n}/${page}`,
  );
  const file = found && attachments[found.attachment];
  if (found === undefined || file === undefined) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
  const bytes = await contentOf(content, letter.organisationId, file.hash);
  const drawn = await pictures.pictureMarked(bytes, found.page, found.areas);
  if (isRefusal(drawn)) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND', { detail: drawn.faults[0]?.code ?? '' });
  return reply.type('image/png').send(drawn.png);
}

async function requireOpenStory(request: FastifyRequest, options: ConsoleOptions, id: string): Promise<LetterStory> {
  const story = await requireStory(request, options, id);
  if (story.letter.protectedIdentity) throw appError(HUB_ERRORS, 'HUB_LETTER_PROTECTED');
  if (story.letter.erasedAt !== null) throw appError(HUB_ERRORS, 'HUB_LETTER_ERASED');
  return story;
}

/** @throws Error when it is not stored. */
export async function contentOf(
  content: ConsoleOptions['content'],
  organisationId: string,
  hash: Buffer,
): Promise<Buffer> {
  const bytes = (await content.get(organisationId, [hash])).get(hash.toString('hex'));
  if (bytes === undefined) throw new Error('content was not loaded');
  return bytes;
}

export function sendPdf(reply: FastifyReply, bytes: Buffer, filename: string): FastifyReply {
  // The browser's own viewer draws it; as a document of ours it may load and run nothing, and only our pages frame it.
  reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'self'");
  reply.header('content-disposition', `inline; filename*=UTF-8''${extendedValue(filename)}`);
  return reply.type('application/pdf').send(bytes);
}

/** The letter's language (svSE, enUK …) as far as a page has it. */
export function languageOf({ language }: { readonly language: string }): Language {
  return language.startsWith('en') ? 'en' : 'sv';
}
