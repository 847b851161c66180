import { appError } from '@brevduva/base';
import type { FastifyInstance } from 'fastify';
import { HUB_ERRORS } from '../errors.ts';
import { fault } from '../intake/draft.ts';
import type { ChannelPolicy } from '../letter.ts';
import { RECIPIENTS_AT_ONCE_MAX } from '../mailing/recipients.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { PrecheckAnswer, PrecheckRequest } from '../precheck.ts';
import { REACHES } from '../reach.ts';
import { LETTER_REQUEST_BYTES_MAX } from './letters.http.ts';
import { RECIPIENT_ITEMS } from './mailingSchemas.ts';
import { ANY_PROBLEM, answer, problem } from './openapi.ts';
import { callerOf } from './systemAccess.http.ts';

/** Asks what would become of a list. */
export type Precheck = (request: PrecheckRequest, system: BusinessSystem) => Promise<PrecheckAnswer>;

const POLICIES: readonly ChannelPolicy[] = ['digitalFirst', 'digitalOnly', 'paperOnly'];
const PAGES_MAX = 500;
const FIELDS = ['flow', 'recipients', 'channelPolicy', 'pages'];

/** The REST way to ask before sending. POST, because a list of numbers has no place in an address that servers log. */
export function registerPrecheckRoute(app: FastifyInstance, precheck: Precheck): void {
  app.post(
    '/api/v1/precheck',
    {
      config: { access: 'apiKey' },
      bodyLimit: LETTER_REQUEST_BYTES_MAX,
      validatorCompiler: () => () => true,
      schema: PRECHECK_SCHEMA,
    },
    async (request) => precheck(readRequest(request.body), callerOf(request)),
  );
}

function readRequest(body: unknown): PrecheckRequest {
  const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { flow, recipients, channelPolicy, pages } = fields;
  const policy = POLICIES.find((each) => each === channelPolicy);
  const isPages = typeof pages === 'number' && Number.isInteger(pages) && pages >= 1 && pages <= PAGES_MAX;
  const wrong: readonly (readonly [boolean, string, string])[] = [
    [typeof flow !== 'string' || flow === '', 'flow', 'Ange flödets kod.'],
    [!Array.isArray(recipients), 'recipients', 'Fältet ska vara en lista av mottagare.'],
    [channelPolicy !== undefined && policy === undefined, 'channelPolicy', `Ange ett av: ${POLICIES.join(', ')}.`],
    [pages !== undefined && !isPages, 'pages', `Ange ett heltal mellan 1 och ${PAGES_MAX}.`],
    ...Object.keys(fields)
      .filter((name) => !FIELDS.includes(name))
      .map((name) => [true, name.slice(0, 100), 'Fältet finns inte.'] as const),
  ];
  const faults = wrong.filter(([isWrong]) => isWrong).map(([, path, text]) => fault('HUB_FIELD_TYPE', path, text));
  if (faults.length > 0) throw appError(HUB_ERRORS, 'HUB_PRECHECK_INVALID', { faults });
  return {
    flow: flow as string,
    recipients: recipients as readonly unknown[],
    ...(policy && { channelPolicy: policy }),
    ...(isPages && { pages }),
  };
}

const count = { type: 'integer', minimum: 0 } as const;

const PRECHECK_SCHEMA = {
  operationId: 'precheck',
  summary: 'Fråga hur en lista skulle nås',
  description:
    'Frågar FaR och kanalväxeln som om breven skickades nu. Inget skickas och inga nummer sparas. `address` betyder papper, när adressen ' +
    'har hämtats. Kostnader är i öre utan moms, efter organisationens priser.',
  body: {
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['flow', 'recipients'],
          additionalProperties: false,
          properties: {
            flow: { type: 'string', minLength: 1 },
            recipients: { type: 'array', maxItems: RECIPIENTS_AT_ONCE_MAX, items: RECIPIENT_ITEMS },
            channelPolicy: { type: 'string', enum: POLICIES },
            pages: {
              type: 'integer',
              minimum: 1,
              maximum: PAGES_MAX,
              description: 'Sidor per brev på papper; 1 om inget anges.',
            },
          },
        },
      },
    },
  },
  response: {
    200: answer('Hur listan skulle nås.', {
      type: 'object',
      required: ['recipients', 'reach', 'refused', 'faults', 'cost', 'results'],
      properties: {
        recipients: count,
        reach: {
          type: 'object',
          required: REACHES,
          properties: Object.fromEntries(REACHES.map((each) => [each, count])),
        },
        refused: count,
        faults: { type: 'array', items: { type: 'object', additionalProperties: true } },
        cost: {
          type: 'object',
          properties: {
            eInvoice: count,
            digital: count,
            paper: count,
            notices: count,
            total: count,
            ifAllOnPaper: count,
          },
        },
        results: { type: 'array', items: { type: ['string', 'null'], enum: [...REACHES, null] } },
      },
    }),
    413: problem('För många på en gång.'),
    422: problem('Frågan kan inte besvaras; varje fel står i `faults`.'),
    503: problem('Adressregistret FaR eller e-fakturaregistret svarar inte.'),
    ...ANY_PROBLEM,
  },
};
