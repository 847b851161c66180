import type { FastifyInstance } from 'fastify';
import { ATTACHMENTS_MAX, PDF_CONTENT_TYPE } from '../intake/draft.ts';
import {
  BODY_CONTENT_TYPES,
  FILENAME_CHARS_MAX,
  LANGUAGE_PATTERN,
  REFERENCE_CHARS_MAX,
  SUBJECT_CHARS_MAX,
} from '../intake/validate.ts';
import { PAYMENT_MESSAGE_CHARS_MAX } from '../invoice/checkInvoice.ts';
import { INVOICE_CURRENCIES } from '../invoice/invoice.ts';
import { CHANNELS, LETTER_STATES, STAGES } from '../states.ts';

/*
 * JSON Schemas of the REST API. They describe; they do not judge: intake's own validator collects every fault of a letter at once,
 * with codes, which a schema validator cannot. A test holds the two together.
 */

/** A field that may be left out may also be null. */
const optionalText = { type: ['string', 'null'] } as const;

/** A postal address as every way in over HTTP takes it. */
export const instant = {
  type: ['string', 'null'],
  format: 'date-time',
  examples: ['2026-11-24T08:00:00+01:00'],
} as const;

export const address = {
  type: ['object', 'null'],
  description: 'Postadress. Behövs när brevet kan gå på papper.',
  additionalProperties: false,
  properties: {
    name: optionalText,
    careOf: optionalText,
    street: { ...optionalText, description: 'Gatuadress eller box; eller flera rader i `lines`.' },
    lines: { type: ['array', 'null'], items: { type: 'string' } },
    postalCode: { ...optionalText, examples: ['123 45'] },
    city: optionalText,
    country: {
      ...optionalText,
      description: 'Land på svenska eller engelska, eller ISO 3166-1 alpha-2; utelämnas för Sverige.',
    },
  },
} as const;

const attachment = {
  type: 'object',
  required: ['filename', 'base64'],
  additionalProperties: false,
  properties: {
    filename: {
      type: 'string',
      pattern: '^[^\\s./\\\\:*?"<>|-]([^/\\\\:*?"<>|]*[^\\s./\\\\:*?"<>|])?$',
      maxLength: FILENAME_CHARS_MAX,
      description: 'Inga sökvägar, och inget namn som Windows har förbehållit sig.',
      examples: ['beslut.pdf'],
    },
    contentType: { type: ['string', 'null'], enum: [PDF_CONTENT_TYPE, null], default: PDF_CONTENT_TYPE },
    base64: {
      type: 'string',
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      contentEncoding: 'base64',
      contentMediaType: PDF_CONTENT_TYPE,
      description: 'Base64 utan radbrytningar (RFC 4648 avsnitt 4).',
    },
  },
} as const;

const account = (description: string, pattern: string, example: string) => ({
  ...optionalText,
  ...{ pattern, description, examples: [example] },
});

/** Where the recipient can be told by SMS or e-mail. */
export const contact = {
  type: ['object', 'null'],
  description: 'Var mottagaren kan nås med SMS och e-post, för aviseringar. Lagras krypterat och raderas med brevet.',
  additionalProperties: false,
  properties: {
    phone: {
      ...optionalText,
      maxLength: 40,
      description: 'Mobilnummer; utan landsnummer är det svenskt.',
      examples: ['070-123 45 67', '+46701234567'],
    },
    email: {
      ...optionalText,
      maxLength: 254,
      description: 'En e-postadress, utan namn.',
      examples: ['anna@example.se'],
    },
  },
} as const;

/** What the recipient is to pay. */
const invoice = {
  type: ['object', 'null'],
  description:
    'Vad mottagaren ska betala. Följer med som uppgifter i det digitala brevet, så att brevlådan kan visa dem, och står på ' +
    'papperets textsida. Exakt ett av `bankgiro` och `plusgiro`, och högst ett av `ocr` och `message`.',
  required: ['dueDate', 'amount'],
  additionalProperties: false,
  properties: {
    dueDate: {
      type: 'string',
      pattern: '^2\\d{3}-\\d{2}-\\d{2}$',
      description: 'Sista betalningsdag.',
      examples: ['2026-12-24'],
    },
    amount: {
      type: 'string',
      pattern: '^(?=.*[1-9])\\d{1,10}(\\.\\d{1,2})?$',
      description: 'Beloppet som text, så att inget öre tappas.',
      examples: ['1234.50'],
    },
    currency: { type: ['string', 'null'], enum: [...INVOICE_CURRENCIES, null], default: 'SEK' },
    bankgiro: account('Med rätt kontrollsiffra.', '^ *\\d{3,4}-?\\d{4} *$', '5050-1055'),
    plusgiro: account('Med rätt kontrollsiffra.', '^[\\d ]{1,11}-?\\d *$', '41587-7'),
    ocr: account('OCR-nummer, kontrollsiffran sist.', '^ *(\\d *){2,25}$', '70012075'),
    message: {
      ...optionalText,
      pattern: '\\S',
      maxLength: PAYMENT_MESSAGE_CHARS_MAX,
      description: 'Meddelande till betalningsmottagaren, där det inte finns något OCR-nummer.',
    },
  },
  allOf: [
    {
      anyOf: [
        { required: ['bankgiro'], properties: { bankgiro: { type: 'string' }, plusgiro: { type: 'null' } } },
        { required: ['plusgiro'], properties: { plusgiro: { type: 'string' }, bankgiro: { type: 'null' } } },
      ],
    },
    { anyOf: [{ properties: { ocr: { type: 'null' } } }, { properties: { message: { type: 'null' } } }] },
  ],
} as const;

