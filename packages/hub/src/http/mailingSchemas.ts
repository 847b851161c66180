import { MAILING_STATES } from '../mailing/mailing.ts';
import { VALUE_CHARS_MAX, VALUES_MAX } from '../mailing/mailingText.ts';
import { RECIPIENTS_AT_ONCE_MAX } from '../mailing/recipients.ts';
import {
  ACCEPTED_SCHEMA,
  ANY_PROBLEM,
  address,
  answer,
  contact,
  instant,
  KEY_HEADER,
  LETTER_SCHEMA,
  problem,
  WARNINGS_SCHEMA,
} from './openapi.ts';

/* JSON Schemas of the mailing routes. Like those of letters they describe; the mailings' own rules judge. */

const { flow, subject, body, attachments, language, recipient, reference, protectedIdentity, invoice } =
  LETTER_SCHEMA.properties;

const MAILING = {
  type: 'object',
  required: ['name', 'flow'],
  additionalProperties: false,
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'Vad utskicket heter hos er.',
      examples: ['Skolval 2027'],
    },
    ...{ flow, subject, body, attachments, language },
    template: {
      type: ['string', 'null'],
      description:
        'Kod för en mall ur organisationens konfiguration, i stället för `subject` och `body`. Utelämnas båda gäller flödets mall, om det har en. Utskicket behåller mallen som den är nu.',
      examples: ['skolval'],
    },
    notBefore: { ...instant, description: 'Inget skickas tidigare.' },
    expiresAt: { ...instant, description: 'Det som inte har skickats då skickas inte.' },
    channelPolicy: {
      type: ['string', 'null'],
      enum: ['digitalFirst', 'digitalOnly', 'paperOnly', null],
      description: 'I stället för flödets eget val av kanal.',
    },
  },
} as const;

const OWN_LETTER = {
  type: 'object',
  required: ['recipient', 'body'],
  additionalProperties: false,
  properties: {
    recipient,
    subject,
    body,
    attachments,
    address,
    contact,
    reference,
    language,
    protectedIdentity,
    invoice,
  },
} as const;

/** A recipient with what it has for itself. */
export const RECIPIENT_ITEMS = {
  type: 'object',
  required: ['recipient'],
  additionalProperties: false,
  properties: {
    recipient,
    reference,
    address,
    contact,
    protectedIdentity,
    invoice,
    values: {
      type: ['object', 'null'],
      additionalProperties: { type: ['string', 'null'], maxLength: VALUE_CHARS_MAX },
      maxProperties: VALUES_MAX,
      description: 'Värden för platshållarna i utskickets ämne och text. De som texten inte använder sparas inte.',
      examples: [{ Barn: 'Alva', Skola: 'Ängsskolan' }],
    },
  },
} as const;

const BUNCH = {
  type: 'object',
  required: ['recipients'],
  additionalProperties: false,
  properties: {
    recipients: {
      type: 'array',
      maxItems: RECIPIENTS_AT_ONCE_MAX,
      items: RECIPIENT_ITEMS,
    },
    onFault: {
      type: 'string',
      enum: ['refuse', 'skip'],
      default: 'refuse',
      description:
        '`refuse`: ett enda fel och ingen läggs till. `skip`: de som är rätt läggs till, de andra räknas upp.',
    },
  },
} as const;

const FILLED = {
  type: 'object',
  required: ['accepted', 'refused', 'faults'],
  properties: {
    accepted: { type: 'integer' },
    refused: { type: 'integer' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'path', 'text'],
        properties: {
          code: { type: 'string' },
          path: { type: 'string', description: '`recipients/<plats i omgången>/<fält>`; första platsen är 0.' },
          text: { type: 'string' },
        },
      },
    },
  },
} as const;

const VIEW = {
  type: 'object',
  required: ['id', 'name', 'status', 'flow', 'recipients', 'letters', 'links'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    name: { type: 'string' },
    status: { type: 'string', enum: MAILING_STATES },
    flow: { type: 'string' },
    recipients: { type: 'integer' },
    createdAt: { type: 'string', format: 'date-time' },
    committedAt: instant,
    notBefore: instant,
    expiresAt: instant,
    letters: { type: 'object', additionalProperties: { type: 'integer' }, description: 'Antal brev per status.' },
    warnings: WARNINGS_SCHEMA,
    sentBefore: {
      type: ['object', 'null'],
      additionalProperties: true,
      description: 'Förra utskicket till exakt samma mottagare.',
    },
    links: ACCEPTED_SCHEMA.properties.links,
  },
} as const;

