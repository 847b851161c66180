import { appError } from '@brevduva/base';
import { MESSAGE_CONTENT_SECURITY_POLICY, messageDocument } from '@brevduva/ui';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPayment } from '../content/payment.ts';
import { readPart } from '../content/read.ts';
import { readForward } from '../content/readForward.ts';
import { sanitizeLetterHtml } from '../content/sanitize.ts';
import { mediaType } from '../deliver/mediaType.ts';
import { ERRORS } from '../errors.ts';
import { findLetter, type LetterRow, listAttachments, markRead } from '../sql/inbox.ts';
import { contentDisposition, safeFileName } from './fileName.ts';
import { isShown, letterLanguage, letterPage } from './letterPage.ts';
import { type Mailbox, mailboxOf, shellOf, type WebDependencies } from './visit.http.ts';

/** What a PDF may do in its frame: nothing but show itself. */
const PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";
/** A downloaded file opens nothing in our name, even if a browser were to show it. */
const DOWNLOAD_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'";
const UNNAMED_TYPE = 'application/octet-stream';
const BODY_POSITION = 0;

type LetterRequest = FastifyRequest<{ Params: { webId: string } }>;
type AttachmentRequest = FastifyRequest<{
  Params: { webId: string; position: string };
  Querystring: { download?: string };
}>;

/** The pages of one letter. Every one asks for the letter by mailbox and id together: another's is not found. */
export function registerLetterRoutes(app: FastifyInstance, deps: WebDependencies): void {
  const config = { access: 'session' as const, csp: { frameSrc: ["'self'"] } };
  app.get('/letter/:webId', { config }, (request: LetterRequest, reply) => showLetter(deps, request, reply));
  app.get('/letter/:webId/body', { config }, (request: LetterRequest, reply) => showBody(deps, request, reply));
  app.get('/letter/:webId/attachment/:position', { config }, (request: AttachmentRequest, reply) =>
    sendAttachment(deps, request, reply),
  );
}

async function showLetter(deps: WebDependencies, request: LetterRequest, reply: FastifyReply): Promise<string> {
  const mailbox = await mailboxOf(deps, request);
  const letter = await letterOf(deps, mailbox, request.params.webId);
  const address = { accountId: mailbox.id, webId: letter.webId };
  const [body, attachments, forward, payment] = await Promise.all([
    readPart(deps.pool, deps.contentKeys, { ...address, position: BODY_POSITION }),
    listAttachments(deps.pool, letter.id),
    letter.kind === 'forwarded' ? readForward(deps.pool, deps.contentKeys, address) : undefined,
    readPayment(deps.pool, deps.contentKeys, letter.id),
  ]);
  await markRead(deps.pool, letter.id, deps.clock.now());
  const shell = await shellOf(deps, request, mailbox);
  reply.type('text/html; charset=utf-8');
  return letterPage(shell, {
    letter,
    plainText: mediaType(body.contentType) === 'text/html' ? undefined : body.bytes.toString('utf8'),
    attachments: attachments.map((one) => ({ ...one, fileName: safeFileName(one.fileName, one.position) })),
    forward,
    payment,
  });
}

/** The HTML letter alone, for the frame on its page: sanitised, and under a policy of its own that lets nothing run. */
async function showBody(deps: WebDependencies, request: LetterRequest, reply: FastifyReply): Promise<string> {
  const mailbox = await mailboxOf(deps, request);
  const letter = await letterOf(deps, mailbox, request.params.webId);
  const address = { accountId: mailbox.id, webId: letter.webId, position: BODY_POSITION };
  const body = await readPart(deps.pool, deps.contentKeys, address);
  if (mediaType(body.contentType) !== 'text/html') throw appError(ERRORS, 'MAILBOX_LETTER_NOT_FOUND');
  reply.type('text/html; charset=utf-8').headers({
    ...PRIVATE_HEADERS,
    'content-security-policy': MESSAGE_CONTENT_SECURITY_POLICY,
    'x-frame-options': 'SAMEORIGIN',
  });
  return messageDocument({
    lang: letterLanguage(letter),
    title: letter.subject,
    sanitizedHtml: sanitizeLetterHtml(body.bytes.toString('utf8')),
  });
}

async function sendAttachment(deps: WebDependencies, request: AttachmentRequest, reply: FastifyReply): Promise<Buffer> {
  const mailbox = await mailboxOf(deps, request);
  const { webId, position } = request.params;
  if (!WEB_ID.test(webId)) throw appError(ERRORS, 'MAILBOX_ATTACHMENT_NOT_FOUND');
  const part = await readPart(deps.pool, deps.contentKeys, {
    accountId: mailbox.id,
    webId,
    position: attachmentPosition(position),
  });
  const inPage = isShown(part) && request.query.download === undefined;
  const fileName = safeFileName(part.fileName, Number(position));
  reply.headers({
    ...PRIVATE_HEADERS,
    'content-type': isShown(part) ? 'application/pdf' : UNNAMED_TYPE,
    'content-disposition': contentDisposition(inPage ? 'inline' : 'attachment', fileName),
    'content-security-policy': inPage ? PDF_POLICY : DOWNLOAD_POLICY,
    'x-frame-options': inPage ? 'SAMEORIGIN' : 'DENY',
  });
  return part.bytes;
}

const PRIVATE_HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** As stored: base64url. The database takes no NUL, which an address may hold. */
const WEB_ID = /^[\w-]+$/;

async function letterOf(deps: WebDependencies, mailbox: Mailbox, webId: string): Promise<LetterRow> {
  const letter = WEB_ID.test(webId) ? await findLetter(deps.pool, mailbox.id, webId) : undefined;
  if (letter === undefined) throw appError(ERRORS, 'MAILBOX_LETTER_NOT_FOUND');
  return letter;
}

/** Attachments count from 1; the text is no attachment. */
function attachmentPosition(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw appError(ERRORS, 'MAILBOX_ATTACHMENT_NOT_FOUND');
  return Number(text);
}
