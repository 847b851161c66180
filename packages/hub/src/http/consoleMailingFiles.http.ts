import { appError, isUuid } from '@brevduva/base';
import { MESSAGE_CONTENT_SECURITY_POLICY, messageDocument } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { letterBody } from '../mailing/letterBody.ts';
import { type LetterPreview, selectPreviews } from '../sql/mailingPreviews.ts';
import { contentOf, languageOf, sendPdf } from './consoleFiles.http.ts';
import { requireMailing } from './consoleMailings.http.ts';
import { type ConsoleOptions, sendPage, session } from './consoleRequest.http.ts';

type ById = { Params: { id: string } };
type ByFile = { Params: { id: string; n: string } };
type ByRecipient = { Params: { id: string; recipient: string } };
type ByRecipientFile = { Params: { id: string; recipient: string; n: string } };

/** What all of a mailing get, and what one of its recipients would get: text as HTML, and attachments. */
export function registerMailingFileRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  app.get<ByFile>('/utskick/:id/bilagor/:n', session, async (request, reply) => {
    const { mailing, attachments, erasedAt } = await requireMailing(request, options);
    refuseErased(erasedAt);
    return sendFile(reply, options, mailing.organisationId, attachments[indexOf(request.params.n)]);
  });
  app.get<ById>('/utskick/:id/text', session, async (request, reply) => {
    const { mailing, bodyHash, erasedAt, ...rest } = await requireMailing(request, options);
    refuseErased(erasedAt);
    if (bodyHash === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
    const bytes = await contentOf(options.content, mailing.organisationId, bodyHash);
    return sendText(reply, bytes, { ...rest, subject: mailing.subject });
  });
  app.get<ByRecipientFile>('/utskick/:id/mottagare/:recipient/bilagor/:n', session, async (request, reply) => {
    const { organisationId, preview } = await requirePreview(request, options);
    return sendFile(reply, options, organisationId, preview.attachments[indexOf(request.params.n)]);
  });
  app.get<ByRecipient>('/utskick/:id/mottagare/:recipient/text', session, async (request, reply) => {
    const { language, preview } = await requirePreview(request, options);
    return sendText(reply, await letterBody(preview, options.content), { ...preview, language });
  });
}

function refuseErased(erasedAt: Date | null): void {
  if (erasedAt !== null) throw appError(HUB_ERRORS, 'HUB_MAILING_ERASED');
}

/** @throws AppError HUB_MAILING_NOT_FOUND: also of a recipient with a protected identity, whose letter nobody sees here. */
export async function requirePreview(
  request: FastifyRequest<ByRecipient>,
  options: ConsoleOptions,
): Promise<{ organisationId: string; language: string; unitName: string; preview: LetterPreview }> {
  const { mailing, language, unitName } = await requireMailing(request, options);
  const { recipient } = request.params;
  const [preview] = isUuid(recipient) ? await selectPreviews(options.pool, mailing, { recipientId: recipient }) : [];
  if (preview === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return { organisationId: mailing.organisationId, language, unitName, preview };
}

function indexOf(text: string): number {
  return /^\d{1,4}$/.test(text) ? Number(text) : -1;
}

async function sendFile(
  reply: FastifyReply,
  { content }: ConsoleOptions,
  organisationId: string,
  file: { readonly hash: Buffer; readonly filename: string } | undefined,
): Promise<FastifyReply> {
  if (file === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return sendPdf(reply, await contentOf(content, organisationId, file.hash), file.filename);
}

async function sendText(
  reply: FastifyReply,
  bytes: Buffer,
  text: { bodyContentType: string; language: string; subject: string },
): Promise<FastifyReply> {
  if (text.bodyContentType !== 'text/html') throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  // Checked when it was handed in (no active content) and shown in a sandbox all the same.
  reply.header('content-security-policy', MESSAGE_CONTENT_SECURITY_POLICY);
  const document = { lang: languageOf(text), title: text.subject, sanitizedHtml: bytes.toString('utf8') };
  return sendPage(reply, messageDocument(document));
}
