import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listRoutes } from '@brevduva/base';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { API_SCHEMAS, LETTER_SCHEMA, LETTER_VIEW_SCHEMA, PROBLEM_SCHEMA } from '../src/http/openapi.ts';
import { type Answer, base64Of, type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document from outside; every read is asserted.
type Document = any;

let hub: IntakeHub;
let document: Document;
before(async () => {
  hub = await startIntakeHub();
  document = await (await fetch(new URL('/api/openapi.json', hub.url))).json();
});
after(() => hub.close());

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const schema of API_SCHEMAS) ajv.addSchema(schema);
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'trace'];

function* operationsOf(paths: Document): Generator<[path: string, method: string, operation: Document]> {
  for (const [path, item] of Object.entries<Document>(paths)) {
    for (const method of METHODS) if (item[method]) yield [path, method, item[method]];
  }
}

/** Every object in the document, with the way to it. */
function* walk(value: Document, path: string): Generator<[path: string, value: Document]> {
  if (typeof value !== 'object' || value === null) return;
  yield [path, value];
  for (const [key, child] of Object.entries(value)) yield* walk(child, `${path}/${key}`);
}

describe('the document', () => {
  it('is OpenAPI 3.1: required members, and none that 3.1 does not have', () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.deepEqual(Object.keys(document).sort(), ['components', 'info', 'openapi', 'paths', 'security', 'servers']);
    assert.ok(document.info.title && document.info.version && document.info.description);
    const ids = new Set<string>();
    for (const [path, method, operation] of operationsOf(document.paths)) {
      const at = `${method} ${path}`;
      assert.match(path, /^\/api\/v1\//);
      assert.ok(operation.operationId && !ids.has(operation.operationId), `${at} has an operationId of its own`);
      ids.add(operation.operationId);
      assert.ok(operation.summary.length > 5, at);
      const known = [
        'operationId',
        'summary',
        'description',
        'parameters',
        'requestBody',
        'responses',
        'security',
        'tags',
      ];
      assert.deepEqual(
        Object.keys(operation).filter((key) => !known.includes(key)),
        [],
        at,
      );
      checkParameters(path, operation.parameters ?? [], at);
      checkResponses(operation.responses, at);
      if (operation.requestBody) checkContent(operation.requestBody.content, at);
    }
  });

  it('refers only to what is in it, and everything in it is referred to', () => {
    const used = new Set<string>();
    for (const [path, value] of walk(document, '#')) {
      if (value.$ref === undefined) continue;
      assert.match(value.$ref, /^#\/components\/schemas\/\w+$/, path);
      const name = value.$ref.split('/').at(-1);
      assert.ok(document.components.schemas[name], `${path} refers to ${value.$ref}`);
      used.add(name);
    }
    assert.deepEqual([...used].sort(), Object.keys(document.components.schemas).sort());
  });

  it('has schemas that JSON Schema 2020-12 accepts', () => {
    const strict = new Ajv2020({
      strict: true,
      strictRequired: true,
      allowUnionTypes: true,
      formats: { uuid: true, 'date-time': true, byte: true },
    });
    for (const [name, schema] of Object.entries<Document>(document.components.schemas)) {
      assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`);
      assert.doesNotThrow(() => strict.compile(schema), name);
    }
  });

  it('demands a credential as the routes do', () => {
    assert.deepEqual(document.security, [{ apiKey: [] }, { oauth: [] }, { certificate: [] }]);
    const { apiKey, oauth, certificate } = document.components.securitySchemes;
    assert.deepEqual([apiKey.type, apiKey.scheme, certificate.type], ['http', 'bearer', 'mutualTLS']);
    assert.deepEqual(oauth.flows, { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } });
    for (const { url, access } of listRoutes(hub.hub.app))
      if (url.startsWith('/api/v1/')) assert.equal(access, 'apiKey', url);
  });

  it('has every route under /api/v1, and nothing that is no route', () => {
    const described = [...operationsOf(document.paths)]
      .map(([path, method]) => `${method.toUpperCase()} ${path}`)
      .sort();
    const routes = listRoutes(hub.hub.app)
      .filter(({ url, method }) => url.startsWith('/api/v1/') && method !== 'HEAD') // HEAD comes with every GET
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`)
      .sort();
    assert.deepEqual(described, routes);
    assert.ok(described.includes('POST /api/v1/letters') && described.includes('GET /api/v1/letters/{id}'));
  });
});

function checkParameters(path: string, parameters: Document[], at: string): void {
  const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
  assert.deepEqual(
    inPath,
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    at,
  );
  for (const parameter of parameters) {
    assert.ok(['path', 'query', 'header'].includes(parameter.in) && parameter.schema && parameter.description, at);
    if (parameter.in === 'path') assert.equal(parameter.required, true, at);
  }
}

function checkResponses(responses: Document, at: string): void {
  for (const [status, response] of Object.entries<Document>(responses)) {
    assert.match(status, /^([1-5]\d\d|[1-5]XX|default)$/, at);
    assert.ok(response.description.length > 10, `${at} ${status} is described`);
    checkContent(response.content, `${at} ${status}`);
    const isProblem = Object.keys(response.content).includes('application/problem+json');
    assert.equal(isProblem, /^[45]/.test(status), `${at} ${status}`);
  }
  assert.ok(
    Object.keys(responses).some((status) => status.startsWith('2')),
    at,
  );
}

function checkContent(content: Document, at: string): void {
  assert.ok(Object.keys(content).length > 0, at);
  for (const [type, media] of Object.entries<Document>(content)) {
    assert.match(type, /^[a-z]+\/[a-z+-]+$/, at);
    assert.ok(media.schema, `${at} ${type}`);
  }
}

describe('/api', () => {
  it('gives a person a page with every route, and a program the document', async () => {
    const page = await fetch(new URL('/api', hub.url), { headers: { accept: 'text/html', 'accept-language': 'sv' } });
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    const html = await page.text();
    assert.match(html, /^<!doctype html>/i);
    for (const [path, method, { summary }] of operationsOf(document.paths)) {
      assert.ok(html.includes(path) && html.includes(method.toUpperCase()) && html.includes(summary), path);
    }
    assert.match(html, /href="\/api\/openapi.json"/);
    const program = await fetch(new URL('/api', hub.url));
    assert.match(program.headers.get('content-type') ?? '', /^application\/json/);
    assert.deepEqual(await program.json(), document);
  });
});

describe('the document and the routes agree', () => {
  it('every example is accepted by intake and by its own schema', async () => {
    const examples = document.components.schemas.Letter.examples;
    assert.ok(examples.length > 0);
    for (const example of examples) {
      assert.ok(ajv.validate('Letter', example), ajv.errorsText());
      assert.equal((await hub.post(example)).status, 201);
      const form = new FormData();
      form.append('letter', JSON.stringify(example));
      assert.equal((await hub.postForm(form)).status, 201);
    }
  });

  it('every answer follows its schema', async () => {
    const key = { 'idempotency-key': 'api' };
    const accepted = [await hub.post(LETTER, key), await hub.post(LETTER, key)];
    for (const { body } of accepted) assert.ok(ajv.validate('Accepted', body), ajv.errorsText());
    const view = await hub.get(accepted[0]?.body.id);
    assert.ok(ajv.validate('LetterView', view.body), ajv.errorsText());
    assert.deepEqual(
      Object.keys(view.body).filter((name) => !(name in LETTER_VIEW_SCHEMA.properties)),
      [],
    );
    const problems = [
      await hub.post({}),
      await hub.post('{'),
      await hub.post(LETTER, { authorization: '' }),
      await hub.post({ ...LETTER, subject: 'x' }, key),
      await hub.get('x'),
    ];
    for (const { body } of problems) {
      assert.ok(ajv.validate('Problem', body), ajv.errorsText());
      assert.deepEqual(Object.keys(body).sort(), Object.keys(PROBLEM_SCHEMA.properties).sort());
    }
  });

  it('the schema accepts and refuses the same letters as intake, on five hundred generated ones', async () => {
    // Whether a flow has a subject for letters without one is not the schema's to judge.
    await hub.pool.query(`update flow set default_subject = 'Brev från kommunen' where code = $1`, [LETTER.flow]);
    const random = seeded(20_261_123);
    let good = 0;
    for (let n = 0; n < 500; n += 1) {
      // As it comes over the wire: what is undefined is not there.
      const letter = JSON.parse(JSON.stringify(generate(random)));
      const bySchema = ajv.validate('Letter', letter);
      const says = ajv.errorsText();
      const answer: Answer = await hub.post(letter);
      const what = `${JSON.stringify(letter).slice(0, 600)}\n${says}\n${JSON.stringify(answer.body.faults)}`;
      assert.equal(answer.status, bySchema ? 201 : 422, what);
      good += bySchema ? 1 : 0;
    }
    assert.ok(good > 75 && good < 425, `${good} of 500 were good`);
  });
});

type Random = <T>(...choices: readonly T[]) => T;

function seeded(seed: number): Random {
  let state = seed;
  return (...choices) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return choices[Math.floor((state / 2 ** 32) * choices.length)] as (typeof choices)[number];
  };
}