export const LETTER_SCHEMA = {
  $id: 'Letter',
  type: 'object',
  required: ['flow', 'recipient', 'body'],
  additionalProperties: false,
  properties: {
    flow: { type: 'string', minLength: 1, description: 'Flödets kod.', examples: ['beslut'] },
    recipient: {
      type: 'string',
      minLength: 1,
      description:
        'Personnummer eller samordningsnummer (12 siffror), eller organisationsnummer (10 eller 12 siffror).',
      examples: ['191212121212'],
    },
    subject: {
      ...optionalText,
      pattern: '\\S',
      maxLength: SUBJECT_CHARS_MAX,
      description: 'Ämnesrad, skriven för mottagaren. Får utelämnas när flödet har en förvald (`defaultSubject`).',
    },
    body: {
      type: 'object',
      required: ['text'],
      additionalProperties: false,
      properties: {
        contentType: { type: ['string', 'null'], enum: [...BODY_CONTENT_TYPES, null], default: 'text/plain' },
        text: { type: 'string', pattern: '\\S', description: 'Brevets text, eller HTML utan aktivt innehåll.' },
      },
    },
    attachments: { type: ['array', 'null'], maxItems: ATTACHMENTS_MAX, items: attachment },
    address,
    contact,
    reference: { ...optionalText, maxLength: REFERENCE_CHARS_MAX, description: 'Verksamhetssystemets egen referens.' },
    language: { ...optionalText, pattern: LANGUAGE_PATTERN, default: 'svSE' },
    protectedIdentity: {
      type: ['boolean', 'null'],
      default: false,
      description: 'Mottagaren har skyddade personuppgifter.',
    },
    invoice,
    notBefore: {
      ...instant,
      description: 'Brevet skickas inte tidigare. Bara för enstaka brev; ett utskick har sin egen tid.',
    },
    expiresAt: {
      ...instant,
      description: 'Har brevet inte skickats då skickas det inte. I stället för flödets livslängd.',
    },
    inReplyTo: {
      ...optionalText,
      description: 'Formuläret som brevet svarar på: dess id, eller portalens transaktions-id. Bara för enstaka brev.',
    },
  },
  examples: [
    {
      flow: 'beslut',
      recipient: '191212121212',
      subject: 'Beslut om bygglov',
      body: { contentType: 'text/plain', text: 'Ditt bygglov är beviljat.' },
      address: { name: 'Tolvan Tolvansson', street: 'Storgatan 1', postalCode: '123 45', city: 'Staden' },
      reference: 'BYGG 2026-17',
    },
  ],
} as const;

/** What is taken in although its flow warns of it. */
export const WARNINGS_SCHEMA = {
  type: 'array',
  description: 'Togs emot, men flödet varnar: en PDF som inte kan läsas upp (`pdfAccessibility: warn`).',
  items: {
    type: 'object',
    required: ['code', 'path', 'text'],
    properties: { code: { type: 'string' }, path: { type: 'string' }, text: { type: 'string' } },
  },
} as const;

export const ACCEPTED_SCHEMA = {
  $id: 'Accepted',
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
    warnings: WARNINGS_SCHEMA,
    sms: {
      type: 'object',
      description: 'Hur lång en avisering blir som SMS. Tecken utanför GSM-7 gör texten mer än dubbelt så lång.',
      properties: {
        alphabet: { type: 'string', enum: ['GSM-7', 'UCS-2'] },
        units: { type: 'integer' },
        parts: { type: 'integer' },
        unitsLeft: { type: 'integer' },
        notInGsm7: { type: 'array', items: { type: 'string' } },
      },
    },
  },
} as const;

const record = { type: 'object', additionalProperties: true } as const;

