import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  AppError,
  appError,
  BASE_ERRORS,
  createLog,
  createPool,
  createWebServer,
  listen,
  listRoutes,
  registerGuard,
  serveAssets,
  systemClock,
} from '../src/index.ts';

const lines: string[] = [];
const log = createLog({ service: 'web', level: 'info', destination: { write: (line) => void lines.push(line) } });
const HTML = { accept: 'text/html,application/xhtml+xml' };

function newServer(): FastifyInstance {
  return createWebServer({
    name: 'test',
    log,
    clock: systemClock,
    bodyBytesMax: 200,
    renderError: ({ status, code, text, nonce }) => `<h1 data-nonce="${nonce}">${status} ${code} ${text}</h1>`,
  });
}

describe('a web server', () => {
  let app: FastifyInstance;
  before(async () => {
    app = newServer();
    app.get('/hello/:id', { config: { access: 'public' } }, async (request) => ({ nonce: request.cspNonce }));
    app.get('/framed', { config: { access: 'public', csp: { frameAncestors: ["'self'"] } } }, async () => 'x');
    app.get('/broken/:id', { config: { access: 'public' } }, async () => {
      throw new Error('the key is 4711');
    });
    app.get('/refused', { config: { access: 'public' } }, async () => {
      throw appError(BASE_ERRORS, 'BASE_CSRF', {
        detail: 'private detail',
        faults: [{ code: 'X_FAULT', path: '/a', text: 'Fel.' }],
      });
    });
    app.get('/database', { config: { access: 'public' } }, async () => {
      const pool = createPool({ connectionString: 'postgres://a:b@127.0.0.1:1/x', applicationName: 'x' });
      return pool.query('select 1');
    });
    const body = {
      type: 'object',
      required: ['to', 'subject'],
      additionalProperties: false,
      properties: { to: { type: 'string', maxLength: 3 }, subject: { type: 'string' } },
    };
    app.post('/letters', { config: { access: 'public' }, schema: { body } }, async (request) => request.body);
    app.post('/form', { config: { access: 'public' } }, async (request) => request.body);
    registerGuard(app, 'apiKey', {
      authenticate: async (request) => {
        if (request.headers.authorization !== 'Bearer good') throw appError(BASE_ERRORS, 'BASE_CSRF');
        return undefined;
      },
    });
    app.get('/api', { config: { access: 'apiKey' } }, async () => ({ ok: true }));
    app.get('/service', { config: { access: 'mtls' } }, async () => ({ ok: true }));
    serveAssets(app, [
      { path: '/assets/abc-a.css', contentType: 'text/css; charset=utf-8', bytes: Buffer.from('a{}') },
    ]);
    await app.ready();
  });
  after(() => app.close());

  it('sends security headers with a nonce that is new each time', async () => {
    const one = await app.inject('/hello/1');
    const two = await app.inject('/hello/1');
    const { nonce } = one.json<{ nonce: string }>();
    assert.notEqual(nonce, two.json<{ nonce: string }>().nonce);
    assert.equal(
      one.headers['content-security-policy'],
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    assert.equal(one.headers['x-content-type-options'], 'nosniff');
    assert.equal(one.headers['referrer-policy'], 'same-origin');
    assert.match(String(one.headers['x-request-id']), /^[0-9a-f-]{36}$/);
    assert.notEqual(one.headers['x-request-id'], two.headers['x-request-id']);
    assert.equal(one.headers['strict-transport-security'], undefined);
  });

  it('lets one route allow what the others do not', async () => {
    const reply = await app.inject('/framed');
    assert.match(String(reply.headers['content-security-policy']), /frame-ancestors 'self'$/);
  });

  it('answers a refusal with problem+json that holds every fault and nothing private', async () => {
    const reply = await app.inject('/refused');
    assert.equal(reply.statusCode, 403);
    assert.equal(reply.headers['content-type'], 'application/problem+json');
    assert.deepEqual(reply.json(), {
      type: 'urn:brevduva:error:BASE_CSRF',
      title: 'Formuläret hör inte till din inloggning. Ladda om sidan och försök igen.',
      status: 403,
      code: 'BASE_CSRF',
      detail: '/a: Fel.',
      faults: [{ code: 'X_FAULT', path: '/a', text: 'Fel.' }],
      requestId: reply.headers['x-request-id'],
    });
  });

  it('shows a person a page, for errors and for addresses that do not exist', async () => {
    const reply = await app.inject({ url: '/refused', headers: HTML });
    assert.equal(reply.statusCode, 403);
    assert.match(String(reply.headers['content-type']), /^text\/html/);
    assert.match(reply.body, /403 BASE_CSRF Formuläret hör inte/);
    const missing = await app.inject({ url: '/nowhere', headers: HTML });
    assert.equal(missing.statusCode, 404);
    assert.match(missing.body, /404 BASE_NOT_FOUND/);
    assert.match(String(missing.headers['content-security-policy']), /^default-src 'none'/);
    assert.equal((await app.inject('/nowhere')).json<{ code: string }>().code, 'BASE_NOT_FOUND');
  });

  it('tells nothing of an unexpected error, and logs it without the address', async () => {
    lines.length = 0;
    const reply = await app.inject('/broken/199001011234');
    assert.equal(reply.statusCode, 500);
    assert.equal(reply.json<{ code: string }>().code, 'BASE_INTERNAL');
    assert.doesNotMatch(reply.body, /4711/);
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const failed = logged.find((line) => line['msg'] === 'request failed');
    assert.equal(failed?.['route'], '/broken/:id');
    assert.equal(failed?.['requestId'], reply.headers['x-request-id']);
    assert.match(JSON.stringify(failed), /the key is 4711/);
    assert.equal(logged.at(-1)?.['status'], 500);
    assert.doesNotMatch(lines.join(''), /199001011234/);
  });

  it('names a database that does not answer', async () => {
    const reply = await app.inject('/database');
    assert.equal(reply.statusCode, 503);
    assert.equal(reply.json<{ code: string }>().code, 'BASE_DATABASE_UNREACHABLE');
    assert.equal(reply.headers['retry-after'], '5');
  });

  it('lists every fault of a body at once, in Swedish', async () => {
    const reply = await app.inject({ method: 'POST', url: '/letters', payload: { to: 'abcd', colour: 'red' } });
    assert.equal(reply.statusCode, 400);
    const problem = reply.json<{ code: string; faults: { path: string }[] }>();
    assert.equal(problem.code, 'BASE_VALIDATION');
    assert.deepEqual(
      problem.faults.toSorted((a, b) => a.path.localeCompare(b.path)),
      [
        { code: 'BASE_FIELD_INVALID', path: '/colour', text: 'Fältet är okänt.' },
        { code: 'BASE_FIELD_INVALID', path: '/subject', text: 'Fältet saknas.' },
        { code: 'BASE_FIELD_INVALID', path: '/to', text: 'Får ha högst 3 tecken.' },
      ],
    );
  });

  it('refuses what it cannot read', async () => {
    const json = { 'content-type': 'application/json' };
    const cases = [
      [{ payload: '{', headers: json }, 400, 'BASE_BODY_MALFORMED'],
      [{ payload: `{"to":"${'a'.repeat(300)}"}`, headers: json }, 413, 'BASE_BODY_TOO_LARGE'],
      [{ payload: '<a/>', headers: { 'content-type': 'application/xml' } }, 415, 'BASE_MEDIA_TYPE'],
    ] as const;
    for (const [request, status, code] of cases) {
      const reply = await app.inject({ method: 'POST', url: '/letters', ...request });
      assert.deepEqual([reply.statusCode, reply.json<{ code: string }>().code], [status, code]);
    }
    const bad = await app.inject('/hello/%zz');
    assert.deepEqual([bad.statusCode, bad.json<{ code: string }>().code], [400, 'BASE_BAD_REQUEST']);
    assert.match(String(bad.headers['content-security-policy']), /^default-src 'none'/);
  });

  it('reads forms', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await app.inject({ method: 'POST', url: '/form', headers, payload: 'a=1&a=2&b=%C3%A5' });
    assert.deepEqual(reply.json(), { a: ['1', '2'], b: 'å' });
  });

  it('asks the guard of the access, and answers machines with problem+json whatever they accept', async () => {
    const refused = await app.inject({ url: '/api', headers: HTML });
    assert.equal(refused.statusCode, 403);
    assert.equal(refused.headers['content-type'], 'application/problem+json');
    const admitted = await app.inject({ url: '/api', headers: { authorization: 'Bearer good' } });
    assert.equal(admitted.statusCode, 200);
    assert.equal(admitted.headers['cache-control'], 'no-store');
    const noCertificate = await app.inject('/service');
    assert.equal(noCertificate.json<{ code: string }>().code, 'BASE_CERTIFICATE_REQUIRED');
  });

  it('serves assets that never change', async () => {
    const reply = await app.inject('/assets/abc-a.css');
    assert.equal(reply.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(reply.headers['content-type'], 'text/css; charset=utf-8');
    assert.equal(reply.body, 'a{}');
  });

  it('lists its routes with their access', () => {
    const routes = listRoutes(app);
    assert.deepEqual(
      routes.filter(({ url }) => url === '/api'),
      [
        { method: 'GET', url: '/api', access: 'apiKey' },
        { method: 'HEAD', url: '/api', access: 'apiKey' },
      ],
    );
    assert.equal(
      routes.every(({ access }) => access !== undefined),
      true,
    );
  });
});

describe('a web server that is put together wrongly', () => {
  it('refuses a route that does not declare its access, also inside a plugin', async () => {
    const app = newServer();
    assert.throws(() => app.get('/open', async () => 'x'), /Route GET \/open does not declare config.access/);
    app.register(async (child) => {
      child.post('/inner', async () => 'x');
    });
    await assert.rejects(async () => app.ready(), /Route POST \/inner does not declare config.access/);
  });

  it('does not start with a route whose access nothing proves', async () => {
    const app = newServer();
    app.get('/secret', { config: { access: 'session' } }, async () => 'x');
    await assert.rejects(async () => app.ready(), /GET \/secret: no guard is registered for access session/);
  });
});

describe('listen', () => {
  it('gives the address, and names a port that is taken', async () => {
    const first = newServer();
    const url = await listen(first, { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(url).port);
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
    const second = newServer();
    await assert.rejects(listen(second, { host: '127.0.0.1', port }), (err: unknown) => {
      assert.ok(err instanceof AppError);
      assert.equal(err.code, 'BASE_PORT_TAKEN');
      assert.match(err.publicText, new RegExp(`^Port ${port} används redan`));
      return true;
    });
    await first.close();
    await second.close();
  });

  it('refuses a line that is not HTTP and stays up', async () => {
    const app = newServer();
    const url = new URL(await listen(app, { host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(url.port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    assert.match(answer, /^HTTP\/1\.1 400/);
    socket.destroy();
    assert.equal((await fetch(new URL('/nowhere', url))).status, 404);
    await app.close();
  });
});