const ODD: readonly unknown[] = [undefined, null, '', ' ', 0, 17, true, false, [], {}, ['x'], { text: 'x' }];

/** A letter that is good but for what is odd in it: missing, null, empty, of another type, too long, unknown. What is not the schema's to judge is good. */
function generate(random: Random): Record<string, unknown> {
  const letter: Record<string, unknown> = {
    ...LETTER,
    body: maybeOdd(
      random,
      { contentType: random('text/plain', 'text/html', null), text: random('Hej', '<p>Hej</p>') },
      ['contentType', 'text', 'html'],
    ),
  };
  if (random(true, false)) letter['attachments'] = generateAttachments(random);
  if (random(true, false)) letter['address'] = generateAddress(random);
  if (random(true, false)) letter['reference'] = random('x', null, 'x'.repeat(255), 'x'.repeat(256), '👍'.repeat(255));
  if (random(true, false)) letter['language'] = random('svSE', 'en', null, 'sv_SE', 'x'.repeat(9));
  if (random(true, false)) letter['protectedIdentity'] = random(true, false, null);
  if (random(true, false)) letter['invoice'] = generateInvoice(random);
  if (random(true, false)) letter['subject'] = random('å'.repeat(255), 'å'.repeat(256), '👍'.repeat(255), '\u00a0x');
  // Nor whether a form exists that a letter says it answers.
  const fields = Object.keys(LETTER_SCHEMA.properties).filter((name) => name !== 'address' && name !== 'inReplyTo');
  return random(true, true, false) ? letter : maybeOdd(random, letter, [...fields, 'adress', 'Subject']);
}

