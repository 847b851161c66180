import { appError } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { fault } from '../intake/draft.ts';
import type { ReturnedMail } from '../returnedMail/registerReturn.ts';
import { isReturnReason, RETURN_REASONS, type ReturnReason } from '../returnedMail/returnReasons.ts';
import { ANY_PROBLEM, answer, problem } from './openapi.ts';
import { callerOf } from './systemAccess.http.ts';

const BODY_BYTES_MAX = 4 * 1024;
const FIELDS = ['mark', 'reason'];

/** Mail that came back, told by whoever scans it: a print shop's or a scanning service's system. */
export function registerReturnRoute(app: FastifyInstance, returnedMail: ReturnedMail): void {
  app.post(
    '/api/v1/returns',
    {
      config: { access: 'apiKey' },
      bodyLimit: BODY_BYTES_MAX,
      validatorCompiler: () => () => true,
      schema: RETURN_SCHEMA,
    },
    async (request, reply) => {
      const { mark, reason } = readReturn(request.body);
      const { organisationId, code } = callerOf(request);
      const facts = { reason, source: 'api', by: code } as const;
      const { isNew, ...rest } = await returnedMail.register(organisationId, mark, facts);
      return reply.code(isNew ? 201 : 200).send({ ...rest, isNew });
    },
  );
}

function readReturn(body: unknown): { mark: string; reason: ReturnReason } {
  const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { mark, reason } = fields;
  const odd = Object.keys(fields).filter((name) => !FIELDS.includes(name));
  const faults = [
    ...(typeof mark === 'string' ? [] : [fault('HUB_RETURN_MARK', 'mark')]),
    ...(isReturnReason(reason) ? [] : [fault('HUB_RETURN_REASON', 'reason')]),
    ...odd.map((name) => fault('HUB_FIELD_UNKNOWN', name.slice(0, 100))),
  ];
  if (faults.length > 0 || typeof mark !== 'string' || !isReturnReason(reason)) {
    throw appError(
      HUB_ERRORS,
      faults.length === 1 && !isReturnReason(reason) ? 'HUB_RETURN_REASON' : 'HUB_RETURN_MARK',
      {
        faults,
      },
    );
  }
  return { mark, reason };
}

const RETURN_SCHEMA = {
  operationId: 'registerReturn',
  summary: 'Registrera ett brev som kommit tillbaka',
  description:
    'Brevet känns igen på bladmärket (som det skannas eller står utskrivet) eller på sitt id. Det får ett ärende, och adressen markeras när ' +
    'skälet säger att den inte duger. Samma brev en gång till ändrar inget: svaret är då 200 och `isNew` är falskt.',
  body: {
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: FIELDS,
          additionalProperties: false,
          properties: {
            mark: { type: 'string', minLength: 1, maxLength: 100 },
            reason: { type: 'string', enum: Object.keys(RETURN_REASONS) },
          },
        },
      },
    },
  },
  response: {
    200: answer('Det var redan registrerat.', returned()),
    201: answer('Registrerat.', returned()),
    404: problem('Brevet finns inte hos organisationen.'),
    409: problem('Brevet har inte gått på papper.'),
    422: problem('Märket eller skälet går inte att läsa.'),
    ...ANY_PROBLEM,
  },
};

function returned() {
  return {
    type: 'object',
    required: ['letterId', 'isNew', 'isFlagged', 'hasCase'],
    properties: {
      letterId: { type: 'string', format: 'uuid' },
      isNew: { type: 'boolean' },
      isFlagged: { type: 'boolean', description: 'Nästa brev till samma mottagare på samma adress hålls inne.' },
      hasCase: { type: 'boolean' },
    },
  };
}
