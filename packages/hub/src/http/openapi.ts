import { CHANNELS, LETTER_STATES, STAGES } from '../states.ts';

/**
 * JSON Schemas of the REST API. They describe; they do not judge: intake's own validator collects every fault of a letter at once,
 * with codes, which a schema validator cannot. A test holds the two together.
 */
const address = {
  type: 'object',
  description: 'Postadress. Behövs när brevet kan gå på papper.',
  additionalProperties: false,
  properties: {
    name: { type: 'string' },
    careOf: { type: 'string' },
    street: { type: 'string', description: 'Gatuadress eller box; eller flera rader i `lines`.' },
    lines: { type: 'array', items: { type: 'string' } },
    postalCode: { type: 'string', examples: ['123 45'] },
    city: { type: 'string' },
    country: { type: 'string', description: 'ISO 3166-1 alpha-2; utelämnas för Sverige.' },
  },
} as const;

const attachment = {
  type: 'object',
  required: ['filename', 'base64'],
  additionalProperties: false,
  properties: {
    filename: { type: 'string', examples: ['beslut.pdf'] },
    contentType: { type: 'string', enum: ['application/pdf'] },
    base64: { type: 'string', contentEncoding: 'base64', contentMediaType: 'application/pdf' },
  },
} as const;

export const LETTER_SCHEMA = {
  type: 'object',
  required: ['flow', 'recipient', 'subject', 'body'],
  additionalProperties: false,
  properties: {
    flow: { type: 'string', description: 'Flödets kod.', examples: ['beslut'] },
    recipient: {
      type: 'string',
      description:
        'Personnummer eller samordningsnummer (12 siffror), eller organisationsnummer (10 eller 12 siffror).',
      examples: ['191212121212'],
    },
    subject: { type: 'string', maxLength: 255, description: 'Ämnesrad, skriven för mottagaren.' },
    body: {
      type: 'object',
      required: ['text'],
      additionalProperties: false,
      properties: {
        contentType: { type: 'string', enum: ['text/plain', 'text/html'], default: 'text/plain' },
        text: { type: 'string' },
      },
    },
    attachments: { type: 'array', maxItems: 20, items: attachment },
    address,
    reference: { type: 'string', maxLength: 255, description: 'Verksamhetssystemets egen referens.' },
    language: { type: 'string', default: 'svSE' },
    protectedIdentity: { type: 'boolean', default: false },
  },
} as const;

export const ACCEPTED_SCHEMA = {
  type: 'object',
  required: ['id', 'status', 'links'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: LETTER_STATES },
    links: {
      type: 'object',
      required: ['self', 'console'],
      properties: { self: { type: 'string' }, console: { type: 'string' } },
    },
  },
} as const;

const record = { type: 'object', additionalProperties: true } as const;

export const LETTER_VIEW_SCHEMA = {
  type: 'object',
  required: ['id', 'status', 'stage', 'channel', 'final', 'recipientMasked', 'subject', 'events', 'links'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: LETTER_STATES },
    stage: { type: ['string', 'null'], enum: [...STAGES, null] },
    channel: { type: ['string', 'null'], enum: [...CHANNELS, null] },
    final: { type: 'boolean' },
    recipientMasked: { type: 'string' },
    subject: { type: 'string' },
    reference: { type: ['string', 'null'] },
    createdAt: { type: 'string', format: 'date-time' },
    operator: { type: ['string', 'null'] },
    events: {
      type: 'array',
      items: {
        type: 'object',
        required: ['at', 'kind', 'text', 'actor', 'detail'],
        properties: {
          at: { type: 'string', format: 'date-time' },
          kind: { type: 'string' },
          text: { type: 'string' },
          actor: { type: 'string' },
          detail: record,
        },
      },
    },
    decision: { type: ['object', 'null'], additionalProperties: true },
    receipts: { type: 'array', items: record },
    case: { type: ['object', 'null'], additionalProperties: true },
    links: ACCEPTED_SCHEMA.properties.links,
  },
} as const;

export const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'RFC 9457. `faults` räknar upp varje fel i det som lämnades in.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'path', 'text'],
        properties: { code: { type: 'string' }, path: { type: 'string' }, text: { type: 'string' } },
      },
    },
  },
} as const;

/** The document's head; paths are filled in from the routes, so that neither can be there without the other. */
export const OPENAPI_HEAD = {
  openapi: '3.1.0',
  info: {
    title: 'Brevduva – inlämning av brev',
    version: '1.0.0',
    description:
      'Verksamhetssystem lämnar in brev här. Brevduva väljer kanal per mottagare, signerar, förseglar och levererar. ' +
      'Svaret på en inlämning kommer när brevet är säkert lagrat. Skicka alltid huvudet Idempotency-Key: samma nyckel ger samma svar.',
  },
  components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
  security: [{ apiKey: [] }],
} as const;