export const LETTER_VIEW_SCHEMA = {
  $id: 'LetterView',
  type: 'object',
  required: ['id', 'status', 'stage', 'channel', 'final', 'recipientMasked', 'subject', 'events', 'links'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    status: { type: 'string', enum: LETTER_STATES },
    stage: { type: ['string', 'null'], enum: [...STAGES, null] },
    channel: { type: ['string', 'null'], enum: [...CHANNELS, null] },
    final: { type: 'boolean' },
    recipientMasked: { type: 'string' },
    subject: { type: ['string', 'null'], description: 'null när brevets innehåll är raderat.' },
    reference: { type: ['string', 'null'] },
    inReplyTo: { type: ['string', 'null'], format: 'uuid', description: 'Formuläret som brevet svarar på.' },
    createdAt: { type: 'string', format: 'date-time' },
    erasedAt: {
      type: ['string', 'null'],
      format: 'date-time',
      description: 'När innehållet raderades enligt flödets gallringsregel.',
    },
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
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457. `faults` räknar upp varje fel i det som lämnades in.',
  required: ['type', 'title', 'status', 'code', 'detail', 'faults', 'requestId'],
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
        properties: {
          code: { type: 'string' },
          path: { type: 'string', description: 'JSON-pekare utan första snedstrecket; tom för hela brevet.' },
          text: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string', description: 'Ange den vid felanmälan.' },
  },
} as const;

/** What the routes refer to; the document has each once, under components. */
export const API_SCHEMAS = [LETTER_SCHEMA, ACCEPTED_SCHEMA, LETTER_VIEW_SCHEMA, PROBLEM_SCHEMA] as const;

/** Lets the routes of `app` refer to {@link API_SCHEMAS}. */
export function addApiSchemas(app: FastifyInstance): void {
  for (const schema of API_SCHEMAS) app.addSchema(schema);
}

const [LETTER, ACCEPTED, LETTER_VIEW, PROBLEM] = API_SCHEMAS.map(({ $id }) => ({ $ref: `${$id}#` }));

const MULTIPART_SCHEMA = {
  type: 'object',
  description: 'Delen `letter` är brevets JSON; varje PDF är en egen del `attachment` med filnamn.',
  required: ['letter'],
  additionalProperties: false,
  properties: {
    letter: { type: 'string', contentMediaType: 'application/json', contentSchema: LETTER },
    attachment: {
      type: 'array',
      maxItems: ATTACHMENTS_MAX,
      items: { type: 'string', contentMediaType: PDF_CONTENT_TYPE },
    },
  },
} as const;

/** An answer that is a problem. */
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM } },
});

/** An answer in JSON. */
export const answer = (description: string, schema: object | undefined) => ({
  description,
  content: { 'application/json': { schema } },
});

/** What any route may answer besides. */
export const ANY_PROBLEM = {
  '4xx': problem('Anropet kan inte tas emot; `code` och `faults` säger varför.'),
  '5xx': problem('Felet ligger hos oss. Försök igen med samma Idempotency-Key.'),
};

/** The key under which something is handed in. */
export const KEY_HEADER = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      pattern: '^[!-~]{1,200}$',
      description: 'Verksamhetssystemets nyckel för inlämningen; 1–200 synliga ASCII-tecken.',
    },
  },
} as const;

export const SEND_LETTER_SCHEMA = {
  operationId: 'sendLetter',
  summary: 'Lämna in ett brev',
  description:
    'Svaret kommer när brevet är lagrat. Samma nyckel och samma brev ger det första svaret igen (200 och huvudet ' +
    '`idempotent-replay: true`), även om det ena kom som JSON och det andra som formulär; samma nyckel och ett annat brev ger 409. ' +
    'Brevets hela leverans får vara högst 2 097 152 byte, utom i flöden som bara går på papper.',
  headers: KEY_HEADER,
  body: {
    content: {
      'application/json': { schema: LETTER },
      'multipart/form-data': { schema: MULTIPART_SCHEMA },
    },
  },
  response: {
    200: answer('Brevet var redan inlämnat med samma nyckel.', ACCEPTED),
    201: answer('Brevet är lagrat.', ACCEPTED),
    409: problem('Nyckeln har redan använts för ett annat brev.'),
    413: problem('Brevet är för stort; felet säger med hur mycket.'),
    422: problem('Brevet kan inte tas emot; varje fel står i `faults`.'),
    ...ANY_PROBLEM,
  },
};

export const GET_LETTER_SCHEMA = {
  operationId: 'getLetter',
  summary: 'Följ ett brev',
  params: { type: 'object', required: ['id'], properties: { id: { type: 'string', description: 'Brevets id.' } } },
  response: {
    200: answer('Brevet som det är nu, med allt som har hänt.', LETTER_VIEW),
    404: problem('Brevet finns inte i organisationen.'),
    ...ANY_PROBLEM,
  },
};

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
  servers: [{ url: '/' }],
  components: {
    securitySchemes: {
      apiKey: { type: 'http', scheme: 'bearer', description: 'API-nyckel.' },
      oauth: {
        type: 'oauth2',
        description: 'OAuth 2 client credentials; inloggningsnamnet är client_id.',
        flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } },
      },
      certificate: { type: 'mutualTLS', description: 'Klientcertifikat, på lyssnaren för system.' },
    },
  },
  security: [{ apiKey: [] }, { oauth: [] }, { certificate: [] }],
} as const;
