import { ATTACHMENTS_MAX } from '../intake/draft.ts';
import { FORM_STATES } from '../waysIn/forms/formStates.ts';
import { ANY_PROBLEM, answer, KEY_HEADER, problem } from './openapi.ts';

const text = { type: 'string' } as const;
const optional = { type: ['string', 'null'] } as const;
const moment = { type: 'string', format: 'date-time' } as const;
const status = { type: 'string', enum: FORM_STATES } as const;
const byId = (what: string) => ({
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: what } },
});

const RECEIPT = {
  type: 'object',
  required: ['id', 'transactionId', 'status', 'receivedAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    transactionId: text,
    status,
    receivedAt: moment,
    acknowledgedAt: { type: ['string', 'null'], format: 'date-time' },
  },
} as const;

const LABEL = {
  type: 'object',
  required: ['transactionId', 'product'],
  additionalProperties: false,
  properties: {
    transactionId: { ...text, description: 'Portalens eget id; samma id är samma formulär. SHS: tx.id.' },
    correlationId: { ...optional, description: 'SHS: corr.id.' },
    product: { ...text, description: 'Vilket slags formulär det är.' },
    from: optional,
    to: { ...optional, description: 'Organisationsnummer för den som formuläret är till.' },
    subject: optional,
    sentAt: { ...optional, format: 'date-time' },
    test: { type: ['boolean', 'null'] },
    files: { type: 'array', items: text, description: 'Filernas namn; alla måste ha kommit.' },
  },
} as const;

export const HAND_IN_FORM_SCHEMA = {
  operationId: 'handInForm',
  summary: 'Lämna in ett formulär med bilagor',
  description:
    'För portaler som verksamt.se. Delen `label` är en SHS-etikett (`shs.label`, XML) eller samma uppgifter som JSON; saknas den står ' +
    'uppgifterna som egna delar. Delen `form` är formulärets XML, som förs vidare byte för byte. Svaret kommer när allt är lagrat; samma ' +
    'transaktions-id med samma innehåll ger det första svaret igen (200), med annat innehåll 409.',
  headers: KEY_HEADER,
  body: {
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          required: ['form'],
          properties: {
            label: { type: 'string', contentMediaType: 'application/json', contentSchema: LABEL },
            form: { type: 'string', contentMediaType: 'application/xml' },
            attachment: {
              type: 'array',
              maxItems: ATTACHMENTS_MAX,
              items: { type: 'string', description: 'PDF, PNG, JPEG, TIFF eller ren text.' },
            },
          },
        },
      },
    },
  },
  response: {
    200: answer('Formuläret var redan inlämnat.', RECEIPT),
    201: answer('Formuläret är lagrat.', RECEIPT),
    409: problem('Transaktions-id har använts för ett annat formulär.'),
    422: problem('Formuläret kan inte tas emot; varje fel står i `faults`.'),
    ...ANY_PROBLEM,
  },
};

export const GET_FORM_SCHEMA = {
  operationId: 'getForm',
  summary: 'Följ ett formulär som portal',
  params: byId('Formulärets id.'),
  response: { 200: answer('Var formuläret är.', RECEIPT), 404: problem('Formuläret finns inte.'), ...ANY_PROBLEM },
};

const FORM = {
  type: 'object',
  required: ['id', 'transactionId', 'product', 'status', 'receivedAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    transactionId: text,
    correlationId: optional,
    product: text,
    productName: text,
    portal: text,
    from: optional,
    subject: optional,
    test: { type: 'boolean' },
    sentAt: { type: ['string', 'null'], format: 'date-time' },
    receivedAt: moment,
    status,
    caseReference: optional,
    fields: {
      type: 'object',
      additionalProperties: optional,
      description: 'Det som konfigurationen läser ur formuläret.',
    },
    parts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['position', 'kind', 'filename', 'contentType', 'bytes', 'sha256'],
        properties: {
          position: { type: 'integer' },
          kind: { type: 'string', enum: ['label', 'form', 'attachment'] },
          filename: text,
          contentType: text,
          bytes: { type: 'integer' },
          sha256: text,
        },
      },
    },
  },
} as const;

/** A receiver's case mailbox. */
export const FORM_MAILBOX_SCHEMAS = {
  list: {
    operationId: 'listForms',
    summary: 'Se vad som väntar i ärendebrevlådan',
    querystring: { type: 'object', properties: { after: { type: 'string', description: '`next` i förra svaret.' } } },
    response: {
      200: answer('De som systemet inte har kvitterat, äldst först.', {
        type: 'object',
        required: ['forms', 'next'],
        properties: { forms: { type: 'array', items: FORM }, next: optional },
      }),
      ...ANY_PROBLEM,
    },
  },
  secrets: {
    operationId: 'getWebhookSecrets',
    summary: 'Hämta hemligheten som webhooks signeras med',
    response: {
      200: answer('En för varje version i konfigurationen.', {
        type: 'object',
        required: ['secrets'],
        properties: {
          secrets: {
            type: 'array',
            items: {
              type: 'object',
              required: ['version', 'secret'],
              properties: { version: { type: 'integer' }, secret: text },
            },
          },
        },
      }),
      ...ANY_PROBLEM,
    },
  },
  get: {
    operationId: 'getMailboxForm',
    summary: 'Hämta ett formulär ur ärendebrevlådan',
    params: byId('Formulärets id.'),
    response: {
      200: answer('Formuläret och vilka filer det har.', FORM),
      404: problem('Formuläret finns inte.'),
      ...ANY_PROBLEM,
    },
  },
  part: {
    operationId: 'getMailboxFormPart',
    summary: 'Hämta en fil i ett formulär',
    params: {
      type: 'object',
      required: ['id', 'n'],
      properties: {
        id: { ...text, description: 'Formulärets id.' },
        n: { type: 'string', description: '`position` i formulärets `parts`.' },
      },
    },
    response: {
      200: {
        description: 'Filens byte, som de kom.',
        content: {
          'application/octet-stream': { schema: { type: 'string', contentMediaType: 'application/octet-stream' } },
        },
      },
      404: problem('Filen finns inte.'),
      ...ANY_PROBLEM,
    },
  },
  acknowledge: {
    operationId: 'acknowledgeForm',
    summary: 'Kvittera ett formulär',
    description: 'Säger att systemet har formuläret. Kan upprepas; ärendenumret får komma senare.',
    params: byId('Formulärets id.'),
    body: {
      content: { 'application/json': { schema: { type: 'object', properties: { caseReference: optional } } } },
    },
    response: {
      200: answer('Formuläret som det är nu.', FORM),
      404: problem('Formuläret finns inte.'),
      ...ANY_PROBLEM,
    },
  },
};
