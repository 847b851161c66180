import { appError, type Fault } from '@brevduva/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import type { HandIn } from '../intake/accept.ts';
import { type DraftAttachment, fault, PDF_CONTENT_TYPE, pointerToken } from '../intake/draft.ts';
import { type FormPart, readMultipart } from './multipart.http.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

/** Lets forms with files in; in a scope of its own, so that nobody else's forms are read like this. */
export function acceptForms(scope: FastifyInstance): void {
  scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/**
 * What a request hands in: JSON, or a form with the JSON in the part `name` and PDFs in parts `attachment`.
 *
 * @throws AppError HUB_JSON_REQUIRED, HUB_MULTIPART_LETTER, HUB_IDEMPOTENCY_KEY, BASE_BODY_MALFORMED
 */
export function readHandIn(request: FastifyRequest, name: string): HandIn {
  const idempotencyKey = readIdempotencyKey(request);
  const contentType = request.headers['content-type'] ?? '';
  if (Buffer.isBuffer(request.body)) {
    return { ...readForm(readMultipart(request.body, contentType), name), idempotencyKey };
  }
  if (!/^application\/json\b/i.test(contentType)) throw appError(HUB_ERRORS, 'HUB_JSON_REQUIRED');
  return { json: request.body, parts: [], faults: [], idempotencyKey };
}

/** The system's own key for what it hands in. @throws AppError HUB_IDEMPOTENCY_KEY */
export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) throw appError(HUB_ERRORS, 'HUB_IDEMPOTENCY_KEY');
  return key;
}

/** A part with a name that nobody reads is told, not passed over: it may be the attachment. */
function readForm(parts: readonly FormPart[], name: string): Omit<HandIn, 'idempotencyKey'> {
  const named = (wanted: string) => parts.filter((part) => part.name === wanted);
  const [letter, ...more] = named(name);
  if (letter === undefined || more.length > 0) throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER');
  const faults: Fault[] = parts
    .filter((part) => part.name !== name && part.name !== 'attachment')
    .map((part) => fault('HUB_FIELD_UNKNOWN', pointerToken(part.name), `Delarna ska heta ${name} och attachment.`));
  return { json: parseLetterPart(letter), parts: named('attachment').map(toAttachment), faults };
}

function parseLetterPart({ bytes }: FormPart): unknown {
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    throw appError(HUB_ERRORS, 'HUB_MULTIPART_LETTER', { cause });
  }
}

/** What a client writes that does not know what it sends; the bytes tell. */
const UNKNOWN_CONTENT_TYPE = 'application/octet-stream';

function toAttachment({ filename = '', contentType = UNKNOWN_CONTENT_TYPE, bytes }: FormPart): DraftAttachment {
  return { filename, contentType: contentType === UNKNOWN_CONTENT_TYPE ? PDF_CONTENT_TYPE : contentType, bytes };
}