const params = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', description: 'Utskickets id.' } },
} as const;
const NOT_FOUND = problem('Utskicket finns inte hos verksamhetssystemet.');

export const MAILING_SCHEMAS = {
  create: {
    operationId: 'createMailing',
    summary: 'Skapa ett utskick',
    description:
      'Det som alla mottagare får lämnas en gång. I ämne och text får platshållare stå, `{Skola}`, som fylls med mottagarens värde; en ' +
      'klammer som ska stå kvar skrivs dubbelt, `{{`. Inget skickas förrän utskicket släpps (`commit`). Kan också lämnas som formulär: delen ' +
      '`mailing` är utskickets JSON, varje PDF en egen del `attachment`.',
    headers: KEY_HEADER,
    body: { content: { 'application/json': { schema: MAILING } } },
    response: {
      200: answer('Utskicket var redan skapat med samma nyckel.', VIEW),
      201: answer('Utskicket är skapat och kan fyllas.', VIEW),
      409: problem('Nyckeln har redan använts för ett annat utskick.'),
      422: problem('Utskicket kan inte tas emot; varje fel står i `faults`.'),
      ...ANY_PROBLEM,
    },
  },
  get: {
    operationId: 'getMailing',
    summary: 'Följ ett utskick',
    params,
    response: { 200: answer('Utskicket som det är nu.', VIEW), 404: NOT_FOUND, ...ANY_PROBLEM },
  },
  fill: {
    operationId: 'addRecipients',
    summary: 'Lägg till mottagare',
    description: `Högst ${RECIPIENTS_AT_ONCE_MAX} åt gången. Samma nyckel och samma mottagare ger det första svaret igen och lägger inte till någon.`,
    headers: KEY_HEADER,
    params,
    body: { content: { 'application/json': { schema: BUNCH } } },
    response: {
      200: answer('Så många lades till.', FILLED),
      404: NOT_FOUND,
      409: problem('Utskicket tar inte emot fler mottagare.'),
      422: problem('Omgången har fel och ingen har lagts till; varje fel står i `faults`.'),
      ...ANY_PROBLEM,
    },
  },
  addLetter: {
    operationId: 'addLetterToMailing',
    summary: 'Lägg till ett brev med eget innehåll',
    description:
      'Som när ett enskilt brev lämnas in, men utan `flow`. Utskickets gemensamma bilagor följer med efter brevets egna.',
    params,
    body: { content: { 'application/json': { schema: OWN_LETTER } } },
    response: {
      201: answer('Brevet ligger i utskicket.', {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string', format: 'uuid' }, warnings: WARNINGS_SCHEMA },
      }),
      404: NOT_FOUND,
      422: problem('Brevet kan inte tas emot; varje fel står i `faults`.'),
      ...ANY_PROBLEM,
    },
  },
  commit: {
    operationId: 'commitMailing',
    summary: 'Släpp utskicket',
    description: 'Alla mottagare blir brev i samma ögonblick. En gång till ändrar ingenting.',
    params,
    response: {
      200: answer('Utskicket är släppt.', VIEW),
      202: answer('Flödet kräver att en andra person godkänner; det görs i konsolen.', VIEW),
      404: NOT_FOUND,
      409: problem('Utskicket är avbrutet.'),
      422: problem('Utskicket har inga mottagare.'),
      ...ANY_PROBLEM,
    },
  },
  cancel: {
    operationId: 'cancelMailing',
    summary: 'Avbryt utskicket',
    description: 'Mottagare och innehåll raderas. En gång till ändrar ingenting.',
    params,
    response: {
      200: answer('Utskicket är avbrutet.', VIEW),
      404: NOT_FOUND,
      409: problem('Utskicket är redan släppt.'),
      ...ANY_PROBLEM,
    },
  },
};