function generateInvoice(random: Random): unknown {
  const good = { dueDate: '2026-12-24', amount: random('1', '1.5', '1234.50'), currency: random('SEK', 'EUR', null) };
  const account = random<object>({ bankgiro: '5050-1055' }, { plusgiro: '4 15 87-7', bankgiro: null }, {});
  const reference = random<object>({}, { ocr: '1 8' }, { message: 'hyra' }, { ocr: '18', message: 'hyra' });
  const names = ['dueDate', 'amount', 'currency', 'bankgiro', 'plusgiro', 'ocr', 'message', 'belopp'];
  return random<unknown>(null, maybeOdd(random, { ...good, ...account, ...reference }, names));
}

function maybeOdd(random: Random, object: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return random(true, true, true, false) ? object : { ...object, [random(...names)]: random(...ODD) };
}

function generateAttachments(random: Random): unknown {
  const attachment = () => {
    const good = {
      ...base64Of(random('a.pdf', 'å.pdf', `${'x'.repeat(196)}.pdf`), PDF),
      contentType: random('application/pdf', null),
    };
    return maybeOdd(random, good, ['filename', 'contentType', 'base64', 'bytes']);
  };
  const several = Array.from({ length: random(0, 1, 2, 20, 21) }, () => base64Of('a.pdf', PDF));
  return random<unknown>(null, [attachment()], [attachment(), attachment()], several);
}

/** An address that is good, or has a fault of shape; whether it can be printed is not the schema's to say. */
function generateAddress(random: Random): unknown {
  const good = { name: 'Åsa', street: 'Storgatan 1', postalCode: '12345', city: 'Staden', country: random(null, 'SE') };
  const odd = random<object>(
    { careOf: 17 },
    { lines: 'x' },
    { lines: [1] },
    { streets: [] },
    { city: {} },
    { careOf: null, lines: null },
    { lines: ['Box 1'] },
  );
  return random<unknown>(null, good, good, { ...good, ...odd }, [], 'Storgatan 1', 17);
}
