import { appError, type Fault, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { fault, pointerToken } from '../intake/draft.ts';
import { selectFormMessage } from '../sql/formMessages.ts';
import { readFormLabel, readPlainLabel } from '../waysIn/forms/formLabel.ts';
import {
  FORM_REQUEST_BYTES_MAX,
  type FormFile,
  type FormHandIn,
  type ReceivedForm,
  type ReceiveOptions,
  receiveForm,
} from '../waysIn/forms/receiveForm.ts';
import { GET_FORM_SCHEMA, HAND_IN_FORM_SCHEMA } from './formSchemas.ts';
import { acceptForms, readIdempotencyKey } from './handIn.http.ts';
import { type FormPart, readMultipart } from './multipart.http.ts';
import { callerOf } from './systemAccess.http.ts';

/** Fields of the label that may stand beside the form as parts of their own. */
const PLAIN_FIELDS = ['transactionId', 'correlationId', 'product', 'from', 'to', 'subject', 'sentAt', 'test'];

/** The way in for portals: hand in a form with attachments, ask what has become of it. */
export async function registerFormRoutes(app: FastifyInstance, options: ReceiveOptions): Promise<void> {
  await app.register(async (scope) => {
    acceptForms(scope);
    scope.post(
      '/api/v1/forms',
      {
        config: { access: 'apiKey' },
        bodyLimit: FORM_REQUEST_BYTES_MAX,
        // All of it is judged at once; the schema is for the description only.
        validatorCompiler: () => () => true,
        schema: HAND_IN_FORM_SCHEMA,
      },
      async (request, reply) => sendReceipt(reply, await receiveForm(readForm(request), callerOf(request), options)),
    );
    scope.get<{ Params: { id: string } }>(
      '/api/v1/forms/:id',
      { config: { access: 'apiKey' }, schema: GET_FORM_SCHEMA },
      async (request) => receiptOf(request, options),
    );
  });
}

function sendReceipt(reply: FastifyReply, received: ReceivedForm): FastifyReply {
  const { id, transactionId, state, receivedAt, replay } = received;
  if (replay) reply.header('idempotent-replay', 'true');
  return reply
    .code(replay ? 200 : 201)
    .headers({
      location: `/api/v1/forms/${id}`,
      // As an SHS node says it.
      'x-shs-txid': encodeURI(transactionId),
      'x-shs-localid': id,
      'x-shs-arrivaldate': receivedAt.toISOString(),
      'x-shs-duplicatemsg': replay ? 'yes' : 'no',
    })
    .send({ id, transactionId, status: state, receivedAt: receivedAt.toISOString() });
}

/** What has become of a form, for the portal that handed it in and nobody else. */
async function receiptOf(request: FastifyRequest<{ Params: { id: string } }>, { pool }: ReceiveOptions) {
  const { organisationId, id: portalId } = callerOf(request);
  const { id } = request.params;
  const found = isUuid(id) ? await selectFormMessage(pool, organisationId, id) : undefined;
  if (found === undefined || found.portalId !== portalId) throw appError(HUB_ERRORS, 'HUB_FORM_NOT_FOUND');
  const { transactionId, state, receivedAt, acknowledgedAt } = found;
  return {
    ...{ id, transactionId, status: state, receivedAt: receivedAt.toISOString() },
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
  };
}

function readForm(request: FastifyRequest): FormHandIn {
  if (!Buffer.isBuffer(request.body)) throw appError(HUB_ERRORS, 'HUB_FORM_MULTIPART');
  const parts = readMultipart(request.body, request.headers['content-type'] ?? '');
  const named = (name: string) => parts.filter((part) => part.name === name);
  const [form] = named('form');
  const { label, labelBytes } = readLabel(parts, readIdempotencyKey(request));
  return {
    label,
    labelBytes,
    form: form && toFile(form),
    attachments: named('attachment').map(toFile),
    faults: [...unknownParts(parts), ...repeatedParts(parts)],
  };
}

/** A part `label`; or its words as parts of their own, and the transaction id as idempotency key where it has no part. */
function readLabel(parts: readonly FormPart[], key: string | undefined): Pick<FormHandIn, 'label' | 'labelBytes'> {
  const label = parts.find(({ name }) => name === 'label');
  if (label !== undefined) return { label: readFormLabel(label.bytes), labelBytes: label.bytes };
  const fields = parts
    .filter(({ name }) => PLAIN_FIELDS.includes(name))
    .map(({ name, bytes }) => [name, bytes.toString('utf8')] as const);
  const withKey = key === undefined ? fields : ([['transactionId', key], ...fields] as const);
  return { label: readPlainLabel(Object.fromEntries(withKey)), labelBytes: undefined };
}

/** A part that nobody reads is told, not passed over: it may be the attachment. */
function unknownParts(parts: readonly FormPart[]): Fault[] {
  const hasLabel = parts.some(({ name }) => name === 'label');
  const known = ['label', 'form', 'attachment', ...(hasLabel ? [] : PLAIN_FIELDS)];
  return parts
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => fault('HUB_FIELD_UNKNOWN', pointerToken(name).slice(0, 100), PART_NAMES));
}

const PART_NAMES = 'Delarna ska heta label, form och attachment.';

function repeatedParts(parts: readonly FormPart[]): Fault[] {
  const single = ['label', 'form', ...PLAIN_FIELDS];
  return single
    .filter((wanted) => parts.filter(({ name }) => name === wanted).length > 1)
    .map((name) => fault('HUB_FIELD_UNKNOWN', name, `Delen ${name} får bara stå en gång.`));
}

function toFile({ filename = '', bytes }: FormPart): FormFile {
  return { filename, bytes };
}
